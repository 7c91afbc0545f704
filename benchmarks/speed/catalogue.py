"""A workspace of any size, in the real stores and tables, with the judge benchmark's drawn values and no pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
from judge import PER_LISTING, REPEATED_SHARE, TROUBLE_SHARE, measured

from packshot.core.measurement import Kind
from packshot.evaluate.suite import all_measures, wanted
from packshot.pipeline.current_rows import measurement_schema
from packshot.storage.catalog import utc_now
from packshot.storage.schemas import ASSETS, FETCHES, LISTINGS, MATCHES, PLACEMENTS, TROUBLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.pipeline.stores import Stores

ROWS_AT_ONCE = 10_000
"""As a run commits them."""
SOURCE = "source"
MATCHED_SHARE = 0.05
WORDS = ("Shirts", "Mugs", "Lamps", "Chairs", "Jackets", "Rugs", "Bowls", "Shoes", "Clocks", "Bags")


def hexadecimal(numbers: np.ndarray, salt: int, digits: int = 64) -> pl.Series:
    """An id for each number that looks like the hash it stands for: equal numbers give equal ids."""
    words = [pl.Series(numbers.astype(np.uint64)).hash(seed=salt + word) for word in range(digits // 16)]
    texts = np.concatenate([word.to_numpy()[:, None] for word in words], axis=1).astype(">u8").tobytes().hex()
    return pl.Series(np.frombuffer(texts.encode(), dtype=f"S{digits}")).cast(pl.String)


def fill(stores: Stores, rows: int) -> None:
    """Write `rows` placements, four to a listing, and all that a run stores of them, measured in one pass."""
    rng = np.random.default_rng(7)
    number = np.arange(rows)
    asset = np.where(rng.random(rows) < REPEATED_SHARE, rng.integers(0, rows, rows), number)
    stores.catalog.add_source(SOURCE, "/a/feed.csv", {})
    snapshot = stores.catalog.begin_snapshot(SOURCE, "digest")
    for part in _parts(rows):
        _append(stores, "placements", _placements(number[part], snapshot), PLACEMENTS)
        _append(stores, "fetches", _fetches(number[part], asset[part]), FETCHES)
    for part in _parts(rows // PER_LISTING):
        _append(stores, "listings", _listings(number[part], snapshot), LISTINGS)
    stores.catalog.commit_snapshot(snapshot, rows)
    held = np.unique(asset)
    for part in _parts(len(held)):
        _append(stores, "assets", _assets(held[part]), ASSETS)
    sound = rng.random(len(held)) >= TROUBLE_SHARE
    for part in _parts(int((~sound).sum())):
        _append(stores, "troubles", _troubles(held[~sound][part]), TROUBLES)
    held = held[sound]
    pass_id = stores.catalog.open_pass(wanted(all_measures()))
    for part in _parts(len(held)):
        stores.tables.append("measurements", _measurements(held[part], pass_id, rng))


def matches(rows: int) -> pa.Table:
    """Pairs that show one picture, for one asset in twenty."""
    rng = np.random.default_rng(8)
    count = int(rows * MATCHED_SHARE)
    pairs = {"asset_a": hexadecimal(rng.integers(0, rows, count), 1)}
    pairs["asset_b"] = hexadecimal(rng.integers(0, rows, count), 1)
    return _table(pl.DataFrame(pairs).with_columns(kind=pl.lit("same")), MATCHES)


def _parts(rows: int) -> Iterator[slice]:
    return (slice(start, min(start + ROWS_AT_ONCE, rows)) for start in range(0, rows, ROWS_AT_ONCE))


def _placements(number: np.ndarray, snapshot: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "source_id": SOURCE,
            "snapshot_id": snapshot,
            "seq": number,
            "op": "upsert",
            "placement_id": hexadecimal(number, 11, 32),
            "listing_id": _listing_ids(number // PER_LISTING),
            "uri_key": hexadecimal(number, 21),
            "source_uri": _uris(number),
            "role": pl.Series(["main", "secondary", "secondary", "detail"]).gather(number % PER_LISTING),
            "position": number % PER_LISTING,
        }
    )


def _fetches(number: np.ndarray, asset: np.ndarray) -> pl.DataFrame:
    found = {"uri_key": hexadecimal(number, 21), "seq": number, "asset_id": hexadecimal(asset, 1)}
    return pl.DataFrame({**found, "size_bytes": 200_000, "mtime_ns": number, "status": "ok", "at": utc_now()})


def _listings(number: np.ndarray, snapshot: str) -> pl.DataFrame:
    words = pl.Series(WORDS).gather(number % len(WORDS))
    return pl.DataFrame(
        {
            "source_id": SOURCE,
            "snapshot_id": snapshot,
            "seq": number,
            "op": "upsert",
            "listing_id": _listing_ids(number),
            "title": "A very good thing number " + pl.Series(number).cast(pl.String),
            "brand": "Brand",
            "category": "Home & Living > Things > " + words + " " + pl.Series(number % 300).cast(pl.String),
            "attributes": "{}",
        }
    )


def _assets(number: np.ndarray) -> pl.DataFrame:
    found = {"asset_id": hexadecimal(number, 1), "kind": "image", "format": "jpeg", "bytes": 200_000}
    return pl.DataFrame({**found, "width_px": 1200, "height_px": 1200, "blob": "referenced", "ref_uri": _uris(number)})


def _troubles(number: np.ndarray) -> pl.DataFrame:
    """Pictures that could not be decoded."""
    found = {"stage": "decode", "kind": "truncated", "retryable": False, "asset_id": hexadecimal(number, 1)}
    more = {"detail": "The file ends before its picture does.", "attempt": 1, "run_id": "run", "at": utc_now()}
    return pl.DataFrame({**found, **more})


def _measurements(number: np.ndarray, pass_id: str, rng: np.random.Generator) -> pa.Table:
    """A value in every column of every measure."""
    rows = len(number)
    kinds = {output.name: output.kind for measure in all_measures().values() for output in measure.outputs}
    schema = measurement_schema()
    arrays = {"asset_id": hexadecimal(number, 1).to_arrow(), "at": pa.array([utc_now()] * rows)}
    arrays["pass_id"] = pa.array([pass_id] * rows)
    arrays["failed"] = pa.array([[]] * rows, type=pa.list_(pa.string()))
    for name, values in measured(rows, rng, kinds).items():
        arrays[name] = values.to_arrow() if isinstance(values, pl.Series) else pa.array(values)
    for name, kind in kinds.items():
        if kind in {Kind.BYTES32, Kind.BYTES768}:
            size = schema.field(name).type.byte_width
            arrays[name] = pa.FixedSizeBinaryArray.from_buffers(
                schema.field(name).type, rows, [None, pa.py_buffer(rng.bytes(rows * size))]
            )
        elif kind in {Kind.BOX, Kind.RGB}:
            width = schema.field(name).type.list_size
            flat = pa.array(rng.random(rows * width) * (255 if kind is Kind.RGB else 0.5))
            flat = flat.cast(schema.field(name).type.value_type, safe=False)
            arrays[name] = pa.FixedSizeListArray.from_arrays(flat, width)
    columns = [arrays[f.name].cast(f.type) if f.name in arrays else pa.nulls(rows, f.type) for f in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _listing_ids(number: np.ndarray) -> pl.Series:
    return "SKU-" + pl.Series(number).cast(pl.String).str.zfill(9)


def _uris(number: np.ndarray) -> pl.Series:
    return (
        "images/" + pl.Series(number % 1000).cast(pl.String) + "/picture-" + pl.Series(number).cast(pl.String) + ".jpg"
    )


def _append(stores: Stores, name: str, frame: pl.DataFrame, schema: pa.Schema) -> None:
    stores.tables.append(name, _table(frame, schema))


def _table(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    rows = frame.to_arrow()
    columns = [
        rows[f.name].cast(f.type) if f.name in rows.column_names else pa.nulls(rows.num_rows, f.type) for f in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)
