"""One file to one asset: found where it may lie, read within limits, hashed, and looked at from its header."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from blake3 import blake3

from packshot.collect.paths import as_media_error, open_inside, resolve_local
from packshot.collect.uris import file_uri, local_name
from packshot.core.asset import Asset, AssetKind
from packshot.core.errors import MediaError
from packshot.core.trouble import Trouble, TroubleKind
from packshot.media.limits import DEFAULT_LIMITS, Limits
from packshot.media.read_header import read_header
from packshot.media.sniff import sniff

if TYPE_CHECKING:
    from packshot.media.header import Header

STORED, REFERENCED = "stored", "referenced"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells, without reading, that a file is the one read before."""

    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was read."""

    asset: Asset
    data: bytes
    stamp: Stamp
    """Of the very file that `data` came from."""
    header: Header | None
    """None where the header cannot be read: decoding will say why."""


def stamp_of(source_uri: str, base: Path) -> Stamp:
    """Size and time of change of the file that `source_uri` names, for comparing with those of the last fetch.

    Raises MediaError as `resolve_local` does.
    """
    try:
        found = resolve_local(source_uri, base).stat()
    except OSError as error:
        raise as_media_error(error) from error
    return Stamp(found.st_size, found.st_mtime_ns)


def fetch_one(
    source_uri: str, base: Path, limits: Limits = DEFAULT_LIMITS, *, blob: str = STORED, placement_id: str | None = None
) -> Fetched | Trouble:
    """Read the file that a placement names and say what it is; a Trouble (stage `fetch`) where it cannot be read.

    A pure function of its arguments and the disk, for use in workers: it writes nothing. `base` is that of the open
    source. `blob` is `stored` or `referenced` and goes into the asset. A file whose content is no picture is fetched
    all the same (its asset has an empty format); that becomes a trouble when it is decoded.
    """
    try:
        path = resolve_local(source_uri, base)
        data, stamp = _read(open_inside(path, base), limits)
    except MediaError as error:
        return Trouble("fetch", error.kind, error.message, source_uri, placement_id=placement_id)
    asset, header = describe(data, limits, blob=blob, ref_uri=file_uri(path) if blob == REFERENCED else None)
    return Fetched(asset, data, stamp, header)


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


def read_referenced(asset: Asset, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The bytes of an asset that is referenced in place, proved to be the ones it was made from.

    Raises MediaError: CHANGED where they are others now, and as `fetch_one` finds troubles otherwise.
    """
    path = Path(local_name(asset.ref_uri or ""))
    data, _ = _read(open_inside(path, Path(path.anchor or "/")), limits)
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
