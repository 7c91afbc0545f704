"""Models that a user brought along: kept in the cache, described by a file beside them."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from packshot.core.errors import ModelError, ModelMissing, UnknownName
from packshot.models.folder import cache_folder, reading
from packshot.models.sources import Source, SourceFile, all_sources

if TYPE_CHECKING:
    from pathlib import Path

RECORD = "added.json"
SLOTS = {
    "clip-image": "image half of a CLIP of your own",
    "clip-text": "text half of a CLIP of your own",
}
"""Names that are kept for a CLIP of the user's: for search and for the agreement of pictures and titles."""
FACTS = "clip.json"
"""The file in which a half of a CLIP says how it is run; written when it is added, and part of its version."""


def added_models() -> dict[str, Source]:
    """The user's own models, by id; none where there is no cache, and none of those whose record cannot be read."""
    return {name: found for name, found in _records().items() if isinstance(found, Source)}


def broken_models() -> dict[str, ModelError]:
    """What is wrong with those of the user's own models whose record cannot be read, by id."""
    return {name: found for name, found in _records().items() if isinstance(found, ModelError)}


def _records() -> dict[str, Source | ModelError]:
    root = cache_folder()
    with reading(root):
        records = sorted(root.glob(f"*/{RECORD}")) if root.is_dir() else []
    found: dict[str, Source | ModelError] = {}
    for record in records:
        try:
            source = _recorded(record)
        except ModelError as error:
            found[record.parent.name] = error
        else:
            found |= {} if source is None else {source.id: source}
    return found


def is_added(model_id: str) -> bool:
    """Whether the cache has a record of a model of the user's of that name, usable or not."""
    return os.path.isfile(f"{cache_folder()}/{model_id}/{RECORD}")  # noqa: PTH113 - several times faster, asked often


def _recorded(record: Path) -> Source | None:
    """The model of a record; None for a half of a CLIP of which it is not known how it is run: it is added again."""
    with reading(record):
        stat = record.stat()
        source = _read(record, (stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return source if source.id not in SLOTS or any(one.name == FACTS for one in source.files) else None


@lru_cache(maxsize=64)
def _read(record: Path, stamp: tuple[int, ...]) -> Source:  # noqa: ARG001 - a changed record is read again
    return from_record(record.parent.name, json.loads(record.read_text(encoding="utf-8")))


def known(model_id: str) -> Source:
    """The model of that name, shipped or the user's own.

    UnknownName when there is none; ModelMissing for a name that waits for a model of the user's and has got none;
    ModelError for one of the user's whose record cannot be read.
    """
    if model_id in SLOTS:  # asked for often, and by those who have none, too: one look, and no search
        source = _recorded(cache_folder() / model_id / RECORD) if is_added(model_id) else None
        if source is not None:
            return source
        raise ModelMissing(model_id, cache_folder() / model_id, f"packshot models add {model_id} FILE")
    sources = all_sources()
    if model_id in sources:
        return sources[model_id]
    own = _records()
    if (found := own.get(model_id)) is not None:
        if isinstance(found, ModelError):
            raise found
        return found
    raise UnknownName("model", model_id, [*sources, *own, *SLOTS])


def from_record(model_id: str, record: dict[str, Any]) -> Source:
    """The source that `record` describes."""
    files = tuple(
        SourceFile(
            name=one["name"],
            package="",
            version="own",
            wheel="",
            member="",
            sha256=one["sha256"],
            bytes=one["bytes"],
            licence="yours",
            kept_sha256=one["sha256"],
            kept_bytes=one["bytes"],
        )
        for one in record["files"]
    )
    return Source(
        id=model_id,
        task=record["task"],
        licence="yours",
        upstream="",
        copyright="",
        inputs=record["inputs"],
        outputs=record["outputs"],
        files=files,
    )


def record_of(source: Source) -> dict[str, Any]:
    """What `from_record` reads."""
    return {
        "task": source.task,
        "inputs": source.inputs,
        "outputs": source.outputs,
        "files": [{"name": one.name, "sha256": one.sha256, "bytes": one.bytes} for one in source.files],
    }
