import io

import numpy as np
import pytest
from PIL import Image

from packshot.evaluate.measures.jpeg_quality import JpegQuality
from packshot.media.header import Header
from packshot.media.picture import Picture

PIXELS = np.zeros((16, 16, 3), np.uint8)


def quality(tables):
    return JpegQuality().measure(Picture(Header("jpeg", 1, 16, 16, quant_tables=tables), PIXELS))["jpeg_quality"]


def tables_of(**options):
    data = io.BytesIO()
    Image.fromarray(PIXELS).save(data, "JPEG", **options)
    with Image.open(io.BytesIO(data.getvalue())) as image:
        return tuple(tuple(table) for table in image.quantization.values())


@pytest.mark.parametrize("asked", [1, 10, 30, 50, 75, 85, 90, 95, 100])
def test_finds_the_quality_that_was_asked_for(asked):
    assert quality(tables_of(quality=asked)) == asked


def test_tables_of_another_maker_get_the_nearest_quality():
    coarser = tuple(tuple(round(step * 1.3) for step in table) for table in tables_of(quality=75))
    assert 60 <= quality(coarser) < 75


def test_grey_jpeg_has_one_table():
    assert quality(tables_of(quality=80)[:1]) == 80


@pytest.mark.parametrize("tables", [(), ((1, 2, 3),)])
def test_nothing_to_tell_from(tables):
    assert quality(tables) is None
