import numpy as np
import polars as pl
import pytest

from packshot.choose.main_weights import main_weights
from packshot.choose.quality import MAIN, SECONDARY, TERMS, quality, strengths_in_words
from packshot.choose.terms import COLUMNS, LEARNED

GOOD = {
    "background_white_share": 1.0,
    "product_fill_share": 0.85,
    "product_centering": 1.0,
    "product_confidence": 1.0,
    "cut_off_edges": [],
    "sharpness": 1.0,
    "width_px": 2000,
    "height_px": 2000,
    "effective_resolution_share": 1.0,
    "brightness": 0.6,
    "clipped_light_share": 0.0,
    "noise_sigma": 1.0,
    "jpeg_quality": 92.0,
    "information": 1.0,
    "border_px": 0,
}


def scores(**changes):
    frame = pl.DataFrame([GOOD | changes], schema_overrides={"cut_off_edges": pl.List(pl.String)})
    found = quality(frame)
    return found.main[0], found.secondary[0]


def test_a_flawless_picture_scores_one_and_an_unknown_one_a_half():
    assert scores() == (pytest.approx(1.0), pytest.approx(1.0))
    found = quality(pl.DataFrame({"listing_id": ["a", "b"]}))
    assert found.main.tolist() == found.secondary.tolist() == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    "fault",
    [
        {"product_fill_share": 0.3},
        {"product_centering": 0.2},
        {"cut_off_edges": ["left"]},
        {"sharpness": 0.2},
        {"width_px": 500, "height_px": 500},
        {"effective_resolution_share": 0.25},
        {"brightness": 0.04},
        {"product_brightness": 0.04},
        {"clipped_light_share": 0.6},
        {"noise_sigma": 14.0},
        {"jpeg_quality": 25.0},
        {"information": 0.1},
        {"border_px": 12},
    ],
)
def test_each_fault_costs_something_in_both_slots(fault):
    main, secondary = scores(**fault)
    assert main < 0.998
    assert secondary < 0.995


def test_a_background_that_is_not_white_counts_as_main_only():
    main, secondary = scores(background_white_share=0.0)
    assert main < 0.99
    assert secondary == pytest.approx(1.0)


def test_enlarging_adds_nothing():
    small = scores(width_px=500, height_px=500)
    enlarged = scores(width_px=2000, height_px=2000, effective_resolution_share=0.25)
    assert small == pytest.approx(enlarged)


def test_an_outline_that_is_not_trusted_says_nothing():
    doubtful = scores(product_fill_share=0.3, product_confidence=0.0)
    other = scores(product_fill_share=0.85, product_confidence=0.0)
    assert doubtful == pytest.approx(other)


@pytest.mark.parametrize("fill", [0.6, 0.7, 0.95, 1.0])
def test_the_best_fill_is_between_tight_and_lost(fill):
    assert scores(product_fill_share=fill)[0] < scores(product_fill_share=0.85)[0]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"view_fit": 0.9}, {"view_fit": 0.2}),
        ({"shot_fit": 0.95}, {"shot_fit": 0.1}),
        ({"face_confidence": 0.9}, {"face_confidence": 0.5}),
        ({"overlay_probability": 0.1}, {"overlay_probability": 0.9}),
        ({"watermark_probability": 0.1}, {"watermark_probability": 0.9}),
        ({"collage_probability": 0.1}, {"collage_probability": 0.9}),
        ({"halo_share": 0.0}, {"halo_share": 0.4}),
        ({"technical_quality": 0.8}, {"technical_quality": 0.3}),
        (
            {"orientation_degrees": 0, "orientation_confidence": 0.9},
            {"orientation_degrees": 90, "orientation_confidence": 0.9},
        ),
    ],
)
def test_what_models_say_counts_in_the_main_picture_alone(better, worse):
    assert scores(**better)[0] > scores(**worse)[0]
    assert scores(**better)[1] == scores(**worse)[1]


@pytest.mark.parametrize("column", LEARNED.values())
def test_where_a_model_did_not_look_the_rest_says_it_all(column):
    assert scores(**{column: None}, sharpness=0.5)[0] == scores(sharpness=0.5)[0]


def test_the_learnt_weights_are_shares_and_none_is_negative():
    judged = {"technical", "unlettered", "unmarked", "single", "clean_edges", "upright"}
    assert sum(one for name, one in MAIN.items() if name not in judged) == pytest.approx(1.0, abs=0.002)
    assert sum(SECONDARY.values()) == pytest.approx(1.0)
    assert min(*MAIN.values(), *SECONDARY.values()) >= 0
    assert set(main_weights()) == set(TERMS)


def test_better_in_one_term_and_worse_in_none_never_loses():
    random = np.random.default_rng(0)
    for column in ("background_white_share", "sharpness", "information", "product_centering"):
        value = float(random.uniform(0, 0.9))
        assert scores(**{column: value + 0.1})[0] >= scores(**{column: value})[0]


def test_scores_stay_between_zero_and_one_whatever_is_given():
    wild = [float("nan"), float("inf"), float("-inf"), -5.0, 1e12, None]
    frame = pl.DataFrame({name: wild for name, kind in COLUMNS.items() if kind == pl.Float64})
    found = quality(frame)
    assert found.main.min() >= 0
    assert found.main.max() <= 1


def test_strengths_are_told_with_their_numbers():
    frame = pl.DataFrame([{"background_white_share": 0.994, "sharpness": 0.71, "product_fill_share": 0.2}])
    found = quality(frame)
    words = strengths_in_words(frame, found.main_strengths)
    assert words.to_list() == ["99% of the background white, sharpness 0.71"]


def test_what_speaks_against_a_picture_is_no_strength():
    frame = pl.DataFrame([{"background_white_share": 0.1, "sharpness": 0.2, "noise_sigma": 30.0}])
    found = quality(frame)
    assert strengths_in_words(frame, found.main_strengths).to_list() == [""]
