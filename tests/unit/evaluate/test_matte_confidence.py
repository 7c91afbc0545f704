import cv2
import numpy as np
import pytest

from packshot.evaluate.matte_confidence import matte_confidence


def disc(radius=35, blur=1.0, at=(70, 64)):
    mask = cv2.circle(np.zeros((128, 140), np.float32), at, radius, 1.0, -1)
    return cv2.GaussianBlur(mask, (0, 0), blur)


def test_a_crisp_compact_thing_is_trusted():
    assert matte_confidence(disc()) > 0.9


def test_doubts_lower_it():
    sure = matte_confidence(disc())
    assert matte_confidence(disc(blur=9)) < sure
    assert matte_confidence(0.6 * disc()) < sure
    assert matte_confidence(np.maximum(disc(20, at=(30, 64)), disc(20, at=(105, 64)))) < sure
    assert matte_confidence(disc(at=(5, 64))) < sure


@pytest.mark.parametrize("level", [0.0, 0.4, 1.0])
def test_an_even_answer_is_no_answer(level):
    assert 0 <= matte_confidence(np.full((40, 50), level, np.float32)) < 0.5
