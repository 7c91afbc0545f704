"""What the heads of shots and the main ranker learn from is drawn the same each time and is what it is called."""

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="the fonts of the group bench are not installed")
from main_pictures import WORSE, made_of
from shot_pictures import DRAWN, random_of


@pytest.fixture(scope="module")
def photo():
    rgb = np.full((300, 240, 3), 255, np.uint8)
    rgb[60:240, 50:190] = np.random.default_rng(3).integers(0, 200, (180, 140, 3), dtype=np.uint8)
    return rgb


@pytest.mark.parametrize("kind", DRAWN)
def test_a_drawn_shot_is_the_same_each_time_and_another_for_another_name(photo, kind):
    try:
        first, again, other = (DRAWN[kind](random_of(name), photo) for name in ("a", "a", "b"))
    except FileNotFoundError as error:
        pytest.skip(str(error))
    assert first.shot_type == kind
    assert np.array_equal(first.rgb, again.rgb)
    assert first.rgb.shape != other.rgb.shape or not np.array_equal(first.rgb, other.rgb)
    assert first.rgb.dtype == np.uint8
    assert min(first.rgb.shape[:2]) >= 8


def test_a_detail_is_of_the_product_and_not_of_the_white_around_it(photo):
    for number in range(8):
        made = DRAWN["detail"](random_of(f"{number}"), photo).rgb
        assert (made.min(axis=2) < 235).mean() > 0.5


@pytest.mark.parametrize("made", WORSE)
def test_a_worse_picture_is_another_one_and_the_same_each_time(photo, made):
    first, again = (made_of(photo, made, "a") for _ in range(2))
    assert np.array_equal(first, again)
    assert first.shape != photo.shape or not np.array_equal(first, photo)
    assert min(first.shape[:2]) >= 8
