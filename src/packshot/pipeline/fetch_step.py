"""Brings the bytes of every placed picture in: reads what is new, changed or failed before, and nothing else."""

from __future__ import annotations

import time
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from packshot.collect.ingest import REFERENCED
from packshot.collect.known_stamps import KnownStamps
from packshot.collect.stamp import Stamp
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.pipeline import fetch_work
from packshot.pipeline.appending import Appender
from packshot.pipeline.engine import LossKind, Lost, Work
from packshot.pipeline.sharding import answered
from packshot.pipeline.trouble_rows import stamped, trouble_of, trouble_table
from packshot.pipeline.web_addresses import Standing, asked, is_web_due, turns_folder, which_on_web
from packshot.storage.catalog import utc_now
from packshot.storage.catalog_tables import TombstoneKind
from packshot.storage.current import current_fetches, current_placements, one_per_key
from packshot.storage.schemas import ASSETS, FETCHES, PLACEMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.collect.places import Place
    from packshot.pipeline.engine import Outcome
    from packshot.pipeline.job import Job
    from packshot.pipeline.stores import Stores

SHARD_ROWS = 64


def fetch(
    job: Job, placements: pl.DataFrame, base: Place, *, copy: bool, originals: Mapping[str, str] | None = None
) -> int:
    """Fetch every address of `placements` (one source's) whose file is new, has changed, or could not be read before.

    `base` is where the files must lie; `copy` says whether their bytes are kept in the workspace. `originals` are web
    addresses with their secrets, by `uri_key`: they are asked for and kept nowhere. Gives how many pictures on the web
    could not be had again and stand as they were when they last could.
    """
    stores = job.stores
    wanted = _wanted(stores, placements, base, copy=copy)
    job.progress.stage("fetch", wanted.height)
    if wanted.is_empty():
        return 0
    params: dict[str, object] = {
        "base": base.as_json(),
        "copy": copy,
        "limits": asdict(job.limits),
        "blobs": stores.blobs.location,
    }
    params["profile"] = job.profile.on
    params["forgotten"] = sorted(stores.catalog.tombstones(TombstoneKind.ASSET))
    failed = wanted.select("uri_key", "status").filter(pl.col("status") != "ok")
    known: set[tuple[str, str]] = set(failed.iter_rows())
    standing = Standing(stores, wanted, base)
    # The fetches come last: a failure that is among them counts as told, and is not told again.
    appender = Appender(stores.tables, ("assets", "troubles", "fetches"))
    rows = asked(wanted, base, originals or {})
    with turns_folder(wanted, base) as turns:
        work = Work(fetch_work.WORK, params | {"turns": turns})
        try:
            for outcome in answered(job.engine, work, rows, SHARD_ROWS):
                found = dict(outcome.tables or _given_up(outcome))
                job.profile.take("fetch", found)
                tables = _news(standing.without_passing(found), known, standing)
                tables["troubles"] = stamped(tables["troubles"], run_id=job.run_id, at=utc_now())
                appender.add(tables)
                job.progress.advance(outcome.shard.rows.num_rows, tables["troubles"].num_rows)
        finally:
            appender.commit()
    return standing.count


def _wanted(stores: Stores, placements: pl.DataFrame, base: Place, *, copy: bool) -> pl.DataFrame:
    """Addresses to fetch, with what is known of their last fetch; its status is null before the first.

    `kept` says whether the bytes of their last success are where they must be.
    """
    addresses = placements.select("uri_key", "source_uri").unique("uri_key", keep="first", maintain_order=True)
    fetches = current_fetches(stores.frame("fetches", FETCHES))
    known = addresses.join(fetches, on="uri_key", how="left", maintain_order="left")
    assets = one_per_key(stores.frame("assets", ASSETS, ("asset_id", "blob")), "asset_id")
    known = known.join(assets, on="asset_id", how="left", maintain_order="left")
    return _due(stores, known, base, copy=copy)


def _due(stores: Stores, known: pl.DataFrame, base: Place, *, copy: bool) -> pl.DataFrame:
    """The addresses that must be fetched; only what was tried before is looked at one by one."""
    tried = known.with_row_index("_row").filter(pl.col("status").is_not_null())
    kept = _kept(stores, tried, copy=copy)
    rows = tried.select("source_uri", "status", "at", "size_bytes", "mtime_ns", "etag", "last_modified").iter_rows()
    web = which_on_web(base, tried["source_uri"])
    stamps = KnownStamps(tried["source_uri"].filter(~web), base)
    shared = _Shared(stores, tried["uri_key"])
    now = utc_now()
    due = [
        not is_kept
        or (is_web_due(base, status, at, now) if is_web else _is_due(stamps, (key, uri), status, Stamp(*stamp), shared))
        for key, (uri, status, at, *stamp), is_kept, is_web in zip(tried["uri_key"], rows, kept, web, strict=True)
    ]
    places = tried["_row"]
    new = known.select(pl.col("status").is_null()).to_series()
    wanted = new.scatter(places, pl.Series(due, dtype=pl.Boolean))
    there = pl.repeat(value=False, n=known.height, dtype=pl.Boolean, eager=True)
    return known.with_columns(kept=there.scatter(places, pl.Series(kept, dtype=pl.Boolean))).filter(wanted)


class _Shared:
    """Which addresses more than one source places; looked up when it is first asked for.

    A file that one source may not name and another one has brought in stands by the other's right: what one supplier's
    feed names takes no picture from another's listings.
    """

    def __init__(self, stores: Stores, keys: pl.Series) -> None:
        self._stores, self._keys = stores, keys

    @cached_property
    def keys(self) -> frozenset[str]:
        names = ("source_id", "snapshot_id", "seq", "op", "placement_id", "uri_key")
        placed = self._stores.frame("placements", PLACEMENTS, names)
        found = current_placements(placed, self._stores.catalog.committed_snapshots())
        found = found.filter(pl.col("uri_key").is_in(self._keys.implode()))
        several = found.group_by("uri_key").agg(pl.col("source_id").n_unique()).filter(pl.col("source_id") > 1)
        return frozenset(several["uri_key"])


def _kept(stores: Stores, tried: pl.DataFrame, *, copy: bool) -> list[bool]:
    """Whether the bytes are where they must be; true where there never were any."""
    rows = tried.select("asset_id", "blob").rows()
    needed = {asset_id for asset_id, blob in rows if asset_id is not None and (blob != REFERENCED or copy)}
    present = stores.blobs.present(needed)
    return [asset_id not in needed or asset_id in present for asset_id, _ in rows]


def _is_due(stamps: KnownStamps, address: tuple[str, str], status: str, stamp: Stamp, shared: _Shared) -> bool:
    """Whether the address has to be read, given the status of its last fetch and the stamp of its last success."""
    key, uri = address
    try:
        found = stamps.of(uri)
    except MediaError as error:
        if error.kind is TroubleKind.REFUSED and status == "ok" and key in shared.keys:
            return False
        return status != error.kind.value
    return status != "ok" or not found.is_that_of(stamp)


def _news(tables: dict[str, pa.Table], known: set[tuple[str, str]], standing: Standing) -> dict[str, pa.Table]:
    """Without the failures that are told already: trying again and failing the same way is no news."""
    pairs = zip(tables["fetches"]["uri_key"].to_pylist(), tables["fetches"]["status"].to_pylist(), strict=True)
    new = [(key, status) not in known or standing.is_news(key, status) for key, status in pairs]
    old = {key for key, is_new in zip(tables["fetches"]["uri_key"].to_pylist(), new, strict=True) if not is_new}
    told = [key not in old for key in tables["troubles"]["uri_key"].to_pylist()]
    fetches = tables["fetches"].filter(pa.array(new, type=pa.bool_()))
    troubles = tables["troubles"].filter(pa.array(told, type=pa.bool_()))
    return tables | {"fetches": fetches, "troubles": troubles}


def _given_up(outcome: Outcome) -> dict[str, pa.Table]:
    (row,) = outcome.shard.rows.to_pylist()
    trouble = trouble_of(outcome.lost or Lost(LossKind.CRASHED), "fetch", source_uri=str(row["source_uri"]))
    fetched = {
        "uri_key": row["uri_key"],
        "seq": time.time_ns() // 1000,
        "status": trouble.kind.value,
        "at": utc_now(),
    }
    return {
        "fetches": pa.Table.from_pylist([fetched], schema=FETCHES),
        "troubles": stamped(trouble_table([trouble]), uri_key=str(row["uri_key"])),
    }
