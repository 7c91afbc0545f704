import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from packshot.core.errors import UnknownName
from packshot.testing.drawing import FORMATS, draw_product, encode, framed, on_white
from packshot.testing.drawing.scenes import Framing


@pytest.fixture(scope="module")
def product():
    return draw_product("teapot", 2, 160, colour="green")


@pytest.fixture(scope="module")
def picture(product):
    return on_white(*product, 0.88, (180, 120))


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_shows_the_picture(picture, format_):
    with Image.open(io.BytesIO(encode(picture, format_, 90))) as image:
        assert image.format == format_.upper()
        assert image.size == (180, 120)
        shown = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(shown - picture).mean() < 4


def test_a_lower_quality_gives_a_smaller_file(picture):
    assert len(encode(picture, "jpeg", 8)) < len(encode(picture, "jpeg", 90)) / 2


def test_alpha_is_kept_where_the_format_can(product):
    rgb, alpha = framed(*product, Framing((120, 120), 0.8))
    with Image.open(io.BytesIO(encode(rgb, "png", alpha=alpha))) as image:
        assert image.mode == "RGBA"
        assert np.array_equal(np.asarray(image)[..., 3], alpha)
    with pytest.raises(ValueError, match="cannot keep this alpha"):
        encode(rgb, "jpeg", alpha=alpha)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_an_oriented_file_is_displayed_as_drawn(picture, orientation):
    with Image.open(io.BytesIO(encode(picture, "png", orientation=orientation))) as image:
        assert image.size == ((180, 120) if orientation in {1, 3} else (120, 180))
        assert np.array_equal(np.asarray(ImageOps.exif_transpose(image)), picture)


@pytest.mark.parametrize("asked", [{"format": "jpg2000"}, {"orientation": 5}])
def test_unknown_words_are_refused(picture, asked):
    with pytest.raises(UnknownName):
        encode(picture, **asked)
