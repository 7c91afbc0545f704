from functools import cache

import cv2
import numpy as np
import pytest

from packshot.testing.drawing.products import draw_product
from packshot.testing.drawing.scenes import on_white


@cache
def packshot(kind):
    return on_white(*draw_product(kind, 2, 700), 0.9, (760, 760))


def probability(studio, rgb):
    return studio.measure("upscaled", rgb)["upscaled_probability"]


@pytest.mark.parametrize("kind", ["lamp", "shoe"])
@pytest.mark.parametrize("how", [cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4])
def test_enlarged_pictures_are_told_from_the_same_out_of_focus(studio, kind, how):
    whole = packshot(kind)
    small = cv2.resize(whole, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, whole.shape[1::-1], interpolation=how)
    enlarged = probability(studio, studio.jpeg(large, 90))
    assert probability(studio, studio.jpeg(whole, 90)) < 0.5 < enlarged
    assert probability(studio, studio.jpeg(studio.blurred(whole, 2), 90)) < enlarged


def test_a_turned_picture_gives_the_same(studio):
    rgb = studio.scene()
    assert probability(studio, np.ascontiguousarray(np.rot90(rgb))) == pytest.approx(probability(studio, rgb), abs=0.02)


def test_there_is_no_answer_without_texture(studio):
    for rgb in (np.full((300, 300, 3), 200, np.uint8), np.zeros((1, 1, 3), np.uint8), studio.scene()[:50, :50]):
        assert probability(studio, rgb) is None
