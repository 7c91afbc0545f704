import numpy as np
import pytest

from orientation_models import SIDE, Solid, drawn
from orientation_packs import pack
from orientation_pictures import SIDE as LEARNED
from orientation_pictures import cropped


@pytest.fixture
def random():
    return np.random.default_rng(4)


def _pyramid():
    corners = np.array([(0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1), (0.5, 1, 0.5)], float)
    faces = [[0, 1, 2, 3], [0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]]
    return Solid("pyramid", corners, faces, np.full((5, 3), 200.0))


def test_a_model_stands_on_its_broad_side(random):
    for _ in range(5):
        alpha = drawn(_pyramid(), random)[..., 3] > 0
        rows = np.flatnonzero(alpha.any(axis=1))
        widths = alpha.sum(axis=1)[rows]
        assert widths[: len(widths) // 4].mean() < widths[-len(widths) // 3 :].mean()
        assert alpha.shape == (SIDE, SIDE)


def test_a_pack_has_print_on_it_and_clear_ground_around_it(random):
    for _ in range(6):
        made = pack(random)
        inside = made[..., 3] > 0
        assert 0.05 < inside.mean() < 0.95
        assert made[inside][:, :3].std() > 3


def test_crops_are_square_and_an_upright_picture_stays_upright(random):
    rgb = np.zeros((300, 200, 3), np.uint8)
    rgb[:150] = 255
    for _ in range(20):
        crop = cropped(rgb, random, mirrored=0.5)
        assert crop.shape == (LEARNED, LEARNED, 3)
        assert crop[: LEARNED // 8].mean() >= crop[-LEARNED // 8 :].mean()
