import cv2
import numpy as np
import pdqhash
import pytest

from packshot.evaluate.area_means import area_means
from packshot.evaluate.measures.pdq import GRID, RUNG


def bits(found):
    return np.unpackbits(np.frombuffer(found["pdq"], np.uint8))


@pytest.mark.parametrize("size", [(800, 1000), (300, 200), (64, 64), (129, 400), (97, 63), (1580, 1273)])
def test_from_64_pixels_on_the_bits_are_the_librarys(studio, size):
    picture = studio.picture(cv2.resize(studio.scene(), size[::-1], interpolation=cv2.INTER_AREA))
    samples = np.rint(area_means(picture.luma_rung(RUNG), (GRID, GRID), size)).astype(np.uint8)
    expected, quality = pdqhash.compute(np.dstack([samples] * 3))
    found = studio.measure("pdq", picture.rgb)
    assert np.count_nonzero(bits(found) != expected) <= 4
    assert abs(found["pdq_quality"] - quality) <= 1


@pytest.mark.parametrize("size", [(800, 1000), (300, 200), (1580, 1273)])
def test_the_whole_hash_is_near_the_librarys(studio, size):
    picture = studio.picture(cv2.resize(studio.scene(), size[::-1], interpolation=cv2.INTER_AREA))
    expected, _ = pdqhash.compute(np.ascontiguousarray(picture.rung(RUNG)))
    assert np.count_nonzero(bits(studio.measure("pdq", picture.rgb)) != expected) <= 40


def test_resized_and_saved_again_is_near_and_another_picture_is_far(studio):
    rgb = studio.scene()
    own = bits(studio.measure("pdq", rgb))
    half = cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert np.count_nonzero(own != bits(studio.measure("pdq", studio.jpeg(half, 70)))) <= 12
    assert np.count_nonzero(own != bits(studio.measure("pdq", studio.product()))) > 80


def test_quality_of_nothing_is_nothing(studio):
    assert studio.measure("pdq", np.full((200, 200, 3), 90, np.uint8))["pdq_quality"] == 0
    assert studio.measure("pdq", np.zeros((4, 300, 3), np.uint8)) == {"pdq": None, "pdq_quality": 0}
