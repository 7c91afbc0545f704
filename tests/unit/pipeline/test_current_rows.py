import polars as pl

from packshot.evaluate import suite
from packshot.pipeline import current_rows
from packshot.pipeline.current_rows import assessable


def test_what_was_compared_is_judged_where_nothing_can_read_the_words_any_more(monkeypatch):
    without = {name: one for name, one in suite.known_measures().items() if name != "text"}
    monkeypatch.setattr(current_rows, "all_measures", lambda: without)
    assert "words_agreement" not in assessable(pl.DataFrame({"measured:words_agreement": [None, False]}))
    assert "words_agreement" in assessable(pl.DataFrame({"measured:words_agreement": [None, True]}))
    assert "colour_agreement" in assessable(pl.DataFrame())
