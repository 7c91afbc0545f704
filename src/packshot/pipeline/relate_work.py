"""What a worker does with a shard of texts: read them, one vector each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from packshot.evaluate.titles.title_vectors import MODEL, text_vectors
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
    vectors = text_vectors([str(text) for text in rows.column("text").to_pylist()])
    arrays = [
        rows.column("text_key").combine_chunks(),
        pa.array([version_of(MODEL)] * rows.num_rows, type=pa.string()),
        pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel(), type=pa.float16()), vectors.shape[1]),
    ]
    return {TABLE: pa.Table.from_arrays(arrays, schema=TEXT_VECTORS)}
