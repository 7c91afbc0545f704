"""What a workspace holds that nobody needs any more; nothing is changed here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from packshot.pipeline.run_results import judged_by
from packshot.storage.catalog_tables import JudgementState, RunState
from packshot.storage.schemas import ASSETS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from packshot.pipeline.stores import Stores
    from packshot.storage.blobs import BlobStore
    from packshot.storage.catalog_tables import JudgementRow

MATCHES = "matches/"
LAST_RUNS = 2
OF_JUDGEMENTS = ("judgements/", "choices/")


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept although it is not current."""

    judgements: int = 3
    """Of each policy so many committed judgements, the newest ones: what `packshot delta` can look back to."""
    days: float = 7.0
    """And those that are younger than so many days."""
    grace_hours: float = 24.0
    """Unnamed files and old versions of tables stay so long: somebody may be reading them."""


@dataclass(frozen=True, slots=True)
class Waste:
    """What may go."""

    judgements: tuple[str, ...]
    """Ids, for the catalog to forget first: their tables are waste from then on, whatever happens."""
    tables: tuple[str, ...]
    snapshots: tuple[str, ...]
    """Readings of feeds that were never committed, and whose runs are dead."""
    blobs: tuple[str, ...]
    blob_bytes: int
    thumbnails: tuple[str, ...]
    thumbnail_bytes: int


def running(stores: Stores) -> list[str]:
    """The ids of the runs that are going on."""
    return [run.run_id for run in stores.catalog.runs() if run.state is RunState.RUNNING]


def waste(stores: Stores, keeping: Keeping, now: datetime) -> Waste:
    """What may go, provided that no run is going on."""
    old = _old_judgements(stores, keeping, now)
    kept = [row for row in stores.catalog.judgements() if row.judgement_id not in old]
    blobs, blob_bytes = _unnamed(stores, stores.blobs, keeping, now)
    thumbnails, thumbnail_bytes = _unnamed(stores, stores.thumbnails, keeping, now)
    return Waste(
        judgements=tuple(sorted(old)),
        tables=tuple(_tables(stores, kept)),
        snapshots=tuple(stores.catalog.abandoned_snapshots()),
        blobs=blobs,
        blob_bytes=blob_bytes,
        thumbnails=thumbnails,
        thumbnail_bytes=thumbnail_bytes,
    )


def pins(stores: Stores) -> dict[str, set[int]]:
    """Table → the versions that the judgements in the catalog were made from."""
    found: dict[str, set[int]] = defaultdict(set)
    for row in stores.catalog.judgements():
        for name, version in row.pins.items():
            found[name].add(version)
    return found


def _old_judgements(stores: Stores, keeping: Keeping, now: datetime) -> set[str]:
    current = {row.judgement_id for row in stores.catalog.currents().values()} | _of_last_runs(stores)
    committed: dict[str, list[JudgementRow]] = defaultdict(list)
    old = set()
    for row in stores.catalog.judgements():
        if row.state is JudgementState.COMMITTED:
            committed[row.policy_hash].append(row)
        elif row.abandoned:
            old.add(row.judgement_id)
    by_policy: dict[str, list[JudgementRow]] = defaultdict(list)
    for policy_hash, rows in committed.items():
        policy = stores.catalog.policy(policy_hash)
        by_policy[policy.policy_id if policy else policy_hash] += rows
    young = now - timedelta(days=keeping.days)
    for rows in by_policy.values():
        rows.sort(key=lambda row: row.at, reverse=True)
        old |= {row.judgement_id for row in rows[keeping.judgements :] if row.at < young}
    return old - current


def _of_last_runs(stores: Stores) -> set[str]:
    """What the last two finished runs of each policy ended with, which is what two runs are compared by."""
    found: dict[str, list[str]] = defaultdict(list)
    for run in reversed(stores.catalog.runs()):
        for policy, judgement in judged_by(run).items():
            if run.state is RunState.FINISHED and len(found[policy]) < LAST_RUNS:
                found[policy].append(judgement)
    return {judgement for ended in found.values() for judgement in ended}


def _tables(stores: Stores, kept: Iterable[JudgementRow]) -> list[str]:
    """The derived tables that belong to none of the judgements `kept`.

    A judgement's row stands in the catalog before its tables are begun: tables of an unknown one are its remains.
    """
    kept = list(kept)
    ids = {row.judgement_id for row in kept}
    generations = {name.removeprefix(MATCHES) for row in kept for name in row.pins if name.startswith(MATCHES)}
    generations |= {row.match_generation or "" for row in stores.catalog.currents().values()}
    judged = [name for prefix in OF_JUDGEMENTS for name in stores.tables.names(prefix) if name.split("/")[1] not in ids]
    matched = [name for name in stores.tables.names(MATCHES) if name.split("/")[1] not in generations]
    return judged + matched


def _unnamed(stores: Stores, files: BlobStore, keeping: Keeping, now: datetime) -> tuple[tuple[str, ...], int]:
    """Files of no known asset: a kill came between writing them and naming them."""
    named = set(stores.frame("assets", ASSETS, ("asset_id",))["asset_id"])
    before = now.timestamp() - 3600 * keeping.grace_hours
    found = [file for file in files.files() if file.id not in named and file.modified <= before]
    return tuple(file.id for file in found), sum(file.size for file in found)
