"""What a worker does with a shard of texts: read them, one vector each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from packshot.core.errors import ModelDamaged, ModelError, ModelMissing
from packshot.evaluate.titles.title_vectors import LENGTH, MODEL, text_vectors
from packshot.models import desk
from packshot.models.sources import version_of
from packshot.storage.schemas import TEXT_VECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping

WORK = f"{__name__}:embed_shard"
TABLE = "vectors/minilm_l6_int8"


def embed_shard(params: Mapping[str, object], rows: pa.Table) -> dict[str, pa.Table]:
    """The vectors of `rows` (`text_key text`), as rows of the table `vectors/minilm_l6_int8`.

    `params["models"]` is the address of the model process, None where models run in this process.
    """
    address = params.get("models")
    desk.sit_at(str(address) if address else None)
    keys, found = [], []
    for key, text in zip(rows.column("text_key").to_pylist(), rows.column("text").to_pylist(), strict=True):
        try:
            found.append(text_vectors([str(text)])[0])
        except (ModelMissing, ModelDamaged):
            raise
        except ModelError:  # this text is compared by a later run
            continue
        keys.append(key)
    vectors = np.stack(found) if found else np.empty((0, LENGTH), np.float16)
    arrays = [
        pa.array(keys, type=pa.string()),
        pa.array([version_of(MODEL)] * len(keys), type=pa.string()),
        pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel(), type=pa.float16()), LENGTH),
    ]
    return {TABLE: pa.Table.from_arrays(arrays, schema=TEXT_VECTORS)}
