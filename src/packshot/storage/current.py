"""What append-only tables say now: the last word on each key, out of all that was ever written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from packshot.core.errors import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from packshot.core.measurement import Version

LISTING_KEY = ("source_id", "listing_id")
PLACEMENT_KEY = ("placement_id",)
_OF_SUCCESS = ("seq", "asset_id", "etag", "last_modified", "size_bytes", "mtime_ns", "at")
_WORD_BITS = 63


def current_listings(table: pl.DataFrame, committed_snapshots: Sequence[str]) -> pl.DataFrame:
    """The listings that there are: per source and listing the last op in a committed snapshot, unless it deletes.

    Args:
        table: Rows of `listings`, any number of snapshots.
        committed_snapshots: Ids, the oldest first. Rows of other snapshots do not count.

    Returns:
        The rows as they are in `table`, ordered by snapshot and `seq`.
    """
    return _last_ops(table, committed_snapshots, LISTING_KEY)


def current_placements(table: pl.DataFrame, committed_snapshots: Sequence[str]) -> pl.DataFrame:
    """The placements that there are: as `current_listings`, by `placement_id`."""
    return _last_ops(table, committed_snapshots, PLACEMENT_KEY)


def one_per_key(table: pl.DataFrame, *key: str) -> pl.DataFrame:
    """One row for each key, the last in the table: for tables whose equal keys have equal rows, as `assets`."""
    codes, first = _codes(table.select(key))
    if len(first) == table.height:
        return table
    return table.rechunk()[np.sort(_scattered(codes, np.arange(table.height), len(first)))]


def current_fetches(table: pl.DataFrame) -> pl.DataFrame:
    """What is known of each address: the last success wins, and a later failure keeps its asset.

    Args:
        table: Rows of `fetches`, at least `uri_key seq status`; `seq` orders the attempts at one address (equal ones by
            their place in the table).

    Returns:
        One row for each `uri_key`, in order of appearance: those columns of its last success that `table` has (null if
        there was none); `status`, of the last attempt; `stale_since`, the time of the first failure after that success
        (with the column `at`); `failures`, how many there were.
    """
    if not table["seq"].is_sorted():
        table = table.sort("seq", maintain_order=True)
    codes, first = _codes(table.select("uri_key"))
    if len(first) == table.height and (table["status"] == "ok").all(ignore_nulls=False):
        return _fetched_at_once(table)
    addresses = table["uri_key"].gather(first)
    attempts = np.arange(table.height)
    good = (table["status"] == "ok").fill_null(value=False).to_numpy()
    success = _last_row(codes, attempts[good], len(addresses))
    late = attempts[~good & (attempts > success.fill_null(-1).to_numpy()[codes])]
    of_success = [table[column].rechunk().gather(success) for column in _OF_SUCCESS if column in table.columns]
    told = [table["status"].gather(_last_row(codes, attempts, len(addresses)))]
    if "at" in table.columns:
        told.append(table["at"].gather(_last_row(codes, late[::-1], len(addresses))).alias("stale_since"))
    failures = pl.Series("failures", np.bincount(codes[late], minlength=len(addresses)), dtype=pl.UInt32)
    return pl.DataFrame([addresses, *of_success]).with_columns(*told, failures)


def _fetched_at_once(table: pl.DataFrame) -> pl.DataFrame:
    """What `current_fetches` gives where each address was asked once and answered: nothing is moved."""
    told = table.select("uri_key", *(column for column in _OF_SUCCESS if column in table.columns), "status")
    if "at" in table.columns:
        told = told.with_columns(pl.lit(None, dtype=table.schema["at"]).alias("stale_since"))
    return told.with_columns(failures=pl.lit(0, dtype=pl.UInt32))


def measured_column(measure: str) -> str:
    """The name of the column that says whether a measure's row is there."""
    return f"measured:{measure}"


def current_measurements(
    table: pl.DataFrame,
    passes: Mapping[str, Mapping[str, Version]],
    wanted: Mapping[str, Version],
    columns_of: Mapping[str, Sequence[str]],
) -> pl.DataFrame:
    """One row for each asset, with each measure's values from the last row that holds it in the wanted version.

    A row holds a measure when its pass does, in that version, and its `failed` does not name it.

    Args:
        table: Rows of `measurements`: `asset_id pass_id failed` and all columns in `columns_of`.
        passes: Pass id → measure → version.
        wanted: Measure → version.
        columns_of: Measure → the columns it fills; the measures in `wanted` are looked up, others are left out.

    Returns:
        `asset_id`, the columns of the wanted measures, and for each measure a Boolean `measured:<measure>`: a null
        value with true is a measured "no answer", with false it was not measured. Assets without any wanted
        measure have no row. Ordered by each asset's first row.

    Raises:
        WorkspaceError: A column is in nobody's rows: read the table with the schema that has it.
    """
    columns = {column: measure for measure in wanted for column in columns_of[measure]}
    lacking = sorted(set(columns) - set(table.columns))
    if lacking:
        raise WorkspaceError(
            f"The measurements have no column {', '.join(lacking)}.", "Read them with the schema of all wanted columns."
        )
    relevant = _passes_with_any(passes, wanted)
    table = table.filter(pl.col("pass_id").is_in(relevant)) if not _only(table, relevant) else table
    holds = _holds(table, passes, wanted)
    codes, first = _codes(table.select("asset_id"))
    if len(first) == table.height:
        return _where_held(table, columns, holds)
    distinct = {id(held): held for held in holds.values()}
    taken = {key: _last_row(codes, np.flatnonzero(held), len(first)) for key, held in distinct.items()}
    result = [table["asset_id"].gather(first)]
    result += [table[column].rechunk().gather(taken[id(holds[measure])]) for column, measure in columns.items()]
    result += [taken[id(held)].is_not_null().alias(measured_column(measure)) for measure, held in holds.items()]
    return _with_any(pl.DataFrame(result), holds)


def missing(
    assets: pl.Series,
    measurements: pl.DataFrame,
    passes: Mapping[str, Mapping[str, Version]],
    wanted: Mapping[str, Version],
    troubles: pl.DataFrame,
) -> pl.DataFrame:
    """Which measures each asset still lacks, so that assets that lack the same can share a pass.

    Args:
        assets: The ids of all current assets, each once.
        measurements: The columns `asset_id pass_id failed` of `measurements`.
        passes: Pass id → measure → version.
        wanted: Measure → version.
        troubles: Rows of `troubles`. One that no retry can mend excuses its asset from its measure in that version,
            or, where it names none, from every measure. Pass no rows to try them all again.

    Returns:
        `asset_id`, `missing` (sorted list of measures) and `group` (equal where `missing` is), only for assets that
        lack something; groups stand together, in the order of `assets` within.
    """
    if not wanted:
        return pl.DataFrame(schema={"asset_id": pl.String, "missing": pl.List(pl.String), "group": pl.UInt32})
    measures = sorted(wanted)
    done = np.zeros((len(measures), len(assets)), dtype=np.bool_)
    holds = _holds(measurements, passes, wanted)
    codes = _places(measurements["asset_id"], assets)
    ours = codes >= 0
    for index, measure in enumerate(measures):
        done[index, codes[ours & holds[measure]]] = True
    final = troubles.filter(pl.col("asset_id").is_not_null() & ~pl.col("retryable"))
    model = pl.col("model") if "model" in final.columns else pl.lit(None, dtype=pl.String)
    said = pl.concat_str(pl.col("version").cast(pl.String), model, separator="+", ignore_nulls=True)
    hit = final.with_columns(pl.Series("_code", _places(final["asset_id"], assets))).filter(pl.col("_code") >= 0)
    done[:, hit.filter(pl.col("measure").is_null())["_code"].to_numpy()] = True
    for index, measure in enumerate(measures):
        named = (pl.col("measure") == measure) & (said == str(wanted[measure]))
        done[index, hit.filter(named)["_code"].to_numpy()] = True
    return _grouped(assets, measures, ~done)


def _last_ops(table: pl.DataFrame, committed_snapshots: Sequence[str], key: Sequence[str]) -> pl.DataFrame:
    ops = one_per_key(_in_order(table, committed_snapshots), *key)
    stays = ops["op"] != "delete"
    return ops if stays.all() else ops.filter(stays)


def _in_order(table: pl.DataFrame, committed_snapshots: Sequence[str]) -> pl.DataFrame:
    """The rows of committed snapshots, in order; rows that stand so already, as after one snapshot, are not moved."""
    known = table["snapshot_id"].unique().to_list()
    if len(known) == 1 and known[0] in committed_snapshots:
        return table if table["seq"].is_sorted() else table.sort("seq", maintain_order=True)
    order = pl.DataFrame(
        {"snapshot_id": committed_snapshots, "_order": range(len(committed_snapshots))},
        schema={"snapshot_id": pl.String, "_order": pl.Int64},
    )
    ops = table.join(order, on="snapshot_id", how="inner", maintain_order="left")
    return ops.sort("_order", "seq", maintain_order=True).select(table.columns)


def _passes_with_any(passes: Mapping[str, Mapping[str, Version]], wanted: Mapping[str, Version]) -> list[str]:
    return [id_ for id_, held in passes.items() if any(held.get(measure) == wanted[measure] for measure in wanted)]


def _only(table: pl.DataFrame, passes: Iterable[str]) -> bool:
    """Whether all rows are of these passes: then a copy of the whole table is spared."""
    return set(table["pass_id"].unique()) <= set(passes)


def _holds(
    table: pl.DataFrame, passes: Mapping[str, Mapping[str, Version]], wanted: Mapping[str, Version]
) -> dict[str, npt.NDArray[np.bool_]]:
    """For each measure, which rows hold it; measures that the same rows hold share one array."""
    failing = table.select("failed").with_row_index("_row").explode("failed").drop_nulls("failed")
    rows_failing = {str(measure): rows["_row"].to_numpy() for (measure,), rows in failing.group_by("failed")}
    by_passes: dict[tuple[str, ...], npt.NDArray[np.bool_]] = {}
    holds = {}
    for measure, version in wanted.items():
        ids = tuple(id_ for id_, held in passes.items() if held.get(measure) == version)
        if ids not in by_passes:
            by_passes[ids] = table["pass_id"].is_in(ids).fill_null(value=False).to_numpy()
        held_rows = by_passes[ids]
        if measure in rows_failing:
            held_rows = held_rows.copy()
            held_rows[rows_failing[measure]] = False
        holds[measure] = held_rows
    return holds


def _where_held(
    table: pl.DataFrame, columns: Mapping[str, str], holds: Mapping[str, npt.NDArray[np.bool_]]
) -> pl.DataFrame:
    """The result when each asset has one row: nothing is moved, and what is held throughout is not even copied."""
    masks = {id(held): pl.Series(held) for held in holds.values()}
    whole = {key: bool(mask.all()) for key, mask in masks.items()}
    result = [table["asset_id"]]
    for column, measure in columns.items():
        key = id(holds[measure])
        values = table[column]
        if not whole[key]:
            nulls = pl.Series(column, [None], dtype=values.dtype)
            values = values.zip_with(masks[key], nulls.new_from_index(0, table.height))
        result.append(values)
    result += [masks[id(held)].alias(measured_column(measure)) for measure, held in holds.items()]
    return _with_any(pl.DataFrame(result), holds)


def _with_any(frame: pl.DataFrame, measures: Collection[str]) -> pl.DataFrame:
    """Without the assets that have none of the measures."""
    if not measures:
        return frame.clear()
    some = frame.select(pl.any_horizontal(measured_column(measure) for measure in measures)).to_series()
    return frame if some.all() else frame.filter(some)


def _codes(keys: pl.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Number the distinct rows in order of appearance: the number of each row, and the first row of each number.

    By sorting 64-bit hashes, several times faster than grouping texts; then every row is compared with the first of
    its number, and if two different ones ever share a hash, they are told apart one by one.
    """
    keys = keys.rechunk()  # taking rows from many chunks is several times slower
    hashes = _hashes(keys)
    if pl.Series(hashes).n_unique() == len(hashes):
        return np.arange(len(hashes)), np.arange(len(hashes))
    order = np.argsort(hashes, kind="stable")
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = np.diff(hashes[order]) != 0
    first = order[begins]
    appearance = np.argsort(first)
    codes = np.empty(len(order), dtype=np.int64)
    codes[order] = np.argsort(appearance)[np.cumsum(begins) - 1]
    first = first[appearance]
    if not all(key.eq_missing(key.gather(first[codes])).all() for key in keys):
        numbers: dict[tuple[object, ...], int] = {}
        codes = np.array([numbers.setdefault(row, len(numbers)) for row in keys.iter_rows()], dtype=np.int64)
        first = np.unique(codes, return_index=True)[1]
    return codes, first


def _hashes(keys: pl.DataFrame) -> npt.NDArray[np.uint64]:
    return keys.hash_rows().to_numpy()


def _places(ids: pl.Series, assets: pl.Series) -> npt.NDArray[np.int64]:
    """For each id its place in `assets` (each there once), −1 where it is not there. Shape (len(ids),)."""
    codes, _ = _codes(pl.DataFrame({"id": pl.concat([assets, ids])}))
    places = codes[len(assets) :]
    places[places >= len(assets)] = -1
    return places


def _scattered(codes: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    """For each of `count` keys the one of `rows` that comes last among them, −1 where none has its code."""
    last = np.full(count, -1, dtype=np.int64)
    last[codes[rows]] = rows  # of equal places NumPy keeps the value assigned last
    return last


def _last_row(codes: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], count: int) -> pl.Series:
    """As `_scattered`, with null in place of −1: what `gather` takes for "no value"."""
    last = pl.DataFrame({"row": _scattered(codes, rows, count)})
    return last.select(pl.when(pl.col("row") >= 0).then("row")).to_series()


def _grouped(assets: pl.Series, measures: Sequence[str], lacks: npt.NDArray[np.bool_]) -> pl.DataFrame:
    """One row for each asset that lacks something. `lacks` has the shape (measures, assets)."""
    keys = {}
    for start in range(0, len(measures), _WORD_BITS):
        bits = lacks[start : start + _WORD_BITS]
        word = np.zeros(len(assets), dtype=np.int64)
        for bit, row in enumerate(bits):
            word |= row.astype(np.int64) << bit
        keys[f"word{start}"] = word
    asked = pl.DataFrame({"asset_id": assets, **keys}).with_row_index("place")
    asked = asked.filter(pl.any_horizontal(pl.col(key) != 0 for key in keys))
    groups = asked.group_by(list(keys), maintain_order=True).agg(pl.col("place").first())
    lists = [[m for m, lack in zip(measures, lacks[:, place], strict=True) if lack] for place in groups["place"]]
    groups = groups.drop("place").with_columns(
        pl.Series("missing", lists, dtype=pl.List(pl.String)), pl.int_range(len(lists), dtype=pl.UInt32).alias("group")
    )
    joined = asked.join(groups, on=list(keys), how="left", maintain_order="left")
    return joined.sort("group", maintain_order=True).select("asset_id", "missing", "group")
