from itertools import pairwise

import cv2
import numpy as np
import pytest

from degradations import KINDS, spoil


@pytest.fixture(scope="module")
def photograph():
    rng = np.random.default_rng(5)
    coarse = cv2.resize(rng.integers(40, 216, (12, 16, 3), np.uint8), (160, 120), interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(rng.normal(0, 30, (120, 160, 1)).astype(np.float32), (0, 0), 0.7)[..., None]
    return np.clip(coarse + fine, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("kind", KINDS)
def test_stronger_is_further_from_the_original(photograph, kind):
    levels = [spoil(photograph, kind, strength, 7) for strength in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert all(level.shape == photograph.shape and level.dtype == np.uint8 for level in levels)
    off = [np.sqrt(np.mean((level.astype(float) - photograph) ** 2)) for level in levels]
    assert all(after > before for before, after in pairwise(off)), off
    assert off[0] < 14, off
    assert off[-1] > 8, off


@pytest.mark.parametrize("kind", KINDS)
def test_one_seed_is_one_way(photograph, kind):
    assert (spoil(photograph, kind, 0.5, 3) == spoil(photograph, kind, 0.5, 3)).all()


def test_another_seed_is_another_way(photograph):
    for kind in ("motion blur", "sensor noise", "coloured noise", "double jpeg", "over-sharpened", "colour cast"):
        assert (spoil(photograph, kind, 0.5, 3) != spoil(photograph, kind, 0.5, 4)).any(), kind


def test_tiny_pictures_are_spoiled_too():
    for kind in KINDS:
        assert spoil(np.full((1, 5, 3), 90, np.uint8), kind, 0.9, 1).shape == (1, 5, 3), kind
