"""Apache Parquet: a table as data platforms hold it."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar

from packshot.collect.archive import FREE_BYTES, MOST_RATIO
from packshot.collect.record_rows import Records
from packshot.collect.source import Example, Location, Options, Source
from packshot.collect.uris import uri_of_name
from packshot.core.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.collect.rows import Notes, Row
    from packshot.core.trouble import Trouble

ROWS_AT_ONCE = 1000
MOST_GROUP_BYTES = 2 * 1024**3
"""Of one row group, unpacked, as the file itself says: that much may have to be in memory at once."""
_MAGIC = b"PAR1"


class _Examples:
    """The examples, written when somebody asks: this file must not load pyarrow only to be looked at."""

    def __get__(self, instance: object, owner: type) -> tuple[Example, ...]:
        return _examples()


class Parquet(Source):
    """Each row is a listing, or a further picture of one, by the same names as the columns of any table.

    Columns of pictures may be texts, lists of texts, or lists of structs with `src` (or `url`) and, where they have
    them, `role` and `position`. Columns of bytes are passed over: a picture is named by its place.
    """

    examples: ClassVar[tuple[Example, ...]] = _Examples()  # type: ignore[assignment] # a descriptor that gives them

    @classmethod
    def accepts(cls, location: Location, options: Options) -> float:  # noqa: ARG003 - the contract's
        """1 for what begins as Parquet does."""
        return 1.0 if location.head.startswith(_MAGIC) else 0.0

    def rows(self, location: Location, options: Options, notes: Notes) -> Iterator[Row | Trouble]:
        """Every row. Raises SourceError for a file that is damaged, or too large to be read piece by piece."""
        import pyarrow as pa
        from pyarrow import parquet

        feed = uri_of_name(location.path.name)
        records = Records(options.mapping, options.form.picture_separator)
        try:
            schema = parquet.read_schema(location.path)
            # What is stored once for many rows is read once, too: it may be large.
            with parquet.ParquetFile(location.path, read_dictionary=_texts(schema)) as file:
                _hold_groups(file.metadata, feed)
                number = unpacked = 0
                for batch in file.iter_batches(ROWS_AT_ONCE, columns=_readable(schema)):
                    unpacked += sum(map(_size, batch.columns))
                    _hold_size(unpacked, location.path.stat().st_size, feed)
                    columns = _columns(batch, notes)
                    for values in zip(*columns.values(), strict=True):
                        number += 1
                        yield records.row(f"row {number}", dict(zip(columns, values, strict=True)))
        except (pa.ArrowException, OSError, ValueError, OverflowError, RecursionError) as error:
            message = f"{feed} cannot be read as Parquet ({type(error).__name__})."
            raise SourceError(message, "Nothing of it was taken. Export it again; it may have been cut off.") from error
        records.check(feed)
        if not records.count:
            notes.add(f"{feed} holds no rows")


@cache
def _examples() -> tuple[Example, ...]:
    import pyarrow as pa
    from pyarrow import parquet

    rows: list[dict[str, object]] = [
        {
            "id": 1,
            "title": "Mug",
            "images": [{"src": "1b.jpg", "position": 2}, {"src": "1a.jpg", "position": 1}],
            "raw": b"1",
        },
        {"id": 2, "title": "Rug", "images": [], "raw": None},
        {"id": None, "title": "Lost", "images": [{"src": "lost.jpg", "position": 1}], "raw": b"3"},
    ]
    file = BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), file)
    whole = file.getvalue()
    return (
        Example(
            files={"feed.parquet": whole},
            location="feed.parquet",
            listings={"1": ("1a.jpg", "1b.jpg"), "2": ()},
            why="pictures as structs with positions, none, and a row without an id",
            troubles=("no listing id",),
        ),
        Example(
            files={"feed.parquet": whole[: len(whole) // 2]},
            location="feed.parquet",
            listings={},
            why="cut off midway",
            refused=True,
        ),
    )


def _hold_groups(metadata: Any, feed: str) -> None:
    sizes = [metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups)]
    if any(not 0 <= size <= MOST_GROUP_BYTES for size in sizes):
        message = f"{feed} has a row group of more than {MOST_GROUP_BYTES:,} bytes."
        raise SourceError(message, "Write it with smaller row groups, for example of 100,000 rows.")


def _columns(batch: Any, notes: Notes) -> dict[str, list[object]]:
    """The values of each column, of the first where a name comes twice; without dates that no calendar has."""
    import pyarrow as pa

    columns: dict[str, list[object]] = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            columns.setdefault(name, _values(column))
        except (pa.ArrowException, ValueError, OverflowError):
            if not pa.types.is_temporal(column.type):
                raise
            notes.add(f"the column {name!r} holds dates that cannot be read; rows were read without it")
    return columns


def _values(column: Any) -> list[object]:
    """The values; those that are stored once for many rows are one object for them all."""
    import pyarrow as pa
    from pyarrow import compute

    if not pa.types.is_dictionary(column.type):
        return list(column.to_pylist())
    used = compute.unique(column.indices.drop_null())
    values = dict(zip(used.to_pylist(), column.dictionary.take(used).to_pylist(), strict=True))
    return [values.get(index) for index in column.indices.to_pylist()]


def _size(column: Any) -> int:
    """Bytes of the values, each counted as often as it comes."""
    import pyarrow as pa
    from pyarrow import compute

    if not pa.types.is_dictionary(column.type) or not _is_text(column.type.value_type):
        return int(column.nbytes)
    lengths = compute.binary_length(column.dictionary).cast(pa.int64()).take(column.indices)
    return compute.sum(lengths).as_py() or 0


def _hold_size(unpacked: int, packed: int, feed: str) -> None:
    if unpacked > max(FREE_BYTES, MOST_RATIO * packed):
        message = f"{feed} is packed so small that it can be no feed: {packed:,} bytes hold more than {unpacked:,}."
        raise SourceError(message, "Nothing of it was taken. Look who sent it.")


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind))


def _texts(schema: Any) -> list[str]:
    return [field.name for field in schema if _is_text(field.type)]


def _readable(schema: Any) -> list[str]:
    """The columns that can be read as text."""
    from pyarrow import types

    binary = (types.is_binary, types.is_large_binary, types.is_fixed_size_binary, types.is_binary_view)
    return [field.name for field in schema if not any(test(field.type) for test in binary)]
