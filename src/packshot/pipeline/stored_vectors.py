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

    from packshot.pipeline.stores import Stores


def stored_vectors(stores: Stores, measure: str) -> Iterator[tuple[list[str], NDArray[np.float16]]]:
    """Asset ids, and their vectors (assets, length), of the wanted version of `measure`; an asset may come again.

    Raises PluginError where the measure gives no vector.
    """
    one = known_measures()[measure]
    if one.vector is None:
        raise PluginError(f"The measure {measure} gives no vector.", "Ask for one that does.")
    kind, version = schema(one.vector), str(wanted({measure: one})[measure])
    for batch in stores.tables.batches(table_name(one.vector), schema=kind):
        rows = pa.Table.from_batches([batch]).filter(pc.field("model_version") == version)
        if rows.num_rows:
            flat = np.asarray(pc.list_flatten(rows["vector"]).to_numpy(zero_copy_only=False), dtype=np.float16)
            yield [str(asset) for asset in rows["asset_id"].to_pylist()], flat.reshape(rows.num_rows, -1)
