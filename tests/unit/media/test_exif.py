from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from packshot.media.exif import exif_orientation, exif_texts


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


def exif(first, camera=None, place=None):
    block = Image.Exif()
    block.update(first)
    for tag, below in ((0x8769, camera), (0x8825, place)):
        if below:
            block[tag] = below
    return block.tobytes()


def test_texts_are_given_where_they_are_there():
    block = exif(
        {0x010F: "Acme ", 0x0131: "v1", 0x013B: "Zoë".encode()}, {0x9003: "2024:05:01 12:00:00", 0x9011: "+02:00"}
    )
    assert exif_texts(block) == {
        "camera_make": "Acme",
        "software": "v1",
        "creator": "Zoë",
        "taken_at": "2024:05:01 12:00:00+02:00",
    }
    assert exif_texts(block[6:]) == exif_texts(block)
    assert exif_texts(b"Exif\x00\x00") == exif_texts(block[:9]) == {}


@pytest.mark.parametrize(
    "comment",
    [
        b"ASCII\x00\x00\x00Steps: 20",
        b"UNICODE\x00" + "Steps: 20".encode("utf-16-be"),
        b"UNICODE\x00" + "Steps: 20".encode("utf-16-le"),
        b"\x00\x00\x00\x00\x00\x00\x00\x00Steps: 20",
    ],
)
def test_a_comment_is_read_in_every_charset(comment):
    assert exif_texts(exif({}, {0x9286: comment})) == {"comment": "Steps: 20"}


def test_a_place_is_told_and_not_where_it_is():
    place = {1: "N", 2: (48.0, 8.0, 3.5), 3: "E", 4: (11.0, 34.0, 1.0)}
    assert exif_texts(exif({}, None, place)) == {"located": "yes"}
    assert exif_texts(exif({}, None, {0: b"\x02\x03\x00\x00", 29: "2024:05:01"})) == {}, "a version and a day alone"


def test_directories_that_lead_to_themselves_and_endless_values_end():
    own = struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<HHII", 0x8825, 4, 1, 8)
    endless = struct.pack("<HHII", 0x010F, 2, 0xFFFFFFFF, 0) + struct.pack("<HHII", 0x0131, 2, 100_000_000, 4)
    block = b"II*\x00" + struct.pack("<IH", 8, 4) + own + endless + struct.pack("<I", 8)
    assert exif_texts(block) == {}


@given(st.binary(max_size=300))
def test_any_bytes_give_texts(data):
    exif_texts(b"II*\x00\x08\x00\x00\x00" + data)
