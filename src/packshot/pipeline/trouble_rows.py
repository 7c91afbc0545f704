"""Troubles as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from packshot.core.trouble import Trouble, TroubleKind
from packshot.pipeline.engine import LossKind, Lost
from packshot.storage.schemas import TROUBLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

MAX_DETAIL = 500
"""Characters of a detail that are kept: a hostile file can make a decoder say very much."""

_WHAT_HAPPENED = {
    LossKind.CRASHED: "The worker process died at this file, twice",
    LossKind.TIMED_OUT: "It took too long",
    LossKind.OUT_OF_MEMORY: "It needs more memory than a worker may have",
}


def trouble_table(troubles: Iterable[Trouble], **more: str | datetime | None) -> pa.Table:
    """The rows of the table `troubles`; `more` fills `run_id`, `at`, `snapshot_id` or `uri_key` of all of them."""
    rows = [
        {
            "stage": t.stage,
            "kind": t.kind.value,
            "retryable": t.retryable,
            "asset_id": t.asset_id,
            "placement_id": t.placement_id,
            "source_uri": t.source_uri or None,
            "measure": t.measure,
            "version": t.version,
            "model": t.model,
            "detail": _text(t.detail),
            "attempt": 1,
            **more,
        }
        for t in troubles
    ]
    return pa.Table.from_pylist(rows, schema=TROUBLES)


def trouble_of(lost: Lost, stage: str, *, source_uri: str = "", asset_id: str | None = None) -> Trouble:
    """The trouble of the one row that was given up when its worker was `lost`, at the step `stage`."""
    said = _WHAT_HAPPENED[lost.kind] + (f" ({lost.detail})." if lost.detail else ".")
    return Trouble(stage, TroubleKind(lost.kind.value), said, source_uri, asset_id)


def stamped(table: pa.Table, **values: str | datetime) -> pa.Table:
    """`table` with each of these columns set to one value throughout."""
    for name, value in values.items():
        index = table.schema.get_field_index(name)
        field = table.schema.field(index)
        table = table.set_column(index, field, pa.array([value] * table.num_rows, type=field.type))
    return table


def _text(detail: str) -> str:
    return detail.encode("utf-8", "replace").decode("utf-8")[:MAX_DETAIL]
