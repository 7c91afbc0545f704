"""Troubles as rows, and which rows of all that were ever written still hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from packshot.storage.schemas import TROUBLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from packshot.core.trouble import Trouble

MAX_DETAIL = 500
"""Characters of a detail that are kept: a hostile file can make a decoder say very much."""


def trouble_table(troubles: Iterable[Trouble], *, run_id: str | None = None, at: datetime | None = None) -> pa.Table:
    """The rows of the table `troubles`; a worker leaves out `run_id` and `at`, which the driver fills in."""
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
            "detail": _text(t.detail),
            "attempt": 1,
            "run_id": run_id,
            "at": at,
        }
        for t in troubles
    ]
    return pa.Table.from_pylist(rows, schema=TROUBLES)


def stamped(table: pa.Table, run_id: str, at: datetime) -> pa.Table:
    """A worker's trouble rows with the run and the time."""
    run = pa.array([run_id] * table.num_rows, type=pa.string())
    when = pa.array([at] * table.num_rows, type=TROUBLES.field("at").type)
    return table.set_column(table.schema.get_field_index("run_id"), TROUBLES.field("run_id"), run).set_column(
        table.schema.get_field_index("at"), TROUBLES.field("at"), when
    )


def _text(detail: str) -> str:
    return detail.encode("utf-8", "replace").decode("utf-8")[:MAX_DETAIL]
