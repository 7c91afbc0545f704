"""Any bytes whatsoever give a picture or a MediaError."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from packshot.core.errors import MediaError
from packshot.media.decode import decode
from packshot.media.limits import Limits
from packshot.media.read_header import read_header

LIMITS = Limits(max_pixels=2_000_000, max_frames=50)
MAGICS = [
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR",
    b"GIF89a",
    b"RIFF\x00\x01\x00\x00WEBPVP8X",
    b"RIFF\x00\x01\x00\x00WEBPVP8L",
    b"BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00",
    b"II*\x00\x08\x00\x00\x00",
    b"MM\x00*\x00\x00\x00\x08",
    b"II+\x00\x08\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00",
    b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1",
    b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1",
]
KINDS = {
    "jpeg": ("JPEG", "RGB", {}),
    "progressive": ("JPEG", "RGB", {"progressive": True}),
    "cmyk": ("JPEG", "CMYK", {}),
    "png": ("PNG", "RGBA", {}),
    "palette": ("PNG", "P", {}),
    "webp": ("WEBP", "RGBA", {}),
    "lossless": ("WEBP", "RGB", {"lossless": True}),
    "gif": ("GIF", "P", {"save_all": True}),
    "bmp": ("BMP", "RGB", {}),
    "tiff": ("TIFF", "RGB", {}),
    "lzw": ("TIFF", "RGB", {"compression": "tiff_lzw"}),
    "tiff_jpeg": ("TIFF", "RGB", {"compression": "jpeg"}),
    "bigtiff": ("TIFF", "L", {"big_tiff": True}),
    "avif": ("AVIF", "RGB", {}),
}


def settle(data):
    """Decode, or see it refused; anything but a MediaError fails the test."""
    try:
        header = read_header(data, LIMITS)
    except MediaError:
        header = None
    assert header is None or 0 < header.width_px * header.height_px <= LIMITS.max_pixels
    try:
        picture = decode(data, LIMITS)
    except MediaError:
        return
    assert picture.rgb.dtype == np.uint8
    assert picture.rgb.shape == (picture.header.height_px, picture.header.width_px, 3)
    assert picture.alpha is None or picture.alpha.shape == picture.rgb.shape[:2]


def mutated(data, rng):
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at = rng.randrange(len(changed)) if rng.random() < 0.5 else rng.randrange(min(120, len(changed)))
        way = rng.randrange(5)
        if way == 0:
            changed[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            value = rng.choice((b"\x00", b"\xff", b"\xff\xff", b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x7f\xff"))
            changed[at : at + len(value)] = value
        elif way == 2:
            del changed[at : at + rng.randrange(1, 30)]
        elif way == 3:
            other = rng.randrange(len(changed))
            changed[at:at] = changed[other : other + rng.randrange(1, 40)]
        else:
            del changed[max(at, 8) :]
        if len(changed) < 20:
            break
    return bytes(changed)


@pytest.mark.parametrize("kind", KINDS)
def test_mutations_of_a_good_file(scene, save, kind):
    image_format, mode, options = KINDS[kind]
    image = Image.fromarray(scene[:40, :56]).convert(mode)
    if "save_all" in options:
        options = {**options, "append_images": [image.rotate(90, expand=True)]}
    good = save(image, image_format, **options)
    settle(good)
    rng = random.Random(kind)  # noqa: S311 - reproducible, nothing secret
    for _ in range(120):
        settle(mutated(good, rng))


def test_mutations_of_heic(turned_heic):
    rng = random.Random(1)  # noqa: S311 - reproducible, nothing secret
    for _ in range(120):
        settle(mutated(turned_heic, rng))


@settings(max_examples=200, deadline=None)
@given(magic=st.sampled_from(MAGICS), rest=st.binary(max_size=300))
def test_any_bytes_behind_a_known_magic(magic, rest):
    settle(magic + rest)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes(data):
    settle(data)
