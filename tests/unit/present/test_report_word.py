from datetime import UTC, datetime

import polars as pl
import pytest

from packshot.present.report import write_report
from packshot.present.report_data import WORDS


@pytest.fixture
def words():
    def say(**changes):
        return dict.fromkeys(WORDS) | {"at": datetime(2026, 11, 22, 9, 30, tzinfo=UTC), "state": "counts"} | changes

    one, other = f"{0:064x}", f"{1:064x}"
    place = {"placement_id": "p0", "asset_id": one, "listing_id": "L0", "question": "props", "author": "anna <b>"}
    rows = [
        say(seq=1, **place, answer="pass", because="no <i>props</i>"),
        say(seq=2, question="same_picture", answer="same", author="Bo", asset_id=one, other_asset_id=other),
        say(seq=3, **place | {"question": "blurry"}, answer="fail", state="picture replaced"),
        say(seq=4, **place | {"question": "house/few"}, answer="fail", state="from the next run"),
    ]
    return pl.DataFrame(rows, schema=WORDS)


def test_the_page_tells_who_said_what_of_which_picture(make_data, words, tmp_path):
    write_report(make_data(words=words), tmp_path / "out")
    page = (tmp_path / "out/word.html").read_text(encoding="utf-8")
    told = ("anna &lt;b&gt;", "no &lt;i&gt;props", "2026-11-22 09:30", f"{1:064x}.jpg", "Are there props")
    for text in (*told, "another picture stands there now", "Counts from the next run", "Show four pictures."):
        assert text in page
    galleries = (tmp_path / "out/galleries/index.html").read_text(encoding="utf-8")
    assert "so says anna &lt;b&gt;" in galleries
    assert galleries.count("so says") == 1, "only what counts"
    assert "Same, says Bo" in (tmp_path / "out/matches/index.html").read_text(encoding="utf-8").replace(
        "same, s", "Same, s"
    )
    assert 'href="word.html"' in (tmp_path / "out/index.html").read_text(encoding="utf-8")


def test_where_nobody_spoke_there_is_no_page(make_data, words, tmp_path):
    write_report(make_data(words=words), tmp_path / "out")
    write_report(make_data(), tmp_path / "out")
    assert not (tmp_path / "out/word.html").exists()
    assert "word.html" not in (tmp_path / "out/index.html").read_text(encoding="utf-8")
