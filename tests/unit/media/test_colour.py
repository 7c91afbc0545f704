from __future__ import annotations

import numpy as np

from packshot.media.colour import on_white, to_srgb


def test_compositing_is_exact_for_every_level_and_every_alpha():
    level, alpha = np.meshgrid(np.arange(256), np.arange(256))
    exact = (2 * (level * alpha + 255 * (255 - alpha)) + 255) // 510
    rgb = np.dstack([level] * 3).astype(np.uint8)
    assert np.array_equal(on_white(rgb, alpha.astype(np.uint8))[..., 0], exact)


def test_plain_cmyk():
    ink = np.array([[[0, 0, 0, 0], [255, 0, 0, 0], [0, 0, 0, 255], [0, 128, 0, 128]]], np.uint8)
    rgb, understood = to_srgb(ink, None)
    assert understood
    assert rgb.tolist() == [[[255, 255, 255], [0, 255, 255], [0, 0, 0], [127, 63, 127]]]
