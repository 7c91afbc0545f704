"""Writing a table as CSV, TSV, JSON, JSON Lines or Parquet, and as a sheet for people."""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import polars as pl

from packshot.app.table_names import FORMATS
from packshot.app.whole_file import write_file
from packshot.core.errors import UsageError
from packshot.texts.cells import FORMULA

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers")
SHEET = "sheet"
"""CSV for people: see `written`."""


def form_of(output: Path | None, asked: str | None, forms: Sequence[str] = FORMATS) -> str:
    """The form to write: the one that is `asked` for, else what the suffix of `output` says, else the first of `forms`.

    Raises UsageError where the file's name says another thing than what would be in it.
    """
    suffix = output.suffix.lower() if output else ""
    said = suffix.removeprefix(".")
    others = f"{', '.join(f'.{form}' for form in forms[:-1])} or .{forms[-1]}" if len(forms) > 1 else f".{forms[0]}"
    if suffix in WORKBOOKS:
        hint = f"Name a file in {others}; spreadsheets open {'.csv' if 'csv' in forms else others}."
        raise UsageError(f"{output} would be a workbook, which is not written.", hint)
    if asked is not None and said in forms and said != asked:
        raise UsageError(f"{output} ends in {suffix}, and --format says {asked}.", "Leave --format out, or rename it.")
    if asked is None and suffix and said not in forms:
        more = "; or say the form with --format" if len(forms) > 1 else ""
        raise UsageError(
            f"{output} ends in {suffix}, which says no form that is written.", f"Name a file in {others}{more}."
        )
    return asked or (said if said in forms else forms[0])


def written(frame: pl.DataFrame, form: str, output: Path | IO[bytes], *, delimiter: str = ",") -> None:
    """Write `frame` in one of FORMATS (`json` is an array of rows); a file appears whole or not at all.

    Lists become JSON text in CSV and TSV; bytes become hexadecimal digits in all but Parquet. `sheet` is CSV that Excel
    and LibreOffice open as it stands: UTF-8 with its mark, lines that end as theirs do, and an apostrophe before what
    would run as a formula; `delimiter` parts its columns. WorkspaceError when the file cannot be written.
    """
    write: dict[str, Callable[[IO[bytes]], object]] = {
        "csv": lambda to: _flat(_texts(frame)).write_csv(to),
        "tsv": lambda to: _flat(_texts(frame)).write_csv(to, separator="\t"),
        "json": lambda to: to.write(_texts(frame).write_json().encode()),
        "jsonl": lambda to: _texts(frame).write_ndjson(to),
        SHEET: lambda to: _harmless(_flat(_texts(frame))).write_csv(
            to, include_bom=True, line_terminator="\r\n", separator=delimiter
        ),
        "parquet": frame.write_parquet,
    }
    if not isinstance(output, Path):
        # Polars turns a closed pipe into an error of its own; written from here it is a BrokenPipeError.
        whole = io.BytesIO()
        write[form](whole)
        output.write(whole.getbuffer())
        output.flush()
        return

    def into(to: IO[bytes]) -> None:
        watched = _Watched(to)
        try:
            write[form](cast("IO[bytes]", watched))
        except (OSError, pl.exceptions.PolarsError):
            if watched.refused is not None:
                raise watched.refused from None
            raise

    write_file(output, into)


class _Watched:
    """A file that remembers why it could not be written: Polars tells it in words alone, Parquet as a broken file."""

    def __init__(self, to: IO[bytes]) -> None:
        self._to = to
        self.refused: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._to.write(data)
        except OSError as error:
            self.refused = error
            raise

    def flush(self) -> None:
        self._to.flush()


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    hexed = [pl.col(n).bin.encode("hex") for n, kind in frame.schema.items() if kind == pl.Binary]
    return frame.with_columns(hexed)


def _harmless(frame: pl.DataFrame) -> pl.DataFrame:
    text = pl.col(pl.String)
    return frame.with_columns(pl.when(text.str.contains(FORMULA)).then("'" + text).otherwise(text).name.keep())


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        _json_list(name, kind) for name, kind in frame.schema.items() if isinstance(kind, pl.List | pl.Array)
    )


def _json_list(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name).arr.to_list() if isinstance(kind, pl.Array) else pl.col(name)
    wrapped = pl.struct(column.alias("v")).struct.json_encode()
    # {"v":[1,2]} → [1,2]; a list is never null inside the text, since null rows stay null.
    return pl.when(pl.col(name).is_null()).then(None).otherwise(wrapped.str.slice(5).str.head(-1)).alias(name)
