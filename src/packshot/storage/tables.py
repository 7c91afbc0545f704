"""The store of large, append-only tables: its contract, and the names of tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from packshot.core.errors import UnknownName, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import pyarrow.compute as pc

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_LONGEST_NAME = 400


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a table that can be read."""

    number: int
    at: float
    """Seconds since 1970 when it was committed."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """Two versions of a table that hold the same rows in the same order."""

    older: int
    newer: int


class Tables(Protocol):
    """Tables that only grow, each append a version of its own. Every error is a WorkspaceError with a hint.

    A name is words of letters, digits, `_`, `-` and `.`, joined by `/`: `listings`, `judgements/20261122-ab/verdicts`.
    All columns are nullable. Rows come back in the order in which they were committed. Many processes may append to
    one table at once; a reader sees whole appends or none of them.
    """

    def append(self, name: str, rows: pa.Table) -> int:
        """Add `rows` in one commit and give the new version; when this returns they survive a power cut.

        The table is made by its first rows. A column that the table lacks is added, null in the older rows; a column
        that `rows` lack is null in them. No rows: no commit, and the version as it is.

        Raises:
            WorkspaceError: A column's type is not the stored one, the disk is full, …; nothing was added.
        """
        ...

    def read(
        self,
        name: str,
        columns: Sequence[str] | None = None,
        *,
        version: int | None = None,
        where: pc.Expression | None = None,
        schema: pa.Schema | None = None,
    ) -> pa.Table:
        """The rows of a table, all of them in memory.

        Args:
            name: The table.
            columns: Which columns, in this order; `[]` gives a table that only has `num_rows`. None: all.
            version: As it was after that append; None: now; 0: before its first.
            where: Only rows for which this holds, as `pyarrow.compute.field("asset_id") == "…"`; it may name stored
                columns only.
            schema: What the caller counts on: its columns (all, or those in `columns`) come back in these types, and
                what is not stored yet, a column or the whole table, reads as null or as no rows.

        Raises:
            UnknownName: Without `schema`: there is no such table or column. With it: `columns` names one it lacks.
            WorkspaceError: The stored type is not the one in `schema`; no such version; or reading failed.
        """
        ...

    def take(
        self,
        name: str,
        rows: Sequence[int],
        columns: Sequence[str] | None = None,
        *,
        version: int | None = None,
        schema: pa.Schema | None = None,
    ) -> pa.Table:
        """Some rows by their places: 0 is the first that `read` of that `version` gives; in this order.

        The rest is as for `read`. Give the version: a place means another row once rows have been removed.

        Raises:
            WorkspaceError: As `read`, or there is no such place.
        """
        ...

    def batches(  # noqa: PLR0913 - as `read`
        self,
        name: str,
        columns: Sequence[str] | None = None,
        *,
        version: int | None = None,
        where: pc.Expression | None = None,
        schema: pa.Schema | None = None,
        rows: int = 16_384,
    ) -> Iterator[pa.RecordBatch]:
        """As `read`, in batches of at most `rows` rows: memory stays bounded, however long the table."""
        ...

    def version(self, name: str) -> int:
        """The newest version, to pin a read to; 0 where there is no such table. It grows until the table is dropped."""
        ...

    def schema(self, name: str) -> pa.Schema | None:
        """The columns as they are now; None where there is no such table."""
        ...

    def names(self, prefix: str = "") -> list[str]:
        """The names of all tables that begin with `prefix`, sorted."""
        ...

    def drop(self, name: str) -> None:
        """Delete a table with all its versions; nothing happens where there is none."""
        ...

    # Upkeep: the caller holds the workspace's lease for it. Others may append and read meanwhile.

    def compact(self, name: str) -> Compacted | None:
        """Merge small parts of a table into large ones, in a new version: the same rows in the same order.

        Rows that were removed leave the new parts; the old ones go with `clean`. None: there was nothing to merge.
        """
        ...

    def remove(self, name: str, where: pc.Expression) -> int:
        """Remove the rows for which `where` holds, in a new version; gives how many.

        Older versions still have them, and files do: `compact`, then `clean` with nothing kept, to be rid of them.
        """
        ...

    def versions(self, name: str) -> list[Version]:
        """All versions that can be read, the oldest first; none where there is no such table."""
        ...

    def clean(self, name: str, *, keep: Collection[int] = (), older_than_s: float = 0.0) -> int:
        """Delete versions and what only they need; gives how many bytes that freed.

        Args:
            name: The table.
            keep: Versions that stay readable, as those that a judgement is pinned to. The newest always does.
            older_than_s: Younger versions stay too: somebody may be reading them.

        What killed processes left behind goes as well: dropped tables; torn versions older than `older_than_s`; tables
        being made, an hour old; data that no version names, a week old, for an append may be under way.
        """
        ...


def checked_name(name: str) -> str:
    """`name`, if it is the name of a table: nothing in it can lead out of the store.

    Raises:
        WorkspaceError: It is not.
    """
    words = name.split("/")
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name) or any(word.endswith(".lance") for word in words):
        raise WorkspaceError(
            f"{name[:80]!r} cannot be the name of a table.",
            "A name is words of letters, digits, '_', '-' and '.', joined by '/'; no word begins with '.' or '-'.",
        )
    return name


def plain_rows(name: str, rows: pa.Table) -> pa.Table:
    """`rows` as tables keep them: every column nullable, without metadata.

    Raises:
        WorkspaceError: Two columns share a name, or a column has no type because all its values are null.
    """
    doubled = sorted({column for column in rows.column_names if rows.column_names.count(column) > 1})
    if doubled:
        raise WorkspaceError(
            f"Rows for the table {name} have more than one column called {', '.join(doubled)}.", "Rename one of them."
        )
    for field in rows.schema:
        if pa.types.is_null(field.type):
            raise WorkspaceError(
                f"The column {field.name} of rows for the table {name} has no type.",
                "Build the rows with their schema: pyarrow.Table.from_pylist(rows, schema=…).",
            )
    return rows.cast(pa.schema([pa.field(field.name, field.type) for field in rows.schema]))


def hold_types(name: str, given: pa.Schema, stored: pa.Schema) -> None:
    """Raise WorkspaceError where a column stands in both with different types."""
    for field in given:
        index = stored.get_field_index(field.name)
        if index >= 0 and stored.field(index).type != field.type:
            raise WorkspaceError(
                f"The column {field.name} of the table {name} is {stored.field(index).type}, not {field.type}.",
                "Cast the rows to the table's schema; a column that changed its type needs a new name.",
            )


def wanted_schema(
    name: str, stored: pa.Schema | None, columns: Sequence[str] | None, schema: pa.Schema | None
) -> pa.Schema:
    """The columns that a read gives, with their types; the arguments are those of `Tables.read`.

    Raises:
        UnknownName: Nobody knows the table or one of `columns`.
        WorkspaceError: A stored type differs from the one in `schema`.
    """
    known = stored if schema is None else schema
    if known is None:
        raise UnknownName("table", name, ())
    if schema is not None and stored is not None:
        hold_types(name, schema, stored)
    names = known.names if columns is None else columns
    for column in names:
        if column not in known.names:
            raise UnknownName(f"column in the table {name}", column, known.names)
    return pa.schema([known.field(column) for column in names])


def filled(rows: pa.Table, wanted: pa.Schema) -> pa.Table:
    """`rows` with exactly the columns `wanted`; those they lack are null."""
    if rows.column_names == wanted.names:
        return rows
    have = set(rows.column_names)
    # In the chunks of the others: Polars takes no part of a list of fixed size that holds nulls.
    lengths = [len(chunk) for chunk in rows.column(0).chunks] if rows.num_columns else [rows.num_rows]
    arrays = [rows.column(f.name) if f.name in have else _nulls(lengths, f.type) for f in wanted]
    return pa.Table.from_arrays(arrays, schema=wanted)


def _nulls(lengths: list[int], kind: Any) -> Any:
    return pa.chunked_array([pa.nulls(length, kind) for length in lengths], type=kind)
