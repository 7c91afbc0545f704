"""Writing a table as CSV, JSON or Parquet."""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO, TYPE_CHECKING

import polars as pl

from packshot.app.whole_file import write_file

if TYPE_CHECKING:
    from collections.abc import Callable


def written(frame: pl.DataFrame, form: str, output: Path | IO[bytes]) -> None:
    """Write `frame` as `csv`, `json` (an array of rows) or `parquet`; a file appears whole or not at all.

    Lists become JSON text in CSV; bytes become hexadecimal digits in CSV and JSON.
    WorkspaceError when the file cannot be written.
    """
    write: dict[str, Callable[[IO[bytes]], object]] = {
        "csv": lambda to: _flat(_texts(frame)).write_csv(to),
        "json": lambda to: to.write(_texts(frame).write_json().encode()),
        "parquet": frame.write_parquet,
    }
    if not isinstance(output, Path):
        # Polars turns a closed pipe into an error of its own; written from here it is a BrokenPipeError.
        whole = io.BytesIO()
        write[form](whole)
        output.write(whole.getbuffer())
        output.flush()
        return
    write_file(output, write[form])


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    hexed = [pl.col(n).bin.encode("hex") for n, kind in frame.schema.items() if kind == pl.Binary]
    return frame.with_columns(hexed)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        _json_list(name, kind) for name, kind in frame.schema.items() if isinstance(kind, pl.List | pl.Array)
    )


def _json_list(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name).arr.to_list() if isinstance(kind, pl.Array) else pl.col(name)
    wrapped = pl.struct(column.alias("v")).struct.json_encode()
    # {"v":[1,2]} → [1,2]; a list is never null inside the text, since null rows stay null.
    return pl.when(pl.col(name).is_null()).then(None).otherwise(wrapped.str.slice(5).str.head(-1)).alias(name)
