"""Holds, before any shard runs elsewhere, that every machine sees this workspace's files and this source's pictures."""

from __future__ import annotations

import contextlib
import os
import platform
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING

from packshot.collect.ingest import stamp_of
from packshot.collect.places import Place
from packshot.collect.stamp import Stamp
from packshot.core.errors import EngineError, MediaError, WorkspaceError
from packshot.pipeline.engine import Work
from packshot.storage.blobs import BlobStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import polars as pl
    import pyarrow as pa

    from packshot.pipeline.job import Job

PICTURES = 3
"""So many pictures of the source are looked for on every machine."""
LOOKED_AT = 100
"""Among so many of its first addresses, those that are there for the driver."""

WORK = f"{__name__}:hold_same"


@contextlib.contextmanager
def same_place(job: Job, placements: pl.DataFrame, base: Place) -> Iterator[None]:
    """Hold it for the time of the block: a machine that joins later is asked, too.

    Raises EngineError, naming the machine and what it does not see.
    """
    if not job.engine.elsewhere:
        yield
        return
    blobs = job.stores.blobs
    probe = blobs.put(b"packshot looks for this on every machine: " + os.urandom(32))
    try:
        params = {
            "blobs": blobs.location,
            "thumbnails": job.stores.thumbnails.location,
            "probe": probe,
            "base": base.as_json(),
            "pictures": list(islice(_pictures(placements, base), PICTURES)),
        }
        job.engine.hold(Work(WORK, params))
        yield
    finally:
        for store in (blobs, job.stores.thumbnails):
            store.delete([probe])


def _pictures(placements: pl.DataFrame, base: Place) -> Iterator[dict[str, object]]:
    """Addresses and stamps of pictures that are there."""
    for uri in placements["source_uri"].head(LOOKED_AT):
        with contextlib.suppress(MediaError):  # the fetch will say so
            yield {"uri": uri, "stamp": asdict(stamp_of(uri, base))}


def hold_same(params: Mapping[str, object], rows: pa.Table) -> dict[str, pa.Table]:  # noqa: ARG001 - the contract of work
    """Raise EngineError unless this machine sees, and may write, what the driver sees."""
    here, probe = platform.node(), str(params["probe"])
    blobs, thumbnails = BlobStore.at(str(params["blobs"])), BlobStore.at(str(params["thumbnails"]), ".jpg")
    try:
        data = blobs.read(probe, verify=True)
        thumbnails.put_named(probe, data)
    except WorkspaceError as error:
        message = f"The machine {here} does not see, or may not write, the workspace's files in {blobs.location}."
        hint = "Mount its folder at the same path on every node, writable, or keep the workspace in an object store."
        raise EngineError(message, hint) from error
    base, pictures = Place.from_json(_mapping(params["base"])), params["pictures"]
    for picture in pictures if isinstance(pictures, list) else []:
        try:
            stamp = stamp_of(picture["uri"], base)
        except MediaError as error:
            raise _other_source(here, picture["uri"], base, error.message) from error
        if not stamp.is_that_of(Stamp(**picture["stamp"])):
            raise _other_source(here, picture["uri"], base, "its size or time of change is another there")
    return {}


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _other_source(here: str, uri: str, base: Place, why: str) -> EngineError:
    message = f"The machine {here} does not see the source's picture {uri} in {base.root}: {why}."
    return EngineError(
        message,
        "Mount the source's folder at the same path on every node, or put it into an object store and give the nodes "
        "its credentials.",
    )
