"""What must hold after a kill and after the run that follows it; each check gives what it found wrong, in words."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import packshot
from packshot.app.doctor import examined
from packshot.app.tables import NAMES
from packshot.evaluate.suite import all_measures
from packshot.pipeline.stores import CATALOG
from packshot.storage.blobs import BlobStore, blob_id
from packshot.storage.catalog import Catalog
from packshot.storage.lance_tables import LanceTables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kill_runs import Place

VOLATILE = {"run_id", "at", "pass_id"}
RAW = ("listings", "placements", "assets", "fetches", "measurements", "troubles")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a workspace holds at one moment."""

    rows: dict[str, Counter[str]]
    """Of each append-only table, every row that was ever committed."""
    fetched: Counter[tuple[str, str]]
    """How often each address gave each asset."""
    latest: dict[str, str]
    """What each address gave last."""
    measured: frozenset[str]
    """Assets with a row of all measures."""


def tables(place: Place) -> dict[str, list[str]]:
    """Every table, by key: what must be the same however the runs went."""
    with packshot.Workspace(place.location, catalog=place.catalog) as workspace:
        found = {name: workspace.table(name) for name in NAMES}
    kept = {name: table.select(c for c in table.columns if c not in VOLATILE) for name, table in found.items()}
    return {name: sorted(map(repr, table.rows(named=True))) for name, table in kept.items()}


def standing(place: Place) -> Standing:
    """What is committed, read from a copy: looking changes nothing for the run that follows."""
    with tempfile.TemporaryDirectory() as temporary:
        where = f"{place.location}/tables"
        if place.catalog is None:
            copy = Path(temporary) / "tables"
            if Path(where).exists():
                shutil.copytree(where, copy)
            where = str(copy)
        store = LanceTables(where)
        there = set(store.names())
        rows = {name: store.read(name).to_pylist() for name in RAW if name in there}
    gave = [(r["uri_key"], r["asset_id"]) for r in rows.get("fetches", ()) if r["status"] == "ok"]
    measured = _complete(place, rows["measurements"]) if rows.get("measurements") else frozenset()
    texts = {name: Counter(map(_text, found)) for name, found in rows.items()}
    return Standing(texts, Counter(gave), dict(gave), measured)


def _complete(place: Place, rows: list[dict[str, Any]]) -> frozenset[str]:
    """The assets for which every measure is there; it may come from several rows."""
    with contextlib.closing(Catalog.open(place.catalog or Path(place.location) / CATALOG)) as catalog:
        passes = catalog.passes()
    held: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        held[row["asset_id"]] |= passes[row["pass_id"]].keys() - set(row["failed"] or ())
    return frozenset(asset for asset, measures in held.items() if measures >= all_measures().keys())


def _text(row: dict[str, Any]) -> str:
    # Without nulls: a column that came later says nothing about an older row.
    return repr({name: value for name, value in row.items() if value is not None})


def torn(place: Place, thumbnails: dict[str, bytes]) -> Iterator[str]:
    """Files that are visible under their names and are not whole: blobs by their hash, thumbnails by their bytes."""
    for folder, suffix in (("blobs", ""), ("thumbnails", ".jpg")):
        store = BlobStore.at(f"{place.location}/{folder}", suffix)
        for file in store.files():
            data = store.read(file.id)
            whole = data == thumbnails.get(file.id) if suffix else blob_id(data) == file.id
            if not whole:
                yield f"torn file {folder}/{file.id}"


def thumbnails_of(place: Place) -> dict[str, bytes]:
    """The thumbnails of a workspace."""
    store = BlobStore.at(f"{place.location}/thumbnails", ".jpg")
    return {file.id: store.read(file.id) for file in store.files()}


def blobs_of(place: Place) -> set[str]:
    """The ids of the stored originals."""
    return {file.id for file in BlobStore.at(f"{place.location}/blobs").files()}


def lost(before: Standing, after: Standing) -> Iterator[str]:
    """What was committed at the kill and is not there, or was fetched once more, after the run that followed."""
    for name, rows in before.rows.items():
        gone = rows - after.rows.get(name, Counter())
        if gone:
            yield f"{gone.total()} committed rows of {name} are lost"
    again = [key for key in before.latest.items() if after.fetched[key] > before.fetched[key]]
    if again:
        yield f"{len(again)} files were read again that had been committed"


def different(found: dict[str, list[str]], wanted: dict[str, list[str]]) -> Iterator[str]:
    """The tables that are not as in the workspace that nothing happened to."""
    for name, rows in wanted.items():
        if found[name] != rows:
            more, less = Counter(found[name]) - Counter(rows), Counter(rows) - Counter(found[name])
            yield f"table {name}: {more.total()} rows too many, {less.total()} lacking: {[*less, *more][:1]}"


def unfit(place: Place) -> Iterator[str]:
    """What `packshot doctor` finds wrong with a workspace on this machine's disk."""
    if place.catalog is None:
        found = examined(Path(place.location))
        yield from (f"doctor: {result.what}: {result.detail}" for result in found if not result.ok)
