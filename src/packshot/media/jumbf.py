"""What content credentials (C2PA) state of a picture's source, read from their boxes; nothing is verified here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from packshot.media.boxes import boxes

if TYPE_CHECKING:
    from collections.abc import Iterator

_LABEL_AT = 17
"""Of a description box: after the type's UUID and the toggles."""
_LONGEST_LABEL = 300
_MOST = 64
"""Statements of one box that are kept."""
_MOST_BOXES = 4
"""Boxes with actions that are looked at: one by the book, and its successor's."""
_LONGEST = 1 << 18
"""Bytes of one box that are searched."""
# CBOR (RFC 8949): a text begins with 0x60 + its length up to 23, or with 0x78 or 0x79 and its length in 1 or 2 bytes.
_TEXT = rb"(?:([\x60-\x77])|\x78(.)|\x79(..))"
_SOURCE_TYPE = re.compile(rb"\x71digitalSourceType" + _TEXT, re.DOTALL)
_AGENT = re.compile(
    rb"(?:\x6dsoftwareAgent|\x6fclaim_generator|\x74claim_generator_info\x81?)"
    rb"(?:[\xa1-\xb7\xbf](?:(?!\x64name).){0,200}?\x64name)?" + _TEXT,
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the active manifest says, whether or not its signature holds."""

    source_types: tuple[str, ...] = ()
    """The digital source types of its actions, as they are written there, each once."""
    agents: tuple[str, ...] = ()
    """The software that made the claim and its actions, each once."""


def stated(store: bytes) -> Stated:
    """Read the actions of the active manifest, the last one of the store (C2PA 2.1, section 11.1.4.2).

    Compressed manifests and damaged boxes say nothing. The two keys are looked for in the CBOR of the actions, whose
    other contents do not matter here.
    """
    whole = next(_superboxes(store, 0, len(store)), None)
    manifests = list(_superboxes(store, whole[1], whole[2])) if whole else []
    if not manifests:
        return Stated()
    _, start, end = manifests[-1]
    types: list[str] = []
    agents: list[str] = []
    for label, body, stop in _superboxes(store, start, end):
        if label in {"c2pa.claim", "c2pa.claim.v2"}:
            agents += _texts(_AGENT, store[body : min(stop, body + _LONGEST)])
        elif label == "c2pa.assertions":
            actions = (one for one in _superboxes(store, body, stop) if one[0].startswith("c2pa.actions"))
            for _, at, to in islice(actions, _MOST_BOXES):
                types += _texts(_SOURCE_TYPE, store[at : min(to, at + _LONGEST)])
                agents += _texts(_AGENT, store[at : min(to, at + _LONGEST)])
    return Stated(tuple(dict.fromkeys(types)), tuple(dict.fromkeys(agents)))


def _superboxes(data: bytes, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Label, start and end of the contents of each JUMBF superbox (ISO/IEC 19566-5) between `start` and `end`."""
    for kind, body, stop in boxes(data, start, end):
        inner = next(boxes(data, body, min(stop, end)), None) if kind == b"jumb" else None
        if inner is not None and inner[0] == b"jumd":
            _, described, after = inner
            label = data[described + _LABEL_AT : min(after, described + _LABEL_AT + _LONGEST_LABEL)]
            yield label.partition(b"\x00")[0].decode("utf-8", errors="replace"), after, min(stop, end)


def _texts(key: re.Pattern[bytes], data: bytes) -> list[str]:
    found = []
    for match in key.finditer(data):
        short, one, two = match.groups()
        length = short[0] - 0x60 if short else int.from_bytes(one or two, "big")
        found.append(data[match.end() : match.end() + length].decode("utf-8", errors="replace"))
        if len(found) == _MOST:
            break
    return found
