"""One file or object to one asset: found where it may lie, read within limits, hashed, its header looked at."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from blake3 import blake3

from packshot.collect.archive import open_archive
from packshot.collect.objects import store_of
from packshot.collect.paths import as_media_error, open_inside, resolve_local
from packshot.collect.places import names_object, parse_object
from packshot.collect.stamp import Stamp
from packshot.collect.uris import file_uri, local_name
from packshot.core.asset import Asset, AssetKind
from packshot.core.errors import MediaError
from packshot.core.trouble import Trouble, TroubleKind
from packshot.media.limits import DEFAULT_LIMITS, Limits
from packshot.media.read_header import read_header
from packshot.media.sniff import sniff

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from packshot.collect.places import ObjectUri, Place
    from packshot.media.header import Header

T = TypeVar("T")

STORED, REFERENCED = "stored", "referenced"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was read."""

    asset: Asset
    data: bytes
    stamp: Stamp
    """Of the very file or object that `data` came from."""
    header: Header | None
    """None where the header cannot be read: decoding will say why."""


def stamp_of(source_uri: str, place: Place) -> Stamp:
    """The stamp of what `source_uri` names, for comparing with that of the last fetch; asks an object store each time.

    Raises MediaError as `fetch_one` finds troubles.
    """
    if objects := place.objects(source_uri):
        return first_of(objects, lambda found: store_of(found.scheme).stamp(found))
    if place.archive:
        return open_archive(place.archive).stamp(place.member(source_uri))
    try:
        found = resolve_local(source_uri, place.folder).stat()
    except OSError as error:
        raise as_media_error(error) from error
    return Stamp(found.st_size, found.st_mtime_ns)


def fetch_one(  # noqa: PLR0913 - two places, and four things that change what is done with them
    source_uri: str,
    place: Place,
    limits: Limits = DEFAULT_LIMITS,
    *,
    blob: str = STORED,
    placement_id: str | None = None,
    at_most: int | None = None,
) -> Fetched | Trouble | None:
    """Read the picture that a placement names and say what it is; a Trouble (stage `fetch`) where it cannot be read.

    Reads the disk or an object store and writes nothing, for use in workers. `place` is the `base` of the open source.
    `blob` is `stored` or `referenced` and goes into the asset. A file whose content is no picture is fetched all the
    same (its asset has an empty format); that becomes a trouble when it is decoded. None where an object has more
    bytes than `at_most`. What changes while it is read is read once more.
    """
    try:
        try:
            got = _got(source_uri, place, limits, at_most)
        except MediaError as error:
            if error.kind is not TroubleKind.CHANGED:
                raise
            got = _got(source_uri, place, limits, at_most)
    except MediaError as error:
        return Trouble("fetch", error.kind, error.message, source_uri, placement_id=placement_id)
    if got is None:
        return None
    data, stamp, ref_uri = got
    blob = blob if ref_uri else STORED
    asset, header = describe(data, limits, blob=blob, ref_uri=ref_uri if blob == REFERENCED else None)
    return Fetched(asset, data, stamp, header)


def _got(source_uri: str, place: Place, limits: Limits, at_most: int | None) -> tuple[bytes, Stamp, str] | None:
    """Bytes, stamp and the place where they lie; empty where they cannot be referred to."""
    if objects := place.objects(source_uri):

        def get(found: ObjectUri) -> tuple[bytes, Stamp, str] | None:
            got = store_of(found.scheme).get(found, limits, at_most=at_most)
            return (*got, str(found)) if got else None

        return first_of(objects, get)
    if place.archive:
        return *open_archive(place.archive).read(place.member(source_uri), limits), ""
    path = resolve_local(source_uri, place.folder)
    data, stamp = _read(open_inside(path, place.folder), limits)
    return data, stamp, file_uri(path)


def first_of(objects: Sequence[ObjectUri], ask: Callable[[ObjectUri], T]) -> T:
    """What `ask` gives for the first of several spellings that is there. Raises MediaError, NOT_FOUND where none is."""
    for found in objects[:-1]:
        try:
            return ask(found)
        except MediaError as error:
            if error.kind is not TroubleKind.NOT_FOUND:
                raise
    return ask(objects[-1])


def describe(
    data: bytes, limits: Limits = DEFAULT_LIMITS, *, blob: str = STORED, ref_uri: str | None = None
) -> tuple[Asset, Header | None]:
    """The asset that some bytes are, and their header where it can be read.

    More than one frame makes an animation. Where the header is refused (too many pixels, cut short), the format is
    still told from the first bytes and the size stays unknown.
    """
    header: Header | None
    try:
        header = read_header(data, limits)
    except MediaError:
        # Not silent: whoever decodes these bytes gets the same error and records it.
        header = None
    kind = AssetKind.ANIMATION if header is not None and header.frames > 1 else AssetKind.IMAGE
    asset = Asset(
        asset_id=blake3(data).hexdigest(),
        kind=kind,
        format=header.format if header is not None else sniff(data) or "",
        bytes=len(data),
        width_px=header.width_px if header is not None else None,
        height_px=header.height_px if header is not None else None,
        blob=blob,
        ref_uri=ref_uri,
    )
    return asset, header


def read_located(ref_uri: str, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The bytes of a picture that is referenced in place: a `ref_uri` of the table of assets, on disk or in a store.

    Raises MediaError as `fetch_one` finds troubles. Whether they are the bytes that were read first, their hash says.
    """
    if names_object(ref_uri):
        found = parse_object(ref_uri)
        got = store_of(found.scheme).get(found, limits)
        assert got is not None  # noqa: S101 - only a smaller limit gives None; this tells the types
        return got[0]
    path = Path(local_name(ref_uri))
    return _read(open_inside(path, Path(path.anchor or "/")), limits)[0]


def read_referenced(asset: Asset, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The bytes of an asset that is referenced in place, proved to be the ones it was made from.

    Raises MediaError: CHANGED where they are others now, and as `fetch_one` finds troubles otherwise.
    """
    data = read_located(asset.ref_uri or "", limits)
    if blake3(data).hexdigest() != asset.asset_id:
        raise MediaError(TroubleKind.CHANGED, "the file no longer has the bytes that were read first")
    return data


def _read(descriptor: int, limits: Limits) -> tuple[bytes, Stamp]:
    """All bytes behind a descriptor, which is closed, and the stamp they had."""
    try:
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            before = _stamp(descriptor)
            limits.check_bytes(before.size_bytes)
            data = file.read(before.size_bytes) or b""
            while len(data) < before.size_bytes and (more := file.read(before.size_bytes - len(data))):
                data += more
            after = _stamp(descriptor)
    except OSError as error:
        raise as_media_error(error) from error
    if after != before or len(data) != before.size_bytes:
        raise MediaError(TroubleKind.CHANGED, "the file changed while it was being read")
    return data, before


def _stamp(descriptor: int) -> Stamp:
    found = os.fstat(descriptor)
    return Stamp(found.st_size, found.st_mtime_ns)
