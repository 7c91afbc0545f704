import cv2
import numpy as np
import pytest

from degradations import KINDS, spoil
from seen_quality import seen_quality


@pytest.fixture(scope="module")
def photograph():
    rng = np.random.default_rng(2)
    coarse = cv2.resize(rng.integers(30, 226, (15, 20, 3), np.uint8), (320, 240), interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(rng.normal(0, 30, (240, 320, 1)).astype(np.float32), (0, 0), 0.7)[..., None]
    return np.clip(coarse + fine, 0, 255).astype(np.uint8)


def test_what_is_not_spoiled_is_seen_whole(photograph):
    assert seen_quality(photograph, photograph) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_less_is_seen_of_what_is_spoiled_more(photograph, kind):
    little, much = (seen_quality(photograph, spoil(photograph, kind, strength, 3)) for strength in (0.2, 0.9))
    assert much < little < 1
    assert much < 0.85


def test_a_smaller_copy_is_seen_as_large_as_the_picture(photograph):
    half = cv2.resize(photograph, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert 0.1 < seen_quality(photograph, half) < 0.9
