import numpy as np
import pytest

from overlaid.bases import smaller, texture, varied
from overlaid.patch import Patch, against, lay, luma, resized, turned


def patch(wide, high):
    rgb = np.full((high, wide, 3), 200, np.uint8)
    return Patch(rgb, np.ones((high, wide), np.float32), np.ones((high, wide), bool))


def canvas():
    return np.full((40, 60, 3), 100, np.uint8), np.zeros((40, 60), np.uint8)


def test_a_patch_changes_what_it_covers_and_marks_it():
    rgb, mask = canvas()
    assert lay(rgb, mask, patch(10, 5), (20, 30), 0.5)
    assert (mask > 0).sum() == 50
    assert (rgb[mask > 0] == 150).all()
    assert (rgb[mask == 0] == 100).all()


@pytest.mark.parametrize(("at", "marked"), [((-5, -3), 5 * 2), ((55, 38), 5 * 2), ((60, 0), 0), ((-10, 0), 0)])
def test_what_runs_over_the_edge_is_cut(at, marked):
    rgb, mask = canvas()
    assert lay(rgb, mask, patch(10, 5), at) is bool(marked)
    assert (mask > 0).sum() == marked


def test_a_turned_patch_has_room_for_its_corners():
    upright = turned(patch(30, 10), 90)
    assert upright.size == pytest.approx((10, 30), abs=1)
    slanted = turned(patch(30, 10), 45)
    assert slanted.size == pytest.approx((28, 28), abs=2)
    assert slanted.area.sum() == pytest.approx(300, rel=0.1)
    assert resized(slanted, (14, 14)).size == (14, 14)


def test_letters_can_be_read_on_their_ground():
    rng = np.random.default_rng(0)
    for ground in ((0, 0, 0), (255, 255, 255), (128, 128, 128), (200, 30, 40)):
        assert abs(luma(against(rng, ground)) - luma(ground)) > 85


def test_pictures_are_changed_and_never_in_place():
    rng = np.random.default_rng(1)
    rgb = rng.integers(0, 256, (500, 300, 3)).astype(np.uint8)
    kept = rgb.copy()
    for _ in range(20):
        assert max(varied(rng, rgb).shape[:2]) >= 240
    assert (rgb == kept).all()
    assert smaller(rgb, 100).shape == (100, 60, 3)
    assert texture(rng, (70, 50)).shape == (50, 70, 3)
