import numpy as np
import pytest

from packshot.evaluate.feature_maps import feature_maps
from packshot.evaluate.laid_over import CELL, FINE, inside_of, laid_over, raised
from packshot.media.header import Header
from packshot.media.picture import Picture
from packshot.models import desk
from packshot.models.lanes import Answer

CHANNELS = {4: 24, 8: 40, 16: 112, 32: 320}


class Models:
    """Answers for the trunk with empty maps, and for the own model with what luma rises where."""

    def __init__(self):
        self.given = None

    def ask(self, model, inputs):
        if model == "efficientnet-lite0-maps":
            height, width = inputs.shape[2:]
            maps = tuple(np.zeros((1, n, height // s, width // s), np.float32) for s, n in CHANNELS.items())
            return Answer(maps, 1)
        assert model == "own/laid_over"
        self.given = inputs
        rows, columns = inputs["inside"].shape[2:]
        heat = np.full((1, 2, rows, columns), -3, np.float32)
        heat[0, 0, 0, 0] = 3
        return Answer((heat, np.array([[2.0, -2.0]], np.float32)), 1)


@pytest.fixture(autouse=True)
def models():
    models = Models()
    desk.use(models)
    yield models
    desk.use(None)


def picture(rgb):
    return Picture(Header("png", 1, rgb.shape[1], rgb.shape[0]), np.ascontiguousarray(rgb, np.uint8), None)


@pytest.mark.parametrize("size", [(400, 300), (300, 400), (1200, 1000), (40, 200), (33, 33)])
def test_every_input_is_of_one_grid(models, size):
    found = laid_over(picture(np.full((*size, 3), 90)))
    rows, columns = models.given["stride_8"].shape[2:]
    assert models.given["fine"].shape == (1, 1, rows * FINE, columns * FINE)
    assert models.given["fine"].dtype == np.int8
    assert models.given["inside"].shape == (1, 1, rows, columns)
    assert found.overlay_heat.shape[0] * CELL >= round(352 * size[0] / max(size)) - 1
    assert 0 < found.height_share <= 1
    assert 0 < found.width_share <= 1
    assert (found.overlay, found.watermark) == pytest.approx((0.8808, 0.1192), abs=1e-3)


@pytest.mark.parametrize("size", [(1, 1), (1, 20000), (31, 31), (100, 900)])
def test_pictures_that_hold_nothing_readable_are_not_asked_about(models, size):
    assert laid_over(picture(np.full((*size, 3), 90))) is None
    assert models.given is None


def test_even_pictures_do_not_rise_and_strokes_do():
    even = picture(np.full((704, 704, 3), 130))
    assert not raised(even, feature_maps(even)).any()
    rgb = np.full((704, 704, 3), 130)
    rgb[100:103, 50:600] = 140
    struck = picture(rgb)
    rises = raised(struck, feature_maps(struck))[0]
    assert rises[101, 300] == pytest.approx(3 * 10 * (1 - 3 / 9), abs=1)
    assert rises[97, 300] < 0
    assert not rises[300:].any()


def test_filling_lies_outside(models):
    rgb = np.full((352, 250, 3), 20)
    maps = feature_maps(picture(rgb))
    inside = inside_of(maps)
    assert inside.shape == (1, 44, 32)
    assert inside.sum() == 44 * 32
    assert not raised(picture(rgb), maps).any(), "no edge where filling begins"
    laid_over(picture(np.full((352, 230, 3), 20)))
    assert models.given["inside"][0, 0, :, -3:].sum() == 0
