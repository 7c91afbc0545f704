"""The vectors that measures give, as rows of the tables `vectors/<name>`, apart from the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from packshot.evaluate.suite import wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Vector
    from packshot.evaluate.measure import Measure

FOLDER = "vectors"


def table_name(vector: Vector) -> str:
    """The name of the table that holds it."""
    return f"{FOLDER}/{vector.name}"


def vector_names(measures: Iterable[Measure]) -> tuple[str, ...]:
    """The names of the tables that these measures fill."""
    return tuple(table_name(measure.vector) for measure in measures if measure.vector is not None)


def schema(vector: Vector) -> pa.Schema:
    """`asset_id model_version vector`, the last one float16; rows of one version have vectors of one length."""
    values = pa.list_(pa.float16(), -1 if vector.length is None else vector.length)
    fields = {"asset_id": pa.string(), "model_version": pa.string(), "vector": values}
    return pa.schema(fields)


def vectors_column(values: NDArray[np.float16], length: int, kind: pa.DataType) -> pa.Array[pa.Scalar[Any]]:
    """All numbers of some vectors of `length`, one after the other, as a column of the type `kind`."""
    flat = pa.array(values.ravel(), type=pa.float16())
    return pa.FixedSizeListArray.from_arrays(flat, max(length, 1)).cast(kind)


def vector_tables(rows: list[dict[str, object]], measures: Mapping[str, Measure]) -> dict[str, pa.Table]:
    """What the measured rows hold of vectors, by table name. Rows without a vector are left out."""
    versions = wanted(measures)
    tables = {}
    for name, measure in measures.items():
        if (vector := measure.vector) is None:
            continue
        found = [(row["asset_id"], row[vector.name]) for row in rows if isinstance(row.get(vector.name), bytes)]
        values = np.frombuffer(b"".join(data for _, data in found if isinstance(data, bytes)), dtype=np.float16)
        width = len(values) // max(len(found), 1)
        arrays = [
            pa.array([asset for asset, _ in found], type=pa.string()),
            pa.array([str(versions[name])] * len(found), type=pa.string()),
            vectors_column(values, vector.length or width, schema(vector).field("vector").type),
        ]
        tables[table_name(vector)] = pa.Table.from_arrays(arrays, schema=schema(vector))
    return tables
