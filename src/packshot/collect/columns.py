"""Which column of a feed holds what: by convention, or as the user maps it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.errors import SourceError, UnknownName, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CONVENTIONS: dict[str, tuple[str, ...]] = {
    "listing_id": ("listing_id", "product_id", "id", "sku", "handle"),
    "image": ("image_path", "image_link", "image", "image_url", "image_src"),
    "title": ("title", "name"),
    "role": ("image_role", "role"),
    "category": ("category", "product_type", "google_product_category"),
    "google_category": ("google_product_category",),
    "variant_group_id": (
        "item_group_id",
        "variant_group_id",
        "variant_group",
        "parent_sku",
        "parent_asin",
        "parent_id",
        "parent_product_id",
    ),
    "brand": ("brand",),
    "gtin": ("gtin", "ean", "upc"),
    "position": ("position", "image_position"),
    "supplier": ("supplier",),
    "additional_images": ("additional_image_link", "additional_image_links", "additional_images"),
    "lifestyle_image": ("lifestyle_image_link", "lifestyle_image"),
}
"""Field → the column names that mean it, the first one present wins. Case, spaces, dashes and a `g:` do not matter."""

REQUIRED = ("listing_id", "image")
NO_COLUMN = "-"
"""Mapped to a field, it says that no column holds it, whatever a column's name says."""
PICTURES = ("image", "additional_images", "lifestyle_image")
"""Fields that several columns may hold together."""
_WORDS = {"listing_id": "the listing's id", "image": "the picture's place"}
UNREADABLE = re.compile(r"[\x00\ud800-\udfff]")
"""What no name may hold: NUL, and halves of characters that stand for bytes that were no text."""
_SPACING = re.compile(r"[\s.\-_]+")


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """Where in a row each field stands, by index."""

    fields: Mapping[str, int]
    """Single-valued fields (`listing_id title role category …`) that the feed has."""
    images: tuple[int, ...]
    """Columns with one picture each; more than one where the header repeats its name."""
    additional: tuple[int, ...]
    """Columns with several pictures, separated by commas."""
    lifestyle: tuple[int, ...]
    attributes: Mapping[int, str]
    """Every other column: index → the name it gets among the attributes."""
    notes: tuple[str, ...]
    """What a person should know of how the columns were taken."""


def plain(name: str) -> str:
    """A column name as it is compared: `Image Link`, `image-link` and `g:image_link` are one."""
    return _SPACING.sub("_", name.strip().casefold().removeprefix("g:")).strip("_")


_FIELD_OF = {alias: field for field, names in CONVENTIONS.items() for alias in (field, *names)}


def check_mapping(mapping: Mapping[str, str]) -> dict[str, str]:
    """The user's `field=column` pairs by canonical field name.

    A field may be called by any name of its convention (`image_path=foto`). Raises UnknownName for a field that is
    none, UsageError where one field is mapped twice.
    """
    checked: dict[str, str] = {}
    for name, column in mapping.items():
        field = _FIELD_OF.get(plain(name))
        if field is None:
            raise UnknownName("field", name, CONVENTIONS)
        if field in checked:
            message = f"The field {field} is mapped twice: to {checked[field]!r} and to {column!r}."
            raise UsageError(message, f"Keep one: --map {field}={column}")
        checked[field] = column
    return checked


def plan_columns(header: Sequence[str], mapping: Mapping[str, str], feed: str) -> ColumnPlan:
    """How to read the columns of `header`; `mapping` is a result of `check_mapping`, `feed` the name for messages.

    Raises SourceError, with the columns there are and the line to type, where a mapped column or a required one is
    missing.
    """
    names = [plain(name) for name in header]
    fields: dict[str, int] = {}
    several: dict[str, list[int]] = {}
    notes: list[str] = []
    for field, conventions in CONVENTIONS.items():
        if mapping.get(field) == NO_COLUMN and NO_COLUMN not in header:
            continue
        if field in mapping:
            parts = parts_of(mapping[field], header) if field in PICTURES else [mapping[field]]
            found = [_mapped(field, part, header, feed) for part in parts]
            fields[field] = found[0]
            several[field] = found[1:]
        elif (index := _by_convention(names, conventions, _mapped_names(mapping, header), header)) is not None:
            fields[field] = index
            notes += _left_aside(field, index, names, conventions, header)
    if "category" in fields and names[fields["category"]] in CONVENTIONS["google_category"]:
        fields["google_category"] = fields["category"]
    missing = [field for field in REQUIRED if field not in fields]
    if missing:
        raise missing_columns(missing, header, feed)
    images, additional, lifestyle = (
        tuple(dict.fromkeys([*_repeats(fields.pop(field, None), header), *several.get(field, ())]))
        for field in PICTURES
    )
    additional = tuple(index for index in additional if index not in images)  # `picture*` may hold the main one, too
    lifestyle = tuple(index for index in lifestyle if index not in images)
    used = {*fields.values(), *images, *additional, *lifestyle}
    attributes = _attribute_names(header, used)
    notes += [
        f"the column {header[index]!r} stands in the header more than once; the first one is used"
        for field, index in fields.items()
        if names.count(names[index]) > 1
    ]
    return ColumnPlan(fields, images, additional, lifestyle, attributes, tuple(notes))


def has_required(header: Sequence[str], mapping: Mapping[str, str]) -> bool:
    """Whether a feed with this header can be read; `mapping` is a result of `check_mapping`."""
    try:
        plan_columns(header, mapping, "")
    except SourceError:
        return False
    return True


def parts_of(written: str, names: Sequence[str]) -> list[str]:
    """The columns that a mapping of pictures names: one, several with commas between, or those that `picture*` fits.

    A text that is a column as it stands is that column, commas, stars and all. What fits nothing stays as written.
    """
    if written in names:
        return [written]
    found: list[str] = []
    for part in (one.strip() for one in written.split(",")):
        if "*" in part and part not in names:
            pattern = re.compile(".*".join(re.escape(plain(piece) or piece) for piece in part.split("*")))
            found += [name for name in names if pattern.fullmatch(plain(name))] or [part]
        else:
            found.append(part)
    return list(dict.fromkeys(one for one in found if one)) or [written]


def _mapped_names(mapping: Mapping[str, str], header: Sequence[str]) -> set[str]:
    """The columns that the user maps to anything."""
    pictures = {part for field in PICTURES if field in mapping for part in parts_of(mapping[field], header)}
    return pictures | set(mapping.values())


def known_columns(header: Iterable[str], mapping: Mapping[str, str]) -> int:
    """How many names of `header` mean something: for telling the right delimiter from the wrong ones."""
    header = list(header)
    mapped = {plain(column) for column in _mapped_names(mapping, header) if column != NO_COLUMN}
    return sum(plain(name) in _FIELD_OF or plain(name) in mapped for name in header)


def _mapped(field: str, column: str, header: Sequence[str], feed: str) -> int:
    if column in header:
        return header.index(column)
    names = [plain(name) for name in header]
    if plain(column) in names:
        return names.index(plain(column))
    near = difflib.get_close_matches(column, header, n=1, cutoff=0.5)
    hint = f"{_columns(header)} {f'Try: --map {field}={near[0]}' if near else ''}".rstrip()
    raise SourceError(f"{feed} has no column {column!r}, which --map gives for {field}.", hint)


def _by_convention(
    names: Sequence[str], conventions: tuple[str, ...], mapped: set[str], header: Sequence[str]
) -> int | None:
    """The first convention that is there; a column that the user mapped to something else is not taken twice."""
    taken = {plain(column) for column in mapped}
    for name in conventions:
        if name in names and name not in taken and header[names.index(name)] not in mapped:
            return names.index(name)
    return None


def _left_aside(
    field: str, index: int, names: Sequence[str], conventions: tuple[str, ...], header: Sequence[str]
) -> list[str]:
    others = [header[names.index(name)] for name in conventions if name in names and names.index(name) != index]
    if not others or field not in REQUIRED:
        return []
    kept = ", ".join(repr(name) for name in others)
    return [f"{_WORDS[field]} is taken from {header[index]!r}; {kept} stays an attribute (--map {field}=… to change)"]


def _repeats(index: int | None, header: Sequence[str]) -> tuple[int, ...]:
    """The column and those of the same name: feeds repeat `image` and `additional_image_link` for more pictures."""
    if index is None:
        return ()
    return tuple(
        other for other in range(len(header)) if other == index or plain(header[other]) == plain(header[index])
    )


def _attribute_names(header: Sequence[str], used: set[int]) -> dict[int, str]:
    attributes: dict[int, str] = {}
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    for index, name in enumerate(header):
        if index in used:
            continue
        readable = UNREADABLE.sub("\ufffd", name).strip()
        wanted = unique = readable or f"column_{index + 1}"
        while unique in taken:
            numbers[wanted] = numbers.get(wanted, 1) + 1  # on from where the last of this name ended
            unique = f"{wanted}_{numbers[wanted]}"
        taken.add(unique)
        attributes[index] = unique
    return attributes


def missing_columns(missing: Sequence[str], header: Sequence[str], feed: str) -> SourceError:
    """The error for a feed that lacks the fields `missing`: the columns there are, and the line to type."""
    what = " and ".join(f"{_WORDS.get(field, field)} ({'|'.join(CONVENTIONS[field])})" for field in missing)
    plurals = "columns" if len(missing) > 1 else "column"
    maps = " ".join(f"--map {field}={_shell(_nearest(field, header) or 'COLUMN')}" for field in missing)
    return SourceError(
        f"{feed} has no {plurals} for {what}.",
        f"{_columns(header)} Say which to take: {maps}. Or let packshot init look.",
    )


def _nearest(field: str, header: Sequence[str]) -> str | None:
    """The column whose name is most like one of the conventions of `field`."""
    scored = [
        (difflib.SequenceMatcher(None, plain(name[:_COMPARED]), convention).ratio(), -index)
        for index, name in enumerate(header[:200])
        for convention in CONVENTIONS[field]
        if plain(name) not in _FIELD_OF and name.strip()
    ]
    best, index = max(scored, default=(0.0, 0))
    return header[-index] if best >= _ALIKE else None


_ALIKE = 0.5
_COMPARED = 60
"""Characters of a name; no convention is so long, and comparing long texts takes long."""
_SHOWN = 40


def _columns(header: Sequence[str]) -> str:
    shown = ", ".join(repr(UNREADABLE.sub("\ufffd", name[:60])) for name in header[:_SHOWN])
    return f"Its columns are: {shown}{', …' if len(header) > _SHOWN else ''}."


def _shell(name: str) -> str:
    return name if re.fullmatch(r"[\w./:-]+", name) else "'" + name.replace("'", "'\\''") + "'"
