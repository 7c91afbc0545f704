from __future__ import annotations

import struct

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


def gray_profile(gamma):
    white = struct.pack(">4sI3i", b"XYZ ", 0, 63190, 65536, 54061)
    curve = struct.pack(">4sIIH", b"curv", 0, 1, round(gamma * 256)) + bytes(2)
    table = struct.pack(">I4sII4sII", 2, b"wtpt", 156, len(white), b"kTRC", 156 + len(white), len(curve))
    size = 156 + len(white) + len(curve)
    head = struct.pack(">I4sI4s4s4s12x4s", size, b"none", 0x02100000, b"mntr", b"GRAY", b"XYZ ", b"acsp")
    head += bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\x00") + table + white + curve


def test_gray_profile_is_applied():
    gray = np.array([[0, 128, 255]], np.uint8)
    rgb, understood = to_srgb(gray, gray_profile(1.0))
    assert understood
    assert np.abs(rgb[0, :, 0].astype(int) - (0, 188, 255)).max() <= 1
    assert (rgb[..., 0] == rgb[..., 1]).all()


def test_a_profile_that_the_library_refuses_is_left_out():
    icc = gray_profile(1.0).replace(b"kTRC", b"xxxx")
    rgb, understood = to_srgb(np.array([[128]], np.uint8), icc)
    assert not understood
    assert rgb.tolist() == [[[128, 128, 128]]]
