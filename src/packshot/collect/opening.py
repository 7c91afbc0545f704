"""Chooses the source for a location and reads it: the door to everything in `collect`."""

from __future__ import annotations

import difflib
import json
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.collect.assemble import Assembler
from packshot.collect.columns import check_mapping
from packshot.collect.encoding import no_text
from packshot.collect.form import Form
from packshot.collect.objects import store_of
from packshot.collect.places import ObjectUri, Place, allowed_prefixes, names_object, parse_object
from packshot.collect.remote import copied, look_remote, remote_feeds
from packshot.collect.rows import Notes, Row
from packshot.collect.source import GroupBy, Location, Options, Source
from packshot.collect.uris import file_uri, is_network, local_name, redact, source_id_of, uri_of_name
from packshot.collect.web.settings import WebSettings
from packshot.collect.web.urls import lent, names_web
from packshot.collect.web_feed import look_web
from packshot.collect.zip_feed import is_zip, look_into, place_of_archive
from packshot.core.errors import MediaError, SourceError, UnknownName, UsageError
from packshot.core.listing import Listing, Placement
from packshot.plugins import discover

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from packshot.collect.digest import Record

_HEAD_BYTES = 1 << 16
_FOLDER = "folder"
_SURE = 0.9
"""From this score on a file found in a folder is its feed."""
_PERHAPS = 0.5
"""From this score on a file in a folder or an archive may be its feed, once its columns are known."""
_UNLIKELY = 0.1
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_CHAIN = re.compile(r"^[a-z][a-z0-9+.-]*::", re.IGNORECASE)
_FEED_EXTENSIONS = frozenset({".csv", ".tsv", ".tab", ".txt", ".xml", ".rss", ".atom", ".jsonl", ".ndjson", ".parquet"})


class OpenSource:
    """A source at a place, ready to be read."""

    def __init__(  # noqa: PLR0913, PLR0917 - made in one place, of what that place found out
        self,
        kind: str,
        source: Source,
        location: Location,
        options: Options,
        note: str = "",
        allowed: tuple[str, ...] = (),
        web: WebSettings | None = None,
    ) -> None:
        """Made by `open_source`; `note` is the first of the notes of every read, `allowed` and `web` are for `base`."""
        self.kind = kind
        """The id of the source: `folder`, `delimited`, `google_merchant`, or that of a plug-in."""
        self.path = location.path
        self.base = _place(location, allowed, web)
        """Where its pictures must lie, for `fetch_one`."""
        self._file = Path(location.archive) if location.archive else location.path
        self.uri = redact(location.web) or (str(location.remote) if location.remote else file_uri(self._file))
        """Where the source is, for the table of sources; there are no credentials in it."""
        self.source_id = source_id_of(location.web or (self.uri.rstrip("/") if location.remote else self._file))
        self.originals: dict[str, str] = {}
        """By `uri_key`, the web addresses of the last read that tables must not show; kept nowhere."""
        self.options = options
        self.notes = Notes()
        """What the last read wants to say beside its troubles; complete when the read is."""
        self._source = source
        self._location = location
        self._note = note
        self._lends = self.base.is_web and bool(lent(location.web, self.base.root))

    @property
    def mapping_json(self) -> str:
        """How the source is read, as JSON: its kind, the mapping and what makes a listing."""
        options: dict[str, object] = {"kind": self.kind, "mapping": dict(self.options.mapping)}
        options["group_by"] = self.options.group_by.value
        if form := self.options.form.said():
            options["form"] = form
        if self.base.allowed:
            options["allow_prefixes"] = list(self.base.allowed)
        if web := self.base.web.differing():
            options["web"] = web
        return json.dumps(options, sort_keys=True)

    def records(self) -> Iterator[Record]:
        """Every listing, placement and trouble, in the order of the source, each listing before its placements.

        May be called again. A read counts only when it has come to its end without an error. Raises SourceError where
        the source cannot be read as a whole, or has changed while it was read.
        """
        self.notes = Notes()
        if self._note:
            self.notes.add(self._note)
        before = self._stamp()
        feed = uri_of_name(self.path.name or "/")
        assembler = Assembler(self.source_id, self.base.root, feed, self.notes)
        self.originals = assembler.originals
        if self._source.tells_order(self._location, self.options):
            for row in self._source.rows(self._location, self.options, Notes()):
                if isinstance(row, Row):
                    assembler.learn(row)
        listings = 0
        for row in self._source.rows(self._location, self.options, self.notes):
            if isinstance(row, Row):
                for record in assembler.records(row):
                    listings += isinstance(record, Listing)
                    self._lend(record)
                    yield record
            else:
                yield row
        assembler.end()
        if self._stamp() != before:
            raise SourceError(f"{feed} changed while it was being read.", "Run again once it is at rest.")
        if not listings:
            self.notes.add("the source holds no listings")

    def _lend(self, record: Record) -> None:
        """Ask for a picture beside a feed on the web with the credentials that the feed was asked for with."""
        if not (self._lends and isinstance(record, Placement)) or names_web(record.source_uri):
            return
        try:
            url = self.base.web_url(record.source_uri)
        except MediaError:
            return  # not silent: it is raised again when the picture is asked for
        if asked := lent(self._location.web, url or ""):
            self.originals[record.uri_key] = asked

    def _stamp(self) -> tuple[int, int, int] | None:
        """What tells that a feed has changed; None for a folder, where files may come and go, and for a copy."""
        if self._location.is_folder or self._location.remote or self._location.web:
            return None
        try:
            found = self._file.stat()
        except OSError as error:
            raise _unreadable(self._file, error) from error
        return found.st_ino, found.st_size, found.st_mtime_ns


def open_source(  # noqa: PLR0913 - the options of `packshot run` that concern the source
    location: str | Path,
    *,
    kind: str | None = None,
    mapping: Mapping[str, str] | None = None,
    group_by: str | None = None,
    skip: Sequence[str | Path] = (),
    allow_prefixes: Sequence[str] = (),
    web: WebSettings | None = None,
    form: Form | None = None,
) -> OpenSource:
    """The source at `location`, chosen by content unless `kind` names it: a file, a folder, `file:`, `s3://`, `https://`.

    A feed in an object store or on the web is copied to a temporary file, of one version, which goes with the
    OpenSource. `web` says how the web is asked, for the feed and for the pictures that it names there.

    A folder that holds exactly one feed right in it is read by that feed; `kind="folder"` or any `group_by` reads the
    folder itself. `mapping` is field → column; `group_by` is `file` or `folder`; folders in `skip` are not read.
    `allow_prefixes` are prefixes of object stores whose pictures the feed may name beside those that lie below it.
    `form` is how a feed of text is written, where its content does not tell.

    Raises SourceError where there is nothing, or nothing that can be read; UnknownName for an unknown kind or field;
    UsageError for options that do not go together; MissingExtra where the package for an object store is missing.
    """
    allowed = _allowed(allow_prefixes)
    options = Options(check_mapping(mapping or {}), _group_by(group_by), tuple(skip), form or Form())
    kinds = discover("sources", Source)
    if kind is not None and kind not in kinds:
        raise UnknownName("source", kind, kinds)
    found = _look_at(location, web or WebSettings())
    if is_zip(found):
        found = look_into(found, _FEED_EXTENSIONS, _HEAD_BYTES, lambda one: _is_feed(one, options, kinds, kind))
    path = found.path
    note = ""
    if found.is_folder and kind is None and group_by is None and (feed := _feed_of(found, options, kinds)):
        found = copied(feed.remote, _HEAD_BYTES) if feed.remote else feed
        note = f"the folder is read by its feed {uri_of_name(feed.path.name)}"
    if not found.is_folder and group_by is not None:
        name = uri_of_name(path.name)
        message = f"--group-by is for folders, and {name} is a feed, which says what its listings are."
        raise UsageError(message, "Leave --group-by out.")
    chosen = kind or _choose(found, options, kinds)
    _hold_fit(chosen, found, options, path)
    return OpenSource(chosen, kinds[chosen](), found, options, note, allowed, web)


def _hold_fit(chosen: str, found: Location, options: Options, path: Path) -> None:
    """Raise UsageError where a source cannot read what is there in this way."""
    if found.is_folder != (chosen == _FOLDER) and chosen in {_FOLDER, "delimited", "google_merchant"}:
        what = "a folder" if found.is_folder else "a file"
        raise UsageError(
            f"{uri_of_name(path.name)} is {what}, which cannot be read as {chosen}.", "Leave the kind out."
        )
    if chosen == _FOLDER and options.mapping:
        message = "--map is for feeds, and no feed was found in this folder."
        raise UsageError(message, "Name the feed itself, or leave --map out.")


def first_look(
    location: str | Path, *, kind: str | None = None, options: Options | None = None, web: WebSettings | None = None
) -> tuple[Location, str, str]:
    """What is at `location`, the kind of source that reads it best, and a note: for looking, also where none is sure.

    In a folder or a zip archive it is the one feed, however unsure of its columns anybody is. Raises SourceError where
    there is nothing, nothing that could be read, or several feeds.
    """
    options, kinds = options or Options(), discover("sources", Source)
    if kind is not None and kind not in kinds:
        raise UnknownName("source", kind, kinds)
    found = _look_at(location, web or WebSettings())
    if is_zip(found):
        try:
            found = look_into(found, _FEED_EXTENSIONS, _HEAD_BYTES, lambda one: _is_feed(one, options, kinds, kind))
        except SourceError:
            found = look_into(found, _FEED_EXTENSIONS, _HEAD_BYTES, lambda one: _may_be_feed(one, options, kinds))
    note = ""
    if found.is_folder and kind is None and (feed := _feed_of(found, options, kinds) or _unsure_feed(found, kinds)):
        found = copied(feed.remote, _HEAD_BYTES) if feed.remote else feed
        note = f"the folder is read by its feed {uri_of_name(feed.path.name)}"
    return found, kind or _choose(found, options, kinds), note


def _may_be_feed(location: Location, options: Options, kinds: Mapping[str, type[Source]]) -> bool:
    return any(source.accepts(location, options) >= _PERHAPS for source in kinds.values())


def _unsure_feed(folder: Location, kinds: Mapping[str, type[Source]]) -> Location | None:
    """The one table right in a folder whose columns nobody knows yet."""
    if folder.remote:
        return None
    found = [one for one in _local_feeds(folder) if _may_be_feed(one, Options(), kinds)]
    return found[0] if len(found) == 1 else None


def _place(location: Location, allowed: tuple[str, ...], web: WebSettings | None) -> Place:
    if location.archive:
        root = place_of_archive(location)
        return Place(root, allowed, web or WebSettings(), location.archive, location.inside)
    if location.web:
        return Place.beside(location.web, allowed, web)
    remote = location.remote
    if remote is None:
        return Place.of(location.path if location.is_folder else location.path.parent, allowed, web)
    above = remote.key.rpartition("/")[0]
    return Place.below(ObjectUri(remote.scheme, remote.bucket, above), allowed, web)


def _allowed(texts: Sequence[str]) -> tuple[str, ...]:
    try:
        allowed = allowed_prefixes(texts)
        for prefix in allowed:
            store_of(parse_object(prefix).scheme)
    except MediaError as error:
        message = f"--allow-prefix: {error.message}."
        raise UsageError(message, "For example: --allow-prefix s3://bucket/pictures/") from error
    return allowed


def _look_at(location: str | Path, web: WebSettings) -> Location:
    found = _look_anywhere(location, web)
    if found.path.suffix.lower() in _WORKBOOKS and no_text(found.head):  # some shops call their CSV .xls
        message = f"{uri_of_name(found.path.name)} is no feed of text. This is a workbook; save the sheet as CSV UTF-8."
        raise SourceError(message, "Then name that file.")
    return found


def _look_anywhere(location: str | Path, web: WebSettings) -> Location:
    if isinstance(location, str) and names_object(location):
        return look_remote(location, _HEAD_BYTES)
    if isinstance(location, str) and names_web(location):
        return look_web(location, _HEAD_BYTES, web)
    return _look(_path_of(location))


def _path_of(location: str | Path) -> Path:
    text = os.fspath(location)
    if isinstance(location, str) and is_network(location):
        message = f"{redact(location)} lies on the network; files, folders, https:// and s3:// places are read."
        raise SourceError(message, "Download it and name the file.")
    if isinstance(location, str) and _CHAIN.search(location):
        raise SourceError("One address inside another (::) is not read.", "Name a file, a folder or an s3:// place.")
    try:
        name = local_name(text)
    except MediaError as error:
        raise SourceError(f"{redact(text)!r} cannot be read: {error.message}.", "Name a file or folder.") from error
    return Path(os.path.abspath(name))  # noqa: PTH100 - `..` must go; links stay


def _group_by(word: str | None) -> GroupBy:
    if word is None:
        return GroupBy.FILE
    try:
        return GroupBy(word)
    except ValueError:
        raise UnknownName("way to group a folder", word, [way.value for way in GroupBy]) from None


def _look(path: Path) -> Location:
    """What is at `path`. Raises SourceError where that is neither a file nor a folder, or cannot be read."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return Location(path, is_folder=True, head=b"")
        if not stat.S_ISREG(mode):
            message = f"{uri_of_name(path.name)} is neither a file nor a folder."
            raise SourceError(message, "A feed is read more than once: write it to a file first.")
        with path.open("rb") as file:
            return Location(path, is_folder=False, head=file.read(_HEAD_BYTES))
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> SourceError:
    name = uri_of_name(str(path))
    if not isinstance(error, FileNotFoundError):
        return SourceError(f"{name} cannot be read: {error.strerror}.", "Check its permissions.")
    try:
        near = difflib.get_close_matches(path.name, (other.name for other in path.parent.iterdir()), cutoff=0.6)
    except OSError:
        return SourceError(f"There is no {name}.", f"Nor is there a folder {uri_of_name(str(path.parent))}.")
    known = " or ".join(uri_of_name(word) for word in near)
    return SourceError(f"There is no {name}.", f"Did you mean {known}?" if near else "Name a feed or a folder.")


def _choose(location: Location, options: Options, kinds: Mapping[str, type[Source]]) -> str:
    scores = {name: source.accepts(location, options) for name, source in kinds.items()}
    best = max(scores, key=scores.__getitem__)
    if scores[best] < _SURE and location.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        message = (
            f"{uri_of_name(location.path.name)} looks like one JSON list; JSON Lines are read, an object in each line."
        )
        raise SourceError(message, "Write it so: jq -c '.[]' feed.json > feed.jsonl")
    if scores[best] < _UNLIKELY:
        message = f"{uri_of_name(location.path.name)} is no feed that can be read here."
        hint = (
            "Feeds are CSV, TSV, JSON Lines, Parquet, Google Merchant XML, lists of addresses, or a zip archive with "
            "one of these; pictures are given as their folder, or to `packshot check`."
            if location.head
            else "The file is empty."
        )
        raise SourceError(message, hint)
    return best


def _feed_of(folder: Location, options: Options, kinds: Mapping[str, type[Source]]) -> Location | None:
    """The one feed right in a folder; None where there is none. Raises SourceError where there are several."""
    remote = folder.remote
    found = remote_feeds(remote, _FEED_EXTENSIONS, _HEAD_BYTES) if remote else _local_feeds(folder)
    feeds = [location for location in found if _is_feed(location, options, kinds)]
    if len(feeds) > 1:
        names = ", ".join(uri_of_name(feed.path.name) for feed in feeds)
        hint = "Name the one to read, or say --group-by file to read the folder's pictures without a feed."
        raise SourceError(f"The folder holds {len(feeds)} feeds: {names}.", hint)
    return feeds[0] if feeds else None


def _is_feed(location: Location, options: Options, kinds: Mapping[str, type[Source]], kind: str | None = None) -> bool:
    """Whether a source, or the one that is called `kind`, is sure of a file."""
    asked = [source for name, source in kinds.items() if kind in {None, name}]
    return max(source.accepts(location, options) for source in asked) >= _SURE


def _local_feeds(folder: Location) -> Iterator[Location]:
    try:
        paths = sorted(path for path in folder.path.iterdir() if path.suffix.lower() in _FEED_EXTENSIONS)
    except OSError as error:
        raise _unreadable(folder.path, error) from error
    for path in paths:
        if not path.name.startswith(".") and path.is_file():
            yield _look(path)
