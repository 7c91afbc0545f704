"""The vectors that measures give: tables `vectors/<name>`, apart from the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from packshot.evaluate.suite import all_measures, wanted
from packshot.storage.current import one_per_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from packshot.core.measurement import Vector
    from packshot.evaluate.measure import Measure
    from packshot.pipeline.stores import Stores

FOLDER = "vectors"


def table_name(vector: Vector) -> str:
    """The name of the table that holds it."""
    return f"{FOLDER}/{vector.name}"


def vector_names(measures: Iterable[Measure]) -> tuple[str, ...]:
    """The names of the tables that these measures fill."""
    return tuple(table_name(measure.vector) for measure in measures if measure.vector is not None)


def schema(vector: Vector) -> pa.Schema:
    """`asset_id model_version vector`, the last one float16."""
    values = pa.list_(pa.float16(), vector.length)
    fields = {"asset_id": pa.string(), "model_version": pa.string(), "vector": values}
    return pa.schema(fields)


def vector_tables(rows: list[dict[str, object]], measures: Mapping[str, Measure]) -> dict[str, pa.Table]:
    """What the measured rows hold of vectors, by table name. Rows without a vector are left out."""
    versions = wanted(measures)
    tables = {}
    for name, measure in measures.items():
        if (vector := measure.vector) is None:
            continue
        found = [(row["asset_id"], row[vector.name]) for row in rows if isinstance(row.get(vector.name), bytes)]
        values = np.frombuffer(b"".join(data for _, data in found if isinstance(data, bytes)), dtype=np.float16)
        arrays = [
            pa.array([asset for asset, _ in found], type=pa.string()),
            pa.array([str(versions[name])] * len(found), type=pa.string()),
            pa.FixedSizeListArray.from_arrays(pa.array(values, type=pa.float16()), vector.length),
        ]
        tables[table_name(vector)] = pa.Table.from_arrays(arrays, schema=schema(vector))
    return tables


def current_vectors(
    stores: Stores, measure: str, assets: pl.Series | None = None
) -> tuple[pl.Series, npt.NDArray[np.float16]]:
    """The asset ids that have the vector of `measure` in its wanted version, and the vectors, shape (assets, length).

    `assets` names the only ones that are wanted.
    """
    one = all_measures()[measure]
    vector = one.vector
    if vector is None:
        return pl.Series("asset_id", [], dtype=pl.String), np.empty((0, 0), dtype=np.float16)
    version = str(wanted({measure: one})[measure])
    keys = stores.frame(table_name(vector), schema(vector), ("asset_id", "model_version")).with_row_index("_row")
    keys = keys.filter(pl.col("model_version") == version)
    if assets is not None:
        keys = keys.join(pl.DataFrame({"asset_id": assets.drop_nulls().unique()}), on="asset_id", how="semi")
    keys = one_per_key(keys, "asset_id")
    read = stores.tables.read(table_name(vector), ("vector",), schema=schema(vector))
    flat = pc.list_flatten(read["vector"])
    values = np.asarray(flat.to_numpy(zero_copy_only=False), dtype=np.float16).reshape(-1, vector.length)
    return keys["asset_id"], values[keys["_row"].to_numpy()]
