"""What a file says of its origin, gathered once for the measures that ask: EXIF, XMP, IPTC and content credentials."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from packshot.media.exif import exif_texts
from packshot.media.iptc import iptc_texts
from packshot.media.jumbf import Stated, stated
from packshot.media.metadata import Metadata, read_metadata
from packshot.media.xmp import xmp_texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packshot.media.picture import Picture

_NOTHING = Metadata()
LONGEST = 200
"""Characters of a text that are kept."""
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{2,59}")
_EXIF_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)\s*([+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Origin:
    """The metadata of a picture that has a file, taken apart."""

    blocks: Metadata = field(default_factory=Metadata)
    exif: dict[str, str] = field(default_factory=dict)
    xmp: dict[str, list[str]] = field(default_factory=dict)
    iptc: dict[str, list[str]] = field(default_factory=dict)
    stated: Stated = field(default_factory=Stated)

    def texts(self, name: str) -> list[str]:
        """What EXIF, XMP and IPTC say under one name, in this order."""
        return [*([self.exif[name]] if name in self.exif else []), *self.xmp.get(name, ()), *self.iptc.get(name, ())]


def origin(picture: Picture) -> Origin | None:
    """The metadata of the picture's file; None where the picture was made without one. Share it by `picture.once`."""
    if not picture.file:
        return None
    blocks = read_metadata(picture.file, picture.header.format)
    if blocks == _NOTHING:
        return Origin()
    xmp: dict[str, list[str]] = {}
    for packet in blocks.xmp:
        for name, values in xmp_texts(packet).items():
            xmp.setdefault(name, []).extend(values)
    return Origin(blocks, exif_texts(blocks.exif), xmp, iptc_texts(blocks.iptc), stated(blocks.credentials))


def plain(text: str) -> str | None:
    """The text on one line, with no hidden character in it, cut to 200 characters; None when nothing is left."""
    text = text[: 8 * LONGEST]
    if not text.isprintable():  # control characters, direction marks, lone surrogates and unassigned ones
        text = "".join(" " if mark.isspace() else mark for mark in text if mark.isprintable() or mark.isspace())
    return " ".join(text.split())[:LONGEST].rstrip() or None


def first(texts: Iterable[str]) -> str | None:
    """The first text that says something, made plain."""
    return next((shown for shown in map(plain, texts) if shown), None)


def source_type(text: str) -> str | None:
    """The last part of an IPTC digital source type, `trainedAlgorithmicMedia`; None when it is none.

    The vocabulary is http://cv.iptc.org/newscodes/digitalsourcetype/; writers give the address, or the code alone.
    """
    code = re.split(r"[/:#]", text.strip().rstrip("/"))[-1]
    return code if _CODE.fullmatch(code) else None


def moment(text: str) -> str | None:
    """A time as EXIF or XMP write it, in ISO 8601, with the offset where there is one; None when it is no time."""
    exif = _EXIF_TIME.match(text)
    written = "{}-{}-{}T{}{}".format(*(part or "" for part in exif.groups())) if exif else text.strip()
    try:
        return datetime.fromisoformat(written).isoformat(timespec="seconds")
    except ValueError:
        return None
