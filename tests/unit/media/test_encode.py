from __future__ import annotations

import numpy as np

from packshot.media.decode import decode
from packshot.media.encode import encode_thumbnail


def test_thumbnail_has_the_asked_size_and_looks_alike(scene, save):
    large = np.kron(scene, np.ones((6, 6, 1), np.uint8))
    thumbnail = decode(encode_thumbnail(decode(save(large, "PNG")), long_side=128, quality=95))
    assert (thumbnail.width, thumbnail.height) == (128, 96)
    assert np.abs(thumbnail.rgb.astype(int) - scene).mean() <= 2.0


def test_thumbnail_is_never_enlarged(scene, save):
    thumbnail = decode(encode_thumbnail(decode(save(scene, "PNG"))))
    assert (thumbnail.width, thumbnail.height) == (128, 96)


def test_thumbnail_of_a_line(save):
    thumbnail = decode(encode_thumbnail(decode(save(np.zeros((1, 3000, 3), np.uint8), "PNG"))))
    assert (thumbnail.width, thumbnail.height) == (320, 1)
