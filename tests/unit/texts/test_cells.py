import polars as pl
import pytest

from packshot.app.export import _harmless
from packshot.texts.cells import guarded, unguarded

RUN = ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(1)", "\tx", "\rx", "'=1", "''-1"]
PLAIN = ["", "'", "it's", "'quoted'", "a=b", "ü", "'x=1"]


@pytest.mark.parametrize("text", RUN + PLAIN)
def test_no_cell_runs_and_every_cell_is_read_back(text):
    cell = guarded(text)
    assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert unguarded(cell) == text
    assert (cell == text) == (text in PLAIN)
    assert _harmless(pl.DataFrame({"a": [text], "n": [1]})).rows() == [(cell, 1)]
