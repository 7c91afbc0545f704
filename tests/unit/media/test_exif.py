from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from packshot.media.exif import exif_orientation


def block(order, orientation, kind=3):
    code = {"II": "<", "MM": ">"}[order]
    entry = struct.pack(f"{code}HHI", 0x0112, kind, 1) + struct.pack(f"{code}{'H' if kind == 3 else 'I'}", orientation)
    return order.encode() + struct.pack(f"{code}HIH", 42, 8, 1) + entry.ljust(12, b"\x00") + b"\x00" * 4


def test_both_byte_orders_and_both_types():
    for order in ("II", "MM"):
        for kind in (3, 4):
            assert exif_orientation(b"Exif\x00\x00" + block(order, 6, kind)) == 6
            assert exif_orientation(block(order, 8, kind)) == 8


def test_what_is_no_orientation_counts_as_one():
    assert exif_orientation(block("II", 0)) == 1
    assert exif_orientation(block("II", 9)) == 1
    assert exif_orientation(b"") == 1
    assert exif_orientation(block("MM", 3)[:17]) == 1


@given(st.binary(max_size=80))
def test_any_bytes_give_an_orientation(data):
    assert exif_orientation(b"II*\x00\x08\x00\x00\x00" + data) in range(1, 9)
    assert exif_orientation(data) in range(1, 9)
