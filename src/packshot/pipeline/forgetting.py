"""Forgets pictures and listings: their rows in every table, their bytes, and old versions that still held them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl
import pyarrow.compute as pc

from packshot.core.errors import UsageError
from packshot.pipeline.current_rows import placed
from packshot.pipeline.listing_words import keys_of_listings
from packshot.storage.catalog_tables import Tombstone, TombstoneKind
from packshot.storage.schemas import FETCHES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from packshot.pipeline.stores import Stores
    from packshot.telemetry import Progress

COLUMNS: dict[TombstoneKind, tuple[str, ...]] = {
    TombstoneKind.ASSET: ("asset_id", "asset_a", "asset_b", "cluster_id"),
    TombstoneKind.URI: ("uri_key",),
    TombstoneKind.LISTING: ("listing_id",),
}
"""The columns, in whichever table, that name something of a kind."""
LAST = ("fetches", "listings", "placements")
_ID_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be forgotten."""

    kind: TombstoneKind
    key: str
    named: str
    """As the user named it."""


@dataclass(frozen=True, slots=True)
class Doomed:
    """Everything that goes with the subjects."""

    subjects: tuple[Subject, ...]
    assets: tuple[str, ...]
    """Whose bytes go: those that were named, and those that only stood at a named address or on a named listing."""
    placements: tuple[str, ...] = ()
    """Of the named addresses and listings, by id: all that derived tables know them by."""
    shared: tuple[str, ...] = ()
    """Pictures of the subjects that stay, because they are shown elsewhere, too."""
    texts: tuple[str, ...] = ()
    """Keys of the words of the named listings, as far as no other listing has the same."""
    rows: dict[str, int] = field(default_factory=dict)
    """Table → rows that go (or went)."""


def subjects_of(stores: Stores, names: Iterable[str], kind: TombstoneKind | None = None) -> list[Subject]:
    """What `names` name: asset ids, listing ids, or addresses as the table `placements` shows them.

    Raises UsageError where a name is unknown, or names several things and `kind` does not say which.
    """
    placements, gone = placed(stores).placements, stores.catalog.tombstones(TombstoneKind.LISTING)
    found = []
    for name in names:
        possible = [s for s in _possible(placements, gone, name) if kind in {None, s.kind}]
        if len({(s.kind, s.key) for s in possible}) > 1:
            kinds = " and ".join(sorted({s.kind.value for s in possible}))
            raise UsageError(f"{name!r} names more than one thing: {kinds}.", "Say which with --kind.")
        if not possible:
            message = f"There is no asset, address or listing {name!r} in this workspace."
            raise UsageError(message, "Name an asset id, a source_uri or a listing id: packshot table placements")
        found.append(possible[0])
    return found


def doomed(stores: Stores, subjects: Iterable[Subject]) -> Doomed:
    """What would go with the subjects; nothing is changed."""
    subjects = tuple(subjects)
    keys = _keys(subjects)
    placements = placed(stores).placements
    fetches = stores.frame("fetches", FETCHES, ("uri_key", "asset_id")).drop_nulls("asset_id").unique()
    history = pl.concat(
        [
            placements.select("uri_key", "listing_id", "asset_id").drop_nulls("asset_id"),
            fetches.join(placements.select("uri_key", "listing_id"), on="uri_key", how="left").select(
                "uri_key", "listing_id", "asset_id"
            ),
        ]
    )
    touched = history.filter(
        pl.col("uri_key").is_in(list(keys[TombstoneKind.URI]))
        | pl.col("listing_id").is_in(list(keys[TombstoneKind.LISTING]))
    )["asset_id"].unique()
    mine = pl.col("uri_key").is_in(list(keys[TombstoneKind.URI]))
    mine |= pl.col("listing_id").is_in(list(keys[TombstoneKind.LISTING]))
    own, elsewhere = placements.filter(mine), placements.filter(~mine)["asset_id"].drop_nulls()
    named = keys[TombstoneKind.ASSET]
    shared = set(touched) & set(elsewhere) - named
    assets = tuple(sorted(named | (set(touched) - shared)))
    texts = tuple(sorted(keys_of_listings(stores, keys[TombstoneKind.LISTING])))
    found = Doomed(subjects, assets, tuple(own["placement_id"].sort()), tuple(sorted(shared)), texts)
    return replace(found, rows=_counted(stores, found))


def forget(stores: Stores, found: Doomed, because: str, progress: Progress) -> Doomed:
    """Forget what `doomed` found; the caller holds the workspace alone.

    The tombstones come first: when this is killed, nothing comes back, and the same command finishes the work.
    """
    stores.catalog.add_tombstones([Tombstone(s.kind, s.key, because) for s in found.subjects])
    stores.catalog.forget_labels(_labels(stores, found))
    # Last the tables by which a name is found again: until then, the same command knows what is left to do.
    names = sorted(stores.tables.names(), key=lambda name: (name in LAST, name))
    progress.stage("forget", len(names) + len(found.assets))
    stores.blobs.delete(found.assets)
    stores.thumbnails.delete(found.assets)
    progress.advance(len(found.assets))
    for name in names:
        where = _where(stores.tables.schema(name), found)
        if where is not None and stores.tables.read(name, [], where=where).num_rows:
            stores.tables.remove(name, where)
        if where is not None:
            # Files still hold the rows, also those that an earlier, killed attempt has taken out of the newest version.
            stores.tables.compact(name)
            stores.tables.clean(name, keep=(), older_than_s=0)
        progress.advance(1)
    return found


def _possible(placements: pl.DataFrame, gone: set[str], name: str) -> list[Subject]:
    found = []
    if len(name) == _ID_DIGITS and set(name) <= set("0123456789abcdef"):
        # Known or not: bytes that were never here can be kept out, too.
        found.append(Subject(TombstoneKind.ASSET, name, name))
    keys = placements.filter(pl.col("source_uri") == name)["uri_key"].unique().sort()
    found += [Subject(TombstoneKind.URI, key, name) for key in keys]
    # One that was forgotten already may have been left half done by a kill.
    if name in gone or not placements.filter(pl.col("listing_id") == name).is_empty():
        found.append(Subject(TombstoneKind.LISTING, name, name))
    return found


def _keys(subjects: Iterable[Subject]) -> dict[TombstoneKind, set[str]]:
    keys: dict[TombstoneKind, set[str]] = {kind: set() for kind in TombstoneKind}
    for subject in subjects:
        keys[subject.kind].add(subject.key)
    return keys


def _counted(stores: Stores, found: Doomed) -> dict[str, int]:
    labels = _labels(stores, found)
    counted = {"labels": len(labels)} if labels else {}
    for name in stores.tables.names():
        where = _where(stores.tables.schema(name), found)
        if where is not None and (rows := stores.tables.read(name, [], where=where).num_rows):
            counted[name] = rows
    return counted


def _labels(stores: Stores, found: Doomed) -> list[int]:
    """The numbers of the labels about any of the assets or placements."""
    gone = {*found.assets, *found.placements}
    return [row.seq for row in stores.catalog.labels() if gone & set(row.subject_id.split("/"))]


def _where(schema: pa.Schema | None, found: Doomed) -> pc.Expression | None:
    """The rows of a table that name anything of `found`; None for a table that can name none of it."""
    keys = _keys(found.subjects)
    keys[TombstoneKind.ASSET] = set(found.assets)
    wanted = [(column, keys[kind]) for kind, columns in COLUMNS.items() for column in columns]
    where: pc.Expression | None = None
    derived = (("placement_id", set(found.placements)), ("text_key", set(found.texts)))
    for column, named in (*wanted, *derived):
        if named and schema is not None and schema.get_field_index(column) >= 0:
            this = pc.field(column).isin(sorted(named))
            where = this if where is None else where | this
    return where
