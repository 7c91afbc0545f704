"""What the values of a column say of it: addresses, pictures, lists of them, ids, numbers, texts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packshot.collect.table import listed, split_uris

if TYPE_CHECKING:
    from collections.abc import Sequence

_ADDRESS = re.compile(r"(?:https?|s3|gs|az|ftp|file)://\S", re.IGNORECASE)
_BEGINS = re.compile(r"(?:^|[|;,\s#~])\s*(?:https?|s3|gs|az)://", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|jfif|png|webp|gif|avif|hei[cf]|tiff?|bmp)$", re.IGNORECASE)
_PICTURE_INSIDE = re.compile(r"\.(?:jpe?g|jfif|png|webp|gif|avif|hei[cf]|tiff?|bmp)(?![a-z0-9])", re.IGNORECASE)
_PICTURE_HOST = re.compile(
    r"[/.=](?:images?|img|photos?|pictures?|media|cdn|is/image)[/.]|[?&](?:fm|fmt|format)=", re.IGNORECASE
)
_OTHER_FILE = re.compile(r"\.(?:pdf|mp4|mov|webm|zip|html?|php|aspx?|docx?|xlsx?|txt|glb|usdz)$", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*")
_DECIMAL = re.compile(r"[-+]?\d+[.,]\d+")
_PRICE = re.compile(r"(?:[A-Z]{3}|[€$£])?\s?\d{1,7}[.,]\d{2}\s?(?:[A-Z]{3}|[€$£])?")
_GTIN = re.compile(r"\d{8}|\d{12,14}")
SEPARATORS = ("|", ";", ",", "\n", "\t", "#", "~", " ")
_LONGEST_ID = 80
_SAMPLE = 300


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the first rows of a feed."""

    name: str
    """As it is mapped: a column's name, or a path with points into what is nested."""
    cells: tuple[tuple[str, ...], ...]
    """One for each row; empty for none, several where the feed itself holds a list."""
    seen: Seen = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look at the values once."""
        object.__setattr__(self, "seen", Seen.of(self.cells))


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a column's values; shares are of those that are not empty."""

    rows: int = 0
    filled: int = 0
    distinct: int = 0
    addresses: float = 0.0
    pictures: float = 0.0
    """By their extension, or an address that speaks of pictures (which counts as half)."""
    several: float = 0.0
    """Cells with more than one picture."""
    separator: str | None = None
    """What stands between several in a text; None where the feed holds lists, or one in each cell."""
    odd_separators: float = 0.0
    """Cells with several pictures that this separator does not part."""
    gtins: float = 0.0
    numbers: float = 0.0
    prices: float = 0.0
    decimals: float = 0.0
    chars: float = 0.0
    """Of a value, on average."""
    words: float = 0.0
    longest: int = 0
    example: str = ""

    @classmethod
    def of(cls, cells: Sequence[tuple[str, ...]]) -> Seen:
        """Look at cells."""
        filled = [cell for cell in cells if cell][:_SAMPLE]
        if not filled:
            return cls(rows=len(cells))
        separator, several, odd = _separator(filled)
        values = [one for cell in filled for one in _parts(cell, separator)]
        texts = [cell[0] for cell in filled]
        count = len(values) or 1
        return cls(
            rows=len(cells),
            filled=sum(1 for cell in cells if cell),
            distinct=len({cell for cell in cells if cell}),
            addresses=sum(_ADDRESS.match(one) is not None for one in values) / count,
            pictures=sum(picture_likeness(one) for one in values) / count,
            several=several,
            separator=separator,
            odd_separators=odd,
            gtins=sum(is_gtin(text) for text in texts) / len(texts),
            numbers=sum(_NUMBER.fullmatch(text) is not None for text in texts) / len(texts),
            prices=sum(_PRICE.fullmatch(text) is not None for text in texts) / len(texts),
            decimals=sum(_DECIMAL.fullmatch(text) is not None for text in texts) / len(texts),
            chars=sum(map(len, texts)) / len(texts),
            words=sum(len(text.split()) for text in texts) / len(texts),
            longest=max(map(len, texts)),
            example=texts[0],
        )

    @property
    def filled_share(self) -> float:
        """Of the rows that have a value."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def distinct_share(self) -> float:
        """Different values for each that is not empty."""
        return self.distinct / self.filled if self.filled else 0.0

    @property
    def like_ids(self) -> bool:
        """Short, without spaces for the most part, and in nearly every row."""
        short = self.longest <= _LONGEST_ID and self.words < 1.6  # noqa: PLR2004 - an id may have a space
        whole = self.filled_share > 0.9 and self.addresses < 0.1 and self.pictures < 0.3 and self.prices < 0.5  # noqa: PLR2004 - nearly all, hardly any
        return short and whole and self.decimals < 0.5 and self.distinct > min(1, self.rows - 1)  # noqa: PLR2004 - most


def picture_likeness(text: str) -> float:
    """How much a value is like the place of a picture: 1 by its extension, 0.5 by its address, else 0."""
    place = text.strip()
    bare = place.partition("#")[0].partition("?")[0]
    if _PICTURE.search(bare):
        return 1.0
    if not _ADDRESS.match(place) or _OTHER_FILE.search(bare):
        return 0.0
    return 0.5 if _PICTURE_HOST.search(place) or _PICTURE_INSIDE.search(place) else 0.0


def is_gtin(text: str) -> bool:
    """Whether a text is a GTIN of 8, 12 to 14 digits with a right check digit. Source: GS1 General Specifications."""
    bare = text.strip().strip("'=\"")
    if not _GTIN.fullmatch(bare) or set(bare) == {"0"}:
        return False
    weighed = sum(int(digit) * (3 if number % 2 == 0 else 1) for number, digit in enumerate(reversed(bare[:-1])))
    return (10 - weighed % 10) % 10 == int(bare[-1])


def _parts(cell: tuple[str, ...], separator: str | None) -> list[str]:
    if separator is None or len(cell) > 1:
        return list(cell)
    return [part.strip() for part in split_uris(cell[0], separator) if part.strip()]


def _separator(cells: Sequence[tuple[str, ...]]) -> tuple[str | None, float, float]:
    """What stands between several pictures in a text; the share of cells with several, and of those it does not fit."""
    lists = sum(len(cell) > 1 for cell in cells)
    if lists:
        return None, lists / len(cells), 0.0
    crowded = [cell[0] for cell in cells if _places_in(cell[0]) > 1]
    if not crowded:
        return None, 0.0, 0.0
    if sum(listed(text) is not None for text in crowded) * 2 > len(crowded):
        return ",", len(crowded) / len(cells), 0.0  # lists in brackets, which any separator reads
    fits = Counter[str]()
    for text in crowded:
        for separator in SEPARATORS:
            parts = [part for part in split_uris(text, separator) if part.strip()]
            if len(parts) > 1 and all(_places_in(part) == 1 and part.strip()[-1:] not in SEPARATORS for part in parts):
                fits[separator] += 1
                break
    if not fits:
        return None, 0.0, 1.0
    best, count = fits.most_common(1)[0]
    return best, len(crowded) / len(cells), 1 - count / len(crowded)


def _places_in(text: str) -> int:
    """Pictures that a text names: addresses that begin it or follow a separator, else names with an extension."""
    addresses = len(_BEGINS.findall(text))
    return addresses or len(_PICTURE_INSIDE.findall(text))
