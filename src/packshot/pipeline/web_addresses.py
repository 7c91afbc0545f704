"""What the fetch step knows of addresses on the web: when to ask again, with what, and when a failure is a trouble."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from packshot.collect.ahead import Want
from packshot.collect.stamp import Stamp
from packshot.collect.web.urls import WEB
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.storage.schemas import FETCHES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from packshot.collect.places import Place
    from packshot.pipeline.stores import Stores

GONE = TroubleKind.NOT_FOUND.value
_TEXTS = ("uri_key", "source_uri", "original", "asset_id", "etag", "last_modified")
_ASKED = pa.schema(dict.fromkeys(_TEXTS, pa.string()) | {"size_bytes": pa.int64()})


def on_web(base: Place, uri: str) -> bool:
    """Whether `uri`, named by a source at `base`, lies on the web."""
    try:
        return base.web_url(uri) is not None
    except MediaError:
        return False


def which_on_web(base: Place, uris: pl.Series) -> pl.Series:
    """The same for each of `uris`."""
    if base.is_web:
        return pl.Series([on_web(base, uri) for uri in uris], dtype=pl.Boolean)
    return uris.str.contains(WEB)


def is_web_due(base: Place, status: str, succeeded: datetime | None, now: datetime) -> bool:
    """Whether an address on the web is to be asked: after a failure always, after a success when that is long ago.

    A success in the future, by a clock that has been set back since, is no reason to wait for it.
    """
    if status != "ok" or succeeded is None:
        return True
    age = now - succeeded
    return not timedelta(0) <= age < timedelta(seconds=base.web.refresh_seconds)


def asked(wanted: pl.DataFrame, base: Place, originals: Mapping[str, str]) -> pa.Table:
    """What workers need of each address: `uri_key source_uri`, and where any lies on the web the columns of `_ASKED`.

    What is known of a picture on the web is given where its bytes are still kept: only then may "not changed" do.
    """
    rows = wanted.select("uri_key", "source_uri")
    if not which_on_web(base, rows["source_uri"]).any():
        return rows.to_arrow()
    known = pl.col("kept") & pl.col("asset_id").is_not_null()
    names = ("asset_id", "size_bytes", "etag", "last_modified")
    rows = wanted.select("uri_key", "source_uri", *(pl.when(known).then(pl.col(name)).alias(name) for name in names))
    asked_for = pl.Series("original", [originals.get(key) for key in rows["uri_key"]], dtype=pl.String)
    return rows.with_columns(asked_for).to_arrow().select(_ASKED.names).cast(_ASKED)


def wants_of(rows: pa.Table) -> list[Want]:
    """The rows that `asked` gave, as a worker takes them."""
    found = []
    for row in rows.to_pylist():
        known = None
        if row.get("asset_id") and (row.get("etag") or row.get("last_modified")):
            known = Stamp(int(row["size_bytes"] or 0), None, row["etag"], row["last_modified"])
        found.append(Want(str(row["source_uri"]), row.get("original"), known))
    return found


@contextlib.contextmanager
def turns_folder(wanted: pl.DataFrame, base: Place) -> Iterator[str]:
    """A folder by which the workers of a run share turns at hosts; none where nothing lies on the web."""
    if not which_on_web(base, wanted["source_uri"]).any():
        yield ""
        return
    # What is left in it belongs to workers that were ended, or are on the way out.
    with tempfile.TemporaryDirectory(prefix="packshot-turns-", ignore_cleanup_errors=True) as folder:
        yield folder


class Standing:
    """Pictures on the web that were had before: they stand when they cannot be had for a while.

    A failure keeps them, and only `stale_since` tells of it; not there (404, 410) twice in a row is a trouble.
    """

    def __init__(self, stores: Stores, wanted: pl.DataFrame, base: Place) -> None:
        """`wanted` are the addresses to be asked, with the status of their last fetch."""
        had = wanted.filter(pl.col("asset_id").is_not_null() & pl.col("kept"))
        had = had.filter(which_on_web(base, had["source_uri"]))
        self._had = frozenset(had["uri_key"])
        self._gone = dict(_gone_in_a_row(stores, had.filter(pl.col("status") == GONE)["uri_key"]).iter_rows())
        self.count = 0
        """Of the pictures asked for so far, those that could not be had and stand."""

    def without_passing(self, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
        """The tables of a shard without the troubles of pictures that stand."""
        statuses = zip(tables["fetches"]["uri_key"].to_pylist(), tables["fetches"]["status"].to_pylist(), strict=True)
        standing = {
            key
            for key, status in statuses
            if status != "ok" and key in self._had and not (status == GONE and self._gone.get(key, 0) >= 1)
        }
        self.count += len(standing)
        stays = [key not in standing for key in tables["troubles"]["uri_key"].to_pylist()]
        return dict(tables) | {"troubles": tables["troubles"].filter(pa.array(stays, type=pa.bool_()))}

    def is_news(self, key: str | None, status: str | None) -> bool:
        """Whether this is the second time in a row that a picture which was had is not there."""
        return status == GONE and self._gone.get(key or "", 0) == 1


def _gone_in_a_row(stores: Stores, keys: pl.Series) -> pl.DataFrame:
    """How often each address was not there, one time after another, up to its last fetch: `uri_key`, `count`."""
    if keys.is_empty():
        return pl.DataFrame(schema={"uri_key": pl.String, "count": pl.Int64})
    rows = stores.frame("fetches", FETCHES, ("uri_key", "seq", "status"))
    rows = rows.join(pl.DataFrame({"uri_key": keys}), on="uri_key", how="semi").sort("seq", maintain_order=True)
    other = pl.col("seq").filter(pl.col("status") != GONE).max()
    after = pl.col("seq") > other.fill_null(-1)
    return rows.group_by("uri_key").agg(count=after.sum().cast(pl.Int64))
