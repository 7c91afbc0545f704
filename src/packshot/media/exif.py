"""What packshot takes from EXIF: which way up a picture is, who made it, when and with what; whether it says where."""

from __future__ import annotations

from packshot.media.ifd import Directory, Layout, read_directory, read_layout

_ORIENTATION = 0x0112
_PREFIX = b"Exif\x00\x00"
_SUB, _GPS = 0x8769, 0x8825
_TEXTS = {
    0x010E: "description",
    0x010F: "camera_make",
    0x0110: "camera_model",
    0x0131: "software",
    0x013B: "creator",
    0x8298: "copyright_notice",
}
_TAKEN, _OFFSET, _COMMENT = 0x9003, 0x9011, 0x9286
_LATITUDE, _LONGITUDE = 2, 4
_LONGEST = 16_384
"""Bytes of one text that are looked at."""
_CHARSET = 8
"""Bytes at the start of a user comment that name its encoding."""


def exif_orientation(block: bytes) -> int:
    """Orientation 1 to 8 that an EXIF `block` names; 1 when there is none or the block is damaged.

    Only EXIF counts, as in browsers: an orientation that stands in XMP alone is not applied.
    """
    block = block.removeprefix(_PREFIX)
    layout = read_layout(block)
    if layout is None:
        return 1
    found = read_directory(block, layout, layout.first).number(block, _ORIENTATION, 1)
    return valid_orientation(found)


def valid_orientation(number: int) -> int:
    """`number` when it is an EXIF orientation, else 1."""
    return number if 1 <= number <= 8 else 1  # noqa: PLR2004 - EXIF defines eight


def exif_texts(block: bytes) -> dict[str, str]:
    """The texts of an EXIF `block`, where they are not empty; {} when there is none or the block is damaged.

    Keys: `description camera_make camera_model software creator copyright_notice`, `taken_at` as EXIF writes it
    (`2024:05:01 12:00:00`, with its offset from UTC behind it where the camera gave one), `comment`, and `located`,
    where it holds a place on Earth (the place itself is not given).
    """
    block = block.removeprefix(_PREFIX)
    layout = read_layout(block)
    if layout is None:
        return {}
    first = read_directory(block, layout, layout.first)
    camera = _below(block, layout, first, _SUB)
    place = _below(block, layout, first, _GPS)
    found = {name: _text(first.raw(block, tag, _LONGEST)) for tag, name in _TEXTS.items()}
    taken = _text(camera.raw(block, _TAKEN, 32))
    found["taken_at"] = taken and taken + _text(camera.raw(block, _OFFSET, 32))
    found["comment"] = _comment(camera.raw(block, _COMMENT, _LONGEST), layout)
    located = place.raw(block, _LATITUDE, 24).strip(b"\x00") and _LONGITUDE in place.tags
    found["located"] = "yes" if located else ""
    return {name: text for name, text in found.items() if text}


def _below(block: bytes, layout: Layout, first: Directory, tag: int) -> Directory:
    """The directory that a tag of the first one points to; an empty one without it."""
    offset = first.number(block, tag, 0)
    return read_directory(block, layout, offset) if offset > 0 else Directory(layout, {}, 0, whole=True)


def _text(raw: bytes) -> str:
    raw = raw.partition(b"\x00")[0]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:  # ASCII by the book; cameras and programs write either
        text = raw.decode("latin-1")
    return text.strip()


def _comment(raw: bytes, layout: Layout) -> str:
    charset, body = raw[:_CHARSET], raw[_CHARSET:]
    if charset != b"UNICODE\x00":
        return _text(body)
    even = body[: len(body) - len(body) % 2]
    # In the byte order of the block by the book; many writers use the other one, which then gives letters of the East.
    orders = ("utf-16-le", "utf-16-be") if layout.order == "<" else ("utf-16-be", "utf-16-le")
    texts = [even.decode(order, errors="replace") for order in orders]
    return max(texts, key=lambda text: sum(mark.isascii() for mark in text)).partition("\x00")[0].strip()
