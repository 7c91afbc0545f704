"""Lists of PDQ hashes as other tools write them: text, CSV with or without a header, `hash:note`."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HASH = re.compile(r"(?i)\b(?:0x)?([0-9a-f]{64})\b")
NOTE_COLUMNS = (
    "note",
    "reason",
    "label",
    "description",
    "title",
    "tags",
    "metadata",
    "comment",
    "name",
    "filename",
    "file",
)
QUALITY_COLUMNS = ("quality", "pdq_quality")
LEAST_QUALITY = 50
"""PDQ's authors drop hashes of a lower quality: blank pictures collide."""
MOST_BAD = 5
LONGEST_LINE = 4096


@dataclass(frozen=True, slots=True)
class Hash:
    """One hash of a list."""

    pdq: bytes
    note: str | None


@dataclass(frozen=True, slots=True)
class HashList:
    """What a list holds."""

    hashes: tuple[Hash, ...]
    """Each once, in the order of the list."""
    doubled: int
    """Rows whose hash stands above already."""
    poor: int
    """Rows left out for their quality, below 50 of 100."""


def read_hashes(text: str, name: str) -> HashList:
    """Read a list of 256-bit PDQ hashes, each 64 hexadecimal digits; `name` is the file's, for messages.

    Understood are one hash a line, `hash:note`, CSV without a header (`hash,quality,name` as `pdq-photo-hasher` writes
    it, in any order), and CSV with one (`hash` or `pdq` or whichever column holds hashes; `quality`; `note`, `reason`,
    `label` and the like). Empty lines and what follows a `#` at the start of a line are skipped.

    Raises SourceError where there is no line at all, and where one holds no hash, with the first such lines.
    """
    rows = list(_rows(text))
    if not rows:
        raise SourceError(f"{name} holds no hashes: it is empty.", "Give one hash a line; nothing was imported.")
    header = _header(rows)
    found: dict[bytes, str | None] = {}
    doubled = poor = 0
    bad = []
    for number, cells in rows[1:] if header else rows:
        at = next((place for place, cell in enumerate(cells) if HASH.search(cell)), None)
        if at is None:
            bad.append(f"line {number}: {','.join(cells)[:60]!r}")
            continue
        match = HASH.search(cells[at])
        pdq = bytes.fromhex(match.group(1)) if match else b""
        note, quality = _beside(cells, at, header)
        if quality is not None and quality < LEAST_QUALITY:
            poor += 1
        elif pdq in found:
            doubled += 1
        else:
            found[pdq] = note
    if bad:
        more = f" and {len(bad) - MOST_BAD} more" if len(bad) > MOST_BAD else ""
        raise SourceError(
            f"{name} is no list of PDQ hashes: no hash of 64 hexadecimal digits in {'; '.join(bad[:MOST_BAD])}{more}.",
            "Give one hash a line, or a CSV with a column of hashes; nothing was imported.",
        )
    return HashList(tuple(Hash(pdq, note) for pdq, note in found.items()), doubled, poor)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        stripped = line.strip()[:LONGEST_LINE]
        if not stripped or stripped.startswith("#"):
            continue
        delimiter = next((one for one in ",;\t" if one in stripped), ",")
        cells = next(csv.reader(io.StringIO(stripped), delimiter=delimiter), [])
        yield number, [cell.strip() for cell in cells]


def _header(rows: Sequence[tuple[int, list[str]]]) -> list[str]:
    """The names of the columns, where the first row holds no hash and the second does; else nothing."""
    if len(rows) < 2 or any(map(HASH.search, rows[0][1])) or not any(map(HASH.search, rows[1][1])):  # noqa: PLR2004
        return []
    return [cell.lower() for cell in rows[0][1]]


def _beside(cells: Sequence[str], at: int, header: Sequence[str]) -> tuple[str | None, int | None]:
    """The note and the quality that stand beside a hash."""
    if header:
        named = dict(zip(header, cells, strict=False))
        note = next((named[name] for name in NOTE_COLUMNS if named.get(name)), None)
        quality = next((named[name] for name in QUALITY_COLUMNS if named.get(name, "").isdigit()), None)
        return note, int(quality) if quality else None
    rest = [cell for place, cell in enumerate(cells) if place != at]
    number = next((cell for cell in rest if cell.isdigit() and int(cell) <= 100), None)  # noqa: PLR2004 - a quality
    words = [cell for cell in rest if cell and cell != number]
    after = HASH.sub("", cells[at], count=1).strip(" :")
    return ", ".join([*([after] if after else []), *words]) or None, int(number) if number else None
