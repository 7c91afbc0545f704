import numpy as np
import pytest

from packshot.evaluate.planes import planes


@pytest.mark.parametrize(("by", "less"), [(127.5, 1), (128, 127 / 128)])
@pytest.mark.parametrize("blue_first", [False, True])
def test_planes_are_the_levels_as_arithmetic_on_pixels_gives_them(by, less, blue_first):
    rgb = np.random.default_rng(1).integers(0, 256, (5, 7, 3)).astype(np.uint8)
    kept = rgb[:, :, ::-1] if blue_first else rgb
    wanted = kept.transpose(2, 0, 1).astype(np.float32)[None] / np.float32(by) - np.float32(less)
    found = planes(rgb, by, less, blue_first=blue_first)
    assert found.dtype == np.float32
    assert found.shape == (1, 3, 5, 7)
    assert (found == wanted).all()
