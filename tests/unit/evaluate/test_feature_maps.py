import numpy as np
import pytest

from packshot.evaluate.feature_maps import LONG_SIDE, feature_maps, filled, fitted
from packshot.media.header import Header
from packshot.media.picture import Picture
from packshot.models import desk
from packshot.models.lanes import Answer

CHANNELS = {4: 24, 8: 40, 16: 112, 32: 320}


class Trunk:
    """Answers with empty maps of the right shapes."""

    def ask(self, model, inputs):
        assert model == "efficientnet-lite0-maps"
        height, width = inputs.shape[2:]
        return Answer(tuple(np.zeros((1, n, height // s, width // s), np.float32) for s, n in CHANNELS.items()), 1)


@pytest.fixture(autouse=True)
def _trunk():
    desk.use(Trunk())
    yield
    desk.use(None)


@pytest.mark.parametrize(
    ("size", "shown"), [((400, 300), (352, 264)), ((300, 400), (264, 352)), ((1, 1), (352, 352)), ((3, 9000), (1, 352))]
)
def test_the_long_side_fits_and_the_shape_is_kept(size, shown):
    rgb = np.full((*size, 3), 200, np.uint8)
    assert fitted(rgb).shape[:2] == shown
    maps = feature_maps(Picture(Header("png", 1, size[1], size[0]), rgb, None))
    height, width = (-(-side // 32) * 32 for side in shown)
    assert [one.shape for one in maps[:4]] == [(n, height // s, width // s) for s, n in CHANNELS.items()]
    assert maps.height_share == shown[0] / height
    assert maps.width_share == shown[1] / width
    assert LONG_SIDE in (height, width)


def test_what_is_filled_is_the_grey_that_the_model_takes_for_zero():
    image = filled(np.full((40, 64, 3), 255, np.uint8))
    assert image.shape == (1, 3, 64, 64)
    assert image[0, :, :40].tolist() == np.ones((3, 40, 64)).tolist()
    assert not image[0, :, 40:].any()
