"""The vectors that a measure gave, as they are stored, some thousand at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from packshot.core.errors import PluginError
from packshot.evaluate.suite import known_measures, wanted
from packshot.pipeline.vector_rows import schema, table_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from packshot.core.measurement import Vector
    from packshot.pipeline.stores import Stores


def stored_vectors(stores: Stores, measure: str) -> Iterator[tuple[list[str], NDArray[np.float16]]]:
    """Asset ids, and their vectors (assets, length), of the wanted version of `measure`; an asset may come again.

    Raises PluginError where the measure gives no vector.
    """
    vector, version = _wanted(measure)
    for batch in stores.tables.batches(table_name(vector), schema=schema(vector)):
        rows = pa.Table.from_batches([batch]).filter(pc.field("model_version") == version)
        if rows.num_rows:
            flat = np.asarray(pc.list_flatten(rows["vector"]).to_numpy(zero_copy_only=False), dtype=np.float16)
            yield [str(asset) for asset in rows["asset_id"].to_pylist()], flat.reshape(rows.num_rows, -1)


def assets_with_vectors(stores: Stores, measure: str) -> set[str]:
    """The ids of the assets that have a vector of the wanted version; reads no vector. Raises as `stored_vectors`."""
    vector, version = _wanted(measure)
    found: set[str] = set()
    for batch in stores.tables.batches(table_name(vector), ("asset_id", "model_version"), schema=schema(vector)):
        rows = pa.Table.from_batches([batch]).filter(pc.field("model_version") == version)
        found.update(str(asset) for asset in rows["asset_id"].to_pylist())
    return found


def _wanted(measure: str) -> tuple[Vector, str]:
    one = known_measures()[measure]
    if one.vector is None:
        raise PluginError(f"The measure {measure} gives no vector.", "Ask for one that does.")
    return one.vector, str(wanted({measure: one})[measure])
