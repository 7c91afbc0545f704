import polars as pl
import pytest

from packshot.choose.catalogue import choose
from packshot.core.shot import Shot
from packshot.policies.policy import GalleryRules

RULES = GalleryRules(max_pictures=9, wanted_pictures=1, wanted_shots=(Shot.FRONT, Shot.BACK, Shot.DETAIL))


def missing(*views, verdicts=(), rules=RULES):
    rows = [
        {
            "listing_id": "L1",
            "placement_id": f"p{number}",
            "asset_id": f"a{number}",
            "source_uri": f"{number}.jpg",
            "role": "secondary",
            "position": number,
            "verdict_as_main": dict(verdicts).get(number, "show"),
            "verdict_as_secondary": dict(verdicts).get(number, "show"),
            "shot_type": "packshot",
            "shot_type_confidence": 0.9,
            "view": view,
            "view_confidence": 0.7,
        }
        for number, view in enumerate(views)
    ]
    strings = {"view": pl.String}
    found = choose(pl.DataFrame(rows, schema_overrides=strings), rules).filter(pl.col("slot") == "missing")
    return dict(found.select("role", "reason").iter_rows())


def test_a_listing_lacks_the_views_that_no_picture_shows():
    assert missing("front", "side") == {
        "back": "the channel wants a back view; no picture is one",
        "detail": "the channel wants a detail; no picture is one",
    }


def test_nothing_is_missing_where_all_are_there():
    assert missing("front", "back", "detail") == {}


def test_where_a_picture_tells_nothing_it_may_be_the_one():
    assert missing("front", "back", None) == {
        "detail": "the channel wants a detail; no picture is told to be one, and of 1 of the 3 it cannot be told"
    }


def test_a_picture_that_may_not_be_shown_is_named():
    found = missing("front", "back", "detail", verdicts=((1, "block"),))
    assert found == {"back": "the channel wants a back view; 1.jpg is one, but customers must not see it"}


def test_where_no_view_is_told_none_is_missing():
    assert missing(None, None) == {}


@pytest.mark.parametrize("column", ["view", "view_confidence", "shot_type"])
def test_where_it_was_not_measured_none_is_missing(column):
    frame = pl.DataFrame({"listing_id": ["L"], "placement_id": ["p"], "asset_id": ["a"], "source_uri": ["a.jpg"]})
    frame = frame.with_columns(
        role=pl.lit("main"),
        position=pl.lit(0),
        verdict_as_main=pl.lit("show"),
        verdict_as_secondary=pl.lit("show"),
        **{name: pl.lit("front" if "conf" not in name else None) for name in ("view", "shot_type") if name != column},
    )
    assert choose(frame, RULES).filter(pl.col("slot") == "missing").is_empty()


def test_a_channel_that_wants_no_shots_gets_no_such_rows():
    assert missing("front", rules=GalleryRules(wanted_pictures=1)) == {}
