"""Apache Parquet: a table as data platforms hold it."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar

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
            with parquet.ParquetFile(location.path) as file:
                _hold_groups(file.metadata, feed)
                number = 0
                for batch in file.iter_batches(ROWS_AT_ONCE, columns=_readable(file.schema_arrow)):
                    for record in batch.to_pylist():
                        number += 1
                        yield records.row(f"row {number}", record)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
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


def _readable(schema: Any) -> list[str]:
    """The columns that can be read as text."""
    from pyarrow import types

    binary = (types.is_binary, types.is_large_binary, types.is_fixed_size_binary, types.is_binary_view)
    return [field.name for field in schema if not any(test(field.type) for test in binary)]
