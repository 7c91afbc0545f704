import polars as pl
import pytest

from packshot.match.keep import keep_list


def keep(*rows):
    """Two or more pictures of one cluster as rows of columns; gives {asset_id: (keep, reason)}."""
    base = {"width_px": 800, "height_px": 800}
    table = pl.DataFrame([{"asset_id": f"asset-{i}", **base, **row} for i, row in enumerate(rows)])
    members = table.select("asset_id", cluster_id=pl.lit("asset-0"))
    return {row["asset_id"]: (row["keep"], row["reason"]) for row in keep_list(members, table).iter_rows(named=True)}


@pytest.mark.parametrize(
    ("worse", "better", "why", "why_not"),
    [
        (
            {"width_px": 800, "height_px": 800},
            {"width_px": 1600, "height_px": 1600},
            "largest: 1600×1600 px against 800×800 px",
            "smaller: 800×800 px against 1600×1600 px; asset-1 stays",
        ),
        (
            {"effective_resolution_share": 0.4},
            {"effective_resolution_share": 1.0},
            "most detail: the others are enlarged",
            "enlarged, with less detail; asset-1 stays",
        ),
        (
            {"jpeg_quality": 60.0, "format": "jpeg"},
            {"jpeg_quality": 92.0, "format": "jpeg"},
            "least compressed: JPEG quality 92 against JPEG quality 60",
            "more compressed: JPEG quality 60 against JPEG quality 92; asset-1 stays",
        ),
        (
            {"jpeg_quality": 90.0, "format": "jpeg"},
            {"jpeg_quality": None, "format": "png"},
            "least compressed: lossless against JPEG quality 90",
            "more compressed: JPEG quality 90 against lossless; asset-1 stays",
        ),
        (
            {"sharpness": 0.41},
            {"sharpness": 0.73},
            "sharpest: 0.73 against 0.41",
            "softer: 0.41 against 0.73; asset-1 stays",
        ),
        (
            {"verdict": "block", "width_px": 5000},
            {"verdict": "show", "width_px": 500},
            "the only one that customers may see",
            "customers must not see it; asset-1 stays",
        ),
    ],
)
def test_the_better_picture_stays_with_its_reason(worse, better, why, why_not):
    assert keep(worse, better) == {"asset-0": (False, why_not), "asset-1": (True, why)}


def test_equal_pictures_are_settled_by_id():
    found = keep({}, {}, {})
    assert found["asset-0"] == (True, "no better and no worse than the others; the first by id stays")
    assert found["asset-2"] == (False, "no better; asset-0 stays")


def test_size_counts_before_compression():
    found = keep({"jpeg_quality": 95.0, "width_px": 400, "height_px": 400}, {"jpeg_quality": 70.0})
    assert found["asset-1"][0]


def test_unknown_values_do_not_break_the_choice():
    found = keep({"width_px": None}, {"sharpness": float("nan")})
    assert found["asset-1"] == (True, "largest: 800×800 px against unknown px")
