from datetime import UTC, datetime

import polars as pl
import pytest

from packshot.present.report import write_report
from packshot.present.report_changes import Changes

SEVEN = ("listing_id", "source_uri", "role", "change", "before", "after", "why", "asset_before", "asset_after")


@pytest.fixture
def changes():
    flip = ("L0", "a/<b>.jpg", "main", "worse", "show", "fix", ["the picture was replaced"], f"{3:064x}", f"{0:064x}")
    frame = pl.DataFrame([flip], schema=SEVEN, orient="row")
    counts = {"verdict": {"worse": 7}, "picture": {"replaced": 1}}
    since = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
    rules = [{"rule": "blurry", "began": 7, "ceased": 0, "after": 9}]
    return Changes(since, counts, frame, frame.clear(), [("the picture was replaced", 1)], rules)


def test_the_page_shows_both_pictures_and_the_reason(make_data, changes, tmp_path):
    write_report(make_data(changes=changes), tmp_path / "out")
    page = (tmp_path / "out/changes.html").read_text(encoding="utf-8")
    for text in ("the picture was replaced", "2026-11-01 02:00", f"{3:064x}.jpg", f"{0:064x}.jpg", "a/&lt;b&gt;.jpg"):
        assert text in page
    assert "The gravest 1 of 7" in page
    overview = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert 'href="changes.html"' in overview
    assert "Verdicts worse <b>7</b>" in overview


def test_without_an_earlier_run_there_is_no_page_and_no_link(make_data, tmp_path):
    write_report(make_data(), tmp_path / "out")
    assert not (tmp_path / "out/changes.html").exists()
    assert "changes.html" not in (tmp_path / "out/index.html").read_text(encoding="utf-8")


def test_nothing_changed_is_said(make_data, changes, tmp_path):
    none = Changes(changes.since, {}, changes.flips.clear(), changes.mains)
    write_report(make_data(changes=none), tmp_path / "out")
    assert "Nothing changed: the same listings" in (tmp_path / "out/changes.html").read_text(encoding="utf-8")
