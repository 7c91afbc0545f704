"""The banks of a workspace: hashes and pictures that are known to be bad, and how they are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from packshot.storage.catalog import utc_now
from packshot.storage.schemas import BANKS

if TYPE_CHECKING:
    from packshot.pipeline.stores import Stores

TABLE = "banks"
ADD, REMOVE = "add", "remove"


def bank_entries(stores: Stores) -> pl.DataFrame:
    """The entries as they stand, with the columns of `BANKS` but `op`: of each entry the last word counts."""
    rows = stores.frame(TABLE, BANKS).with_row_index("_row")
    whole = (
        rows.filter((pl.col("op") == REMOVE) & pl.col("entry_id").is_null()).group_by("bank").agg(pl.col("_row").max())
    )
    last = rows.filter(pl.col("entry_id").is_not_null()).unique("entry_id", keep="last", maintain_order=True)
    last = last.join(whole.rename({"_row": "_gone"}), on="bank", how="left", maintain_order="left")
    there = (pl.col("op") == ADD) & (pl.col("_gone").is_null() | (pl.col("_row") > pl.col("_gone")))
    return last.filter(there).drop("op", "_row", "_gone")


def add_to_bank(stores: Stores, entries: pl.DataFrame) -> None:
    """Append entries (columns of `BANKS` but `op` and `at`; those lacking are null) in one commit."""
    _append(stores, entries.with_columns(op=pl.lit(ADD)))


def remove_from_bank(stores: Stores, bank: str, entry_ids: list[str] | None = None) -> None:
    """Take entries out of a bank, or with None all of them, in one commit."""
    ids = pl.Series(entry_ids if entry_ids is not None else [None], dtype=pl.String)
    _append(stores, pl.DataFrame({"entry_id": ids}).with_columns(bank=pl.lit(bank), op=pl.lit(REMOVE)))


def _append(stores: Stores, rows: pl.DataFrame) -> None:
    told = rows.with_columns(at=pl.lit(utc_now()))
    arrow = told.to_arrow()
    columns = {
        field.name: arrow[field.name].cast(field.type)
        if field.name in arrow.column_names
        else pa.nulls(arrow.num_rows, field.type)
        for field in BANKS
    }
    stores.tables.append(TABLE, pa.table(columns, schema=BANKS))
