"""Rows to listings and placements: ids, roles, positions and conflicts, the same for every source."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from packshot.collect.columns import NO_COLUMN, plain
from packshot.collect.role_words import is_front, role_of
from packshot.collect.uris import UriKeys, placement_id, redact
from packshot.collect.web.urls import names_web
from packshot.core.errors import SourceError
from packshot.core.listing import Listing, Placement, Role
from packshot.core.plural import plural
from packshot.core.trouble import Trouble, TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from packshot.collect.rows import Notes, Row, RowPicture

MAX_ID_CHARS = 1000
MAX_URI_CHARS = 4096

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters beside tab and line ends, and bytes that were no text."""
_DAMAGED = re.compile(r"[\x00\ud800-\udfff]")
_WHOLE = re.compile(r"\+?(\d{1,9})(?:[.,]0*)?")
_BLANK = "\ufeff\u200b"
_MOST_ROLES = 100
_LAST = 1 << 31
"""Where a picture without a position stands: after all that have one."""
NO_MAIN = (
    "no picture of the feed has the role main, so that no listing has a main picture. Write main, "
    f"{', '.join(role.value for role in Role if role is not Role.MAIN)}, "
    f"or leave the column out: --map role={NO_COLUMN}"
)
FRONT_ALONE = (
    "a picture is called {word!r}, which counts as secondary, and none is called main: {where}. Is it the main "
    "picture? Then write main in its place, or leave the column out and the first picture of each listing is it: "
    f"--map role={NO_COLUMN}"
)


class _Seen:
    """What is remembered of one listing, in as little memory as possible."""

    __slots__ = ("count", "facts", "front", "has_main", "main", "ranks", "title", "warned")

    def __init__(self) -> None:
        self.count = -1
        """Pictures given so far; -1 before the listing itself was."""
        self.title: int | None = None
        self.facts: int | None = None
        self.main: int | None = None
        """Which picture without a role is the main one; -1 where a row names the main picture itself."""
        self.ranks: list[int] | None = None
        """First the given positions in order of appearance, then the ranks made from them."""
        self.front: str | None = None
        """The word for a front view that one of its pictures is called by, as written."""
        self.has_main = False
        self.warned = False


class Assembler:
    """Makes listings and placements from the rows of one read of one source.

    Call `learn` with every row first where rows may carry roles or positions, then `records` with every row. Memory
    grows with the number of listings and placements seen (some 300 bytes for each), not with what they hold.
    """

    def __init__(self, source_id: str, base: str | Path, feed: str, notes: Notes) -> None:
        """Make ids with `source_id`; relative places start at `base`; `feed` is how troubles name the source."""
        self._source_id = source_id
        self._keys = UriKeys(base)
        self._feed = feed
        self._notes = notes
        self._listings: dict[str, _Seen] = {}
        self._placed: set[int] = set()
        self._repeats: dict[int, int] = {}
        self._roles: dict[str, Role | None] = {}
        self._mains = self._unknown = 0
        self.originals: dict[str, str] = {}
        """By `uri_key`, web addresses as written where their secrets were taken out: for asking, never for keeping."""

    def learn(self, row: Row) -> None:
        """Take in where the pictures of a row stand; gives nothing."""
        listing_id = row.fields.get("listing_id", "").strip().strip(_BLANK)
        if _id_fault(listing_id):
            return
        seen = self._listings.setdefault(listing_id, _Seen())
        if seen.ranks is None:
            seen.ranks = []
        for picture in row.pictures:
            uri = picture.uri.strip()
            if not uri or _uri_fault(uri):
                continue
            position = _position(picture.position)
            seen.ranks.append(_LAST if position is None else position)
            role = self._role(picture.role)
            if role is Role.MAIN:
                seen.main = -1
            elif role is None and seen.main != -1:
                index = len(seen.ranks) - 1
                if seen.main is None or seen.ranks[index] < seen.ranks[seen.main]:
                    seen.main = index

    def records(self, row: Row) -> Iterator[Listing | Placement | Trouble]:
        """The listing when it is new, then the pictures of the row, or what is wrong with them."""
        listing_id = row.fields.get("listing_id", "").strip().strip(_BLANK)
        fault = _id_fault(listing_id)
        if fault:
            yield from self._without_listing(row, fault)
            return
        seen = self._listings.get(listing_id)
        if seen is None:
            seen = self._listings[listing_id] = _Seen()
        if seen.count < 0:
            seen.count = 0
            yield self._listing(listing_id, row, seen)
        else:
            yield from self._conflicts(listing_id, row, seen)
        for picture in row.pictures:
            uri = picture.uri.strip()
            if not uri:
                continue
            fault = _uri_fault(uri)
            if fault:
                yield self._trouble(row, fault)
            else:
                yield self._placement(listing_id, uri, picture, row, seen)

    def end(self) -> None:
        """Note what only the whole feed tells; to be called after its last row."""
        without = (one for one in self._listings.items() if not one[1].has_main and one[1].main in {None, -1})
        if fronts := [(name, seen.front) for name, seen in without if seen.front]:
            name, word = fronts[0]
            where = f"{plural(len(fronts), 'listing')}, such as {name[:80]!r}"
            self._notes.add(FRONT_ALONE.format(word=word, where=where))
        elif self._unknown and not self._mains:
            self._notes.add(NO_MAIN)

    def _without_listing(self, row: Row, fault: str) -> Iterator[Trouble]:
        uris = [picture.uri.strip() for picture in row.pictures if picture.uri.strip()]
        blank = not uris and not any(value.strip() for value in row.fields.values())
        if blank and not any(value.strip() for value in row.attributes.values()):
            self._notes.add("empty rows were left out", row.where)
        elif not uris:
            yield self._trouble(row, fault)
        for uri in uris:
            shown = self._feed if _uri_fault(uri) else redact(uri)
            yield Trouble("collect", TroubleKind.BAD_ROW, f"{row.where}: {fault}", shown)

    def _listing(self, listing_id: str, row: Row, seen: _Seen) -> Listing:
        texts = {name: self._text(value, row.where) for name, value in row.fields.items() if value}
        texts.pop("listing_id", None)
        seen.title = _fingerprint(row.fields.get("title", "").strip())
        seen.facts = _facts(row)
        attributes = {name: text for name, value in row.attributes.items() if (text := self._text(value, row.where))}
        return Listing(
            listing_id,
            title=texts.get("title"),
            category=texts.get("category"),
            google_category=texts.get("google_category"),
            brand=texts.get("brand"),
            gtin=texts.get("gtin"),
            variant_group_id=texts.get("variant_group_id"),
            attributes=attributes,
        )

    def _conflicts(self, listing_id: str, row: Row, seen: _Seen) -> Iterator[Trouble]:
        """What a later row of a listing says otherwise than the first one did; the first one stands."""
        title = row.fields.get("title", "").strip()
        if title and _fingerprint(title) != seen.title and not seen.warned:
            seen.warned = True
            detail = f"the listing {_shown(listing_id)} has another title here ({_shown(title)}) than in its first row,"
            yield self._trouble(row, f"{detail} which is kept; the pictures of both rows are")
        facts = _facts(row)
        if facts is not None and facts != seen.facts:
            what = "category, brand, gtin or variant group"
            self._notes.add(f"rows name another {what} than the first row of their listing, which is kept", row.where)

    def _placement(self, listing_id: str, uri: str, picture: RowPicture, row: Row, seen: _Seen) -> Placement:
        index = seen.count
        seen.count += 1
        if picture.position not in (None, "") and _position(picture.position) is None:
            self._notes.add("positions that are no whole number from 0 up were ignored", row.where)
        key, shown = self._keys.key(uri), redact(uri)
        if shown != uri and names_web(uri):
            self.originals[key] = uri
        supplier = row.fields.get("supplier")
        return Placement(
            placement_id=self._placement_id(listing_id, key, row.where),
            listing_id=listing_id,
            uri_key=key,
            source_uri=shown,
            role=self._role_of(picture, index, row.where, seen),
            position=_rank(seen, index),
            supplier=self._text(supplier, row.where) if supplier else None,
        )

    def _placement_id(self, listing_id: str, key: str, where: str) -> str:
        """The id, with an ordinal that says how often this listing has shown this picture before.

        64 bits stand for the pair to save memory: were two pairs ever to share them, an ordinal would be 1 for 0.
        """
        first = placement_id(self._source_id, listing_id, key, 0)
        pair = int(first[:16], 16)
        if pair not in self._placed:
            self._placed.add(pair)
            return first
        ordinal = self._repeats.get(pair, 0) + 1
        self._repeats[pair] = ordinal
        self._notes.add("the same picture stands on the same listing more than once", where)
        return placement_id(self._source_id, listing_id, key, ordinal)

    def _role_of(self, picture: RowPicture, index: int, where: str, seen: _Seen) -> Role:
        role = self._role(picture.role)
        if role is None:
            if seen.main is None:
                seen.main = index
            role = Role.MAIN if seen.main == index else Role.SECONDARY
        elif role is Role.MAIN:
            if seen.has_main:
                self._notes.add("pictures have the role main on a listing that has a main picture already", where)
            seen.has_main = True
        elif role is Role.SECONDARY and self._known(picture.role or "") is None:
            self._unknown += 1
            known = plain(picture.role or "")[:40] if len(self._roles) < _MOST_ROLES else "of many names"
            self._notes.add(f"the role {known!r} is not known and counts as secondary", where)
        elif role is Role.SECONDARY and seen.front is None and is_front(picture.role or ""):
            seen.front = sys.intern((picture.role or "").strip()[:40])
        self._mains += role is Role.MAIN
        return role

    def _role(self, written: str | None) -> Role | None:
        """The role of a picture; None where the feed says none. An unknown word counts as secondary."""
        return None if not written or written.isspace() else self._known(written) or Role.SECONDARY

    def _known(self, written: str) -> Role | None:
        if written in self._roles:
            return self._roles[written]
        role = role_of(written)
        if len(self._roles) < _MOST_ROLES:
            self._roles[written] = role
        return role

    def _text(self, value: str, where: str) -> str | None:
        if _DAMAGED.search(value):
            self._notes.add("bytes that are no text were replaced in titles or attributes", where)
            value = _DAMAGED.sub("\ufffd", value)
        return value.strip() or None

    def _trouble(self, row: Row, detail: str) -> Trouble:
        return Trouble("collect", TroubleKind.BAD_ROW, f"{row.where}: {detail}", self._feed)


def _id_fault(listing_id: str) -> str:
    """What is wrong with a listing's id; empty when nothing is.

    Line breaks, `..` and markup inside an id are data and stay; what shows or stores ids must escape them anyway.
    """
    if not listing_id:
        return "the row has no listing id"
    if len(listing_id) > MAX_ID_CHARS:
        return f"the listing id has {len(listing_id):,} characters; at most {MAX_ID_CHARS:,} are taken"
    if _FORBIDDEN.search(listing_id):
        return f"the listing id holds control characters or bytes that are no text: {_shown(listing_id)}"
    return ""


def _uri_fault(uri: str) -> str:
    """What is wrong with a picture's place as text; empty when nothing is."""
    if uri[:5].casefold() == "data:":
        return "the picture stands in the feed itself (data:); give it as a file"
    if len(uri) > MAX_URI_CHARS:
        return f"the picture's place has {len(uri):,} characters; at most {MAX_URI_CHARS:,} are taken"
    if _FORBIDDEN.search(uri):
        return "the picture's place holds control characters or bytes that are no text"
    return ""


def _position(written: str | int | None) -> int | None:
    if written is None or isinstance(written, int):
        return written
    found = _WHOLE.fullmatch(written.strip())
    return int(found[1]) if found else None


def _rank(seen: _Seen, index: int) -> int:
    if seen.ranks is None:
        return index
    if index == 0:
        order = sorted(range(len(seen.ranks)), key=seen.ranks.__getitem__)
        seen.ranks = [rank for _, rank in sorted(zip(order, range(len(order)), strict=True))]
    if index >= len(seen.ranks):
        raise SourceError("The source changed while it was being read.", "Run again once it is at rest.")
    return seen.ranks[index]


def _fingerprint(text: str) -> int | None:
    return hash(text) if text else None


def _facts(row: Row) -> int | None:
    get = row.fields.get
    category, brand, gtin, group = get("category"), get("brand"), get("gtin"), get("variant_group_id")
    return hash((category, brand, gtin, group)) if category or brand or gtin or group else None


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "…")  # noqa: PLR2004 - a line in a table
