"""IPTC-IIM: the older of the two ways in which press and stock pictures carry names and rights."""

from __future__ import annotations

import struct

_IPTC = 0x0404
_MOST_RESOURCES = 1000
_MOST_DATASETS = 1000
_LONGEST = 4000
_EXTENDED = 0x8000
_NAMES = {(2, 65): "software", (2, 80): "creator", (2, 110): "credit", (2, 116): "copyright_notice"}
"""Record and dataset (IPTC-IIM 4.2, chapter 6): originating program, by-line, credit, copyright notice."""


def iptc_resource(photoshop: bytes) -> bytes:
    """The IPTC datasets among Photoshop's image resources (`8BIM` blocks); empty without them."""
    at = 0
    for _ in range(_MOST_RESOURCES):
        if photoshop[at : at + 4] != b"8BIM" or at + 12 > len(photoshop):
            return b""
        name = photoshop[at + 6] + 1
        at_size = at + 6 + name + name % 2
        size = int.from_bytes(photoshop[at_size : at_size + 4], "big")
        if int.from_bytes(photoshop[at + 4 : at + 6], "big") == _IPTC:
            return photoshop[at_size + 4 : at_size + 4 + size]
        at = at_size + 4 + size + size % 2
    return b""


def iptc_texts(datasets: bytes) -> dict[str, list[str]]:
    """`software creator credit copyright_notice` as the datasets have them; what is cut short ends the reading."""
    found: dict[str, list[str]] = {}
    utf8 = False
    at = 0
    for _ in range(_MOST_DATASETS):
        if at + 5 > len(datasets) or datasets[at] != 0x1C:  # noqa: PLR2004 - the mark of a dataset
            break
        record, dataset, size = struct.unpack_from(">BBH", datasets, at + 1)
        at += 5
        if size & _EXTENDED or at + size > len(datasets):
            break
        value = datasets[at : at + min(size, _LONGEST)]
        at += size
        if (record, dataset) == (1, 90):
            utf8 = value == b"\x1b%G"
        elif (record, dataset) in _NAMES:
            found.setdefault(_NAMES[record, dataset], []).append(_decoded(value, utf8=utf8))
    return found


def _decoded(value: bytes, *, utf8: bool) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:  # without a declaration most writers use Latin-1
        return value.decode("utf-8" if utf8 else "latin-1", errors="replace")
