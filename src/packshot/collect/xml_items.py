"""The items of an RSS or Atom feed as rows, one at a time, whatever the size of the feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from packshot.collect.columns import CONVENTIONS, NO_COLUMN, REQUIRED, missing_columns, plain
from packshot.collect.rows import Row, RowPicture
from packshot.collect.table import split_uris
from packshot.core.errors import SourceError
from packshot.core.trouble import Trouble, TroubleKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from packshot.collect.rows import Notes

_ITEMS = frozenset({"item", "entry"})
_GOOGLE = "base.google.com/"
_CHUNK = 1 << 16
MAX_ITEM_CHARS = 4 * 1024 * 1024
"""More text than this in one item makes it a bad row; the rest of it is passed over."""
MAX_ITEM_FIELDS = 4096
_MOST_NAMES = 1000
_PICTURES = ("image", "additional_images", "lifestyle_image")
_ONLY_MAPPED = frozenset({"role", "position"})
"""RSS extensions use these words for other things, so they count only where the user maps them."""


class _Item:
    """One item while it is read: its texts by name, those of Google's namespace apart."""

    __slots__ = ("depth", "fields", "google", "line", "size", "values")

    def __init__(self, line: int, depth: int) -> None:
        self.line = line
        self.depth = depth
        self.values: dict[str, list[str]] = {}
        self.google: set[str] = set()
        self.size = 0
        self.fields = 0

    def add(self, name: str, value: str, *, google: bool) -> None:
        self.fields += 1
        if google and name not in self.google:
            # `g:title` is what Google reads; the plain `title` beside it is for feed readers.
            self.google.add(name)
            self.values[name] = [value]
        elif google or name not in self.google:
            self.values.setdefault(name, []).append(value)

    @property
    def too_much(self) -> bool:
        return self.size > MAX_ITEM_CHARS or self.fields > MAX_ITEM_FIELDS


class _Target:
    """What the parser calls; finished items wait in `done`."""

    def __init__(self) -> None:
        self.done: list[_Item] = []
        self.root = ""
        self.line: Callable[[], int] = lambda: 0
        self._depth = 0
        self._item: _Item | None = None
        self._path: list[str] = []
        self._texts: list[list[str]] = []

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        self._depth += 1
        local = tag.rpartition("}")[2]
        if not self.root:
            self.root = local
        elif self._item is None:
            if local.lower() in _ITEMS:
                self._item = _Item(self.line(), self._depth)
        else:
            self._path.append(local)
            self._texts.append([])

    def data(self, text: str) -> None:
        if self._item is not None and self._texts:
            self._item.size += len(text)
            if not self._item.too_much:
                self._texts[-1].append(text)

    def end(self, tag: str) -> None:
        item = self._item
        if item is not None and self._depth == item.depth:
            self.done.append(item)
            self._item = None
        elif item is not None:
            value = "".join(self._texts.pop()).strip()
            if value and not item.too_much:
                item.add(".".join(self._path), value, google=_GOOGLE in tag)
            self._path.pop()
        self._depth -= 1

    def close(self) -> None:
        pass


def item_rows(path: Path, mapping: Mapping[str, str], feed: str, notes: Notes) -> Iterator[Row | Trouble]:
    """Every `item` or `entry` of the document; a Trouble of kind BAD_ROW for one that is too large.

    Raises SourceError, with the line, for XML that breaks off or is not well-formed, for a document type declaration
    or entities, where there is nothing that could be an item, and where no item has an id or a picture.
    """
    choice = _Choice(mapping)
    target = _Target()
    for item in _items(path, feed, target):
        if item.too_much:
            detail = f"line {item.line}: the item holds too much to be one product; it was left out"
            yield Trouble("collect", TroubleKind.BAD_ROW, detail, feed)
        else:
            yield choice.row(item)
    choice.check(feed)
    if not choice.items:
        if target.root.lower() not in {"rss", "feed", "rdf"}:
            hint = "A product feed is RSS with <item> or Atom with <entry>."
            raise SourceError(f"{feed} is XML with the root <{target.root}> and holds no items.", hint)
        notes.add(f"{feed} holds no items")


def _items(path: Path, feed: str, target: _Target) -> Iterator[_Item]:
    parser = DefusedXMLParser(target=target, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    target.line = lambda: int(parser.parser.CurrentLineNumber)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                parser.feed(chunk)
                yield from target.done
                target.done.clear()
        parser.close()
    except ParseError as error:
        hint = "Nothing of it was taken. Export it again; a feed that breaks off may have been cut in transfer."
        if "unbound prefix" in str(error):
            hint = 'Declare Google\'s prefix: <rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">'
        raise SourceError(f"{feed} is not well-formed XML: {error}.", hint) from error
    except DefusedXmlException as error:
        message = f"{feed} has a document type declaration or entities, which are refused."
        raise SourceError(message, "Product feeds need none; take the <!DOCTYPE …> out.") from error
    except (ValueError, LookupError) as error:
        message = f"{feed} declares an encoding that cannot be read ({error})."
        raise SourceError(message, "Save it again as UTF-8.") from error
    yield from target.done
    target.done.clear()


class _Choice:
    """Which names of the items are which fields; the names met are kept for messages."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self._mapping = {field: column for field, column in mapping.items() if column != NO_COLUMN}
        self._names = {
            field: (plain(mapping[field]),) if field in mapping else conventions
            for field, conventions in CONVENTIONS.items()
            if mapping.get(field) != NO_COLUMN and (field in mapping or field not in _ONLY_MAPPED)
        }
        self._met: dict[str, None] = {}
        self._filled: set[str] = set()
        self.items = 0

    def row(self, item: _Item) -> Row:
        """The item as a row; the first of several values counts, but for pictures, where all do."""
        self.items += 1
        values = {plain(name): texts for name, texts in item.values.items()}
        if len(self._met) < _MOST_NAMES:
            self._met.update(dict.fromkeys(item.values))
        fields: dict[str, str] = {}
        used: set[str] = set()
        for field, names in self._names.items():
            again = field == "google_category"  # it may be the feed's only category, and is known as Google's then
            name = next((name for name in names if name in values and (again or name not in used)), None)
            if name is None:
                continue
            used.add(name)
            self._filled.add(field)
            fields[field] = values[name][0] if field not in _PICTURES else name
        pictures = self._pictures(fields, values)
        attributes = {name: ", ".join(texts) for name, texts in item.values.items() if plain(name) not in used}
        return Row(f"line {item.line}", fields, tuple(pictures), attributes)

    def _pictures(self, fields: dict[str, str], values: Mapping[str, Sequence[str]]) -> list[RowPicture]:
        role, position = fields.pop("role", None), fields.pop("position", None)
        first, *repeated = values[fields.pop("image")] if "image" in fields else [""]
        pictures = [RowPicture(first, role, position)] if first else []
        pictures += [RowPicture(uri) for uri in repeated]
        more = values[fields.pop("additional_images")] if "additional_images" in fields else ()
        pictures += [RowPicture(uri) for text in more for uri in _uris(text)]
        lifestyle = values[fields.pop("lifestyle_image")] if "lifestyle_image" in fields else ()
        return pictures + [RowPicture(uri, "lifestyle") for text in lifestyle for uri in _uris(text)]

    def check(self, feed: str) -> None:
        """Refuse a feed none of whose items had what is needed, or what the user mapped."""
        if not self.items:
            return
        missing = [field for field in (*REQUIRED, *self._mapping) if field not in self._filled]
        if missing:
            raise missing_columns(list(dict.fromkeys(missing)), list(self._met), feed)


def _uris(text: str) -> list[str]:
    """Google asks for an element per picture; feeds that list URLs in one are understood, commas in names are kept."""
    return split_uris(text) if text[:4].lower() == "http" else [text]
