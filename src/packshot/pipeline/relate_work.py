"""What a worker does with a shard of texts: read them, one vector each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from packshot.core.errors import ModelDamaged, ModelError, ModelMissing
from packshot.evaluate.titles.spaces import SPACES
from packshot.models import desk
from packshot.models.sources import version_of
from packshot.pipeline.profile import Laps
from packshot.pipeline.vector_rows import vectors_column
from packshot.storage.schemas import text_vectors

if TYPE_CHECKING:
    from collections.abc import Mapping

WORK = f"{__name__}:embed_shard"


def embed_shard(params: Mapping[str, object], rows: pa.Table) -> dict[str, pa.Table]:
    """The vectors of `rows` (`text_key text`), as rows of the table of the space that `params["space"]` names.

    `params["models"]` is the address of the model process, None where models run in this process; `profile` asks for
    what it cost.
    """
    lap = Laps(on=bool(params.get("profile")))
    address = params.get("models")
    desk.sit_at(str(address) if address else None)
    desk.take_spent()  # by others in this process, before
    space = SPACES[str(params["space"])]
    keys, found = [], []
    for key, text in zip(rows.column("text_key").to_pylist(), rows.column("text").to_pylist(), strict=True):
        try:
            found.append(space.text_vectors([str(text)])[0])
        except (ModelMissing, ModelDamaged):
            raise
        except ModelError:  # this text is compared by a later run
            continue
        keys.append(key)
    lap("texts", len(keys))
    for model, spent in desk.take_spent().items():
        lap.charge(f"model {model}", spent.requests, spent.cpu_ns, here=spent.here)
    schema = text_vectors(space.length)
    vectors = np.stack(found) if found else np.empty((0, space.length or 1), np.float16)
    arrays = [
        pa.array(keys, type=pa.string()),
        pa.array([version_of(space.text_model)] * len(keys), type=pa.string()),
        vectors_column(vectors, vectors.shape[1], schema.field("vector").type),
    ]
    return {space.table: pa.Table.from_arrays(arrays, schema=schema)} | lap.tables()
