from __future__ import annotations

import numpy as np

from packshot.media.samples import to_8_bits, unbounded_to_8_bits


def test_sixteen_and_twelve_bits_are_rounded():
    levels = np.arange(65536, dtype=np.uint16)
    assert np.array_equal(to_8_bits(levels), np.rint(levels / 257).astype(np.uint8))
    twelve = np.arange(4096, dtype=np.uint16)
    assert np.array_equal(to_8_bits(twelve, 4095), np.rint(twelve * 255.0 / 4095).astype(np.uint8))


def test_white_point_of_unbounded_samples():
    assert unbounded_to_8_bits(np.array([0.0, 0.5, 1.0], np.float32)).tolist() == [0, 128, 255]
    assert unbounded_to_8_bits(np.array([0, 100, 255], np.int32)).tolist() == [0, 100, 255]
    assert unbounded_to_8_bits(np.array([0, 32896, 65535], np.int32)).tolist() == [0, 128, 255]
    assert unbounded_to_8_bits(np.array([np.nan, -3.0, np.inf, 1.0], np.float32)).tolist() == [0, 0, 255, 255]
