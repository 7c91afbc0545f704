import polars as pl
import pytest

from packshot.choose.quality import COLUMNS, MAIN, SECONDARY, TERMS, quality, strengths_in_words

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
    assert main < 0.99
    assert secondary < 0.995


def test_a_background_that_is_not_white_counts_as_main_only():
    assert scores(background_white_share=0.0) == (pytest.approx(0.78), pytest.approx(1.0))


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


def test_what_editors_put_first_wins_over_small_things_and_not_over_large_ones():
    known = scores(main_fit=0.9)[0]
    assert known > scores(main_fit=0.4)[0]
    assert known == pytest.approx((1 + MAIN.editors * 0.9) / (1 + MAIN.editors))
    assert scores(main_fit=0.8, sharpness=0.6)[0] > scores(main_fit=0.4)[0]
    assert scores(main_fit=0.6, sharpness=0.2, background_white_share=0.2)[0] < scores(main_fit=0.4)[0]
    assert scores(main_fit=0.9)[1] == scores(main_fit=0.1)[1]


def test_where_it_is_not_known_the_rest_says_it_all():
    assert scores(main_fit=None, sharpness=0.5)[0] == scores(sharpness=0.5)[0]


def test_weights_are_shares():
    for weights in (MAIN, SECONDARY):
        each = [getattr(weights, name) for name in TERMS]
        assert sum(each) == pytest.approx(1.0 + weights.editors)
        assert min(each) >= 0


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
