"""CSV, TSV and other delimited text with a line of column names."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.collect.source import Example, Location, Options, Source
from packshot.collect.table import sniff_table, table_plan, table_rows
from packshot.collect.uris import uri_of_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.collect.rows import Notes, Row
    from packshot.core.trouble import Trouble


class Delimited(Source):
    """Rows of text with commas, tabs, semicolons or bars between the fields, as spreadsheets and shops export them.

    Several rows of one listing add pictures to it; the first of them says its title and the rest.
    """

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            files={
                "feed.csv": b"sku,name,image,position\n"
                b'A,"Mug, blue",a2.jpg,2\nA,"Mug, blue",a1.jpg,1\nB,Plate,,\nC,Bowl,c.jpg,1,too many\n,Jug,d.jpg,1\n'
            },
            location="feed.csv",
            listings={"A": ("a1.jpg", "a2.jpg"), "B": ()},
            why="several rows of one listing, a listing without pictures, a ragged row and one without an id",
            troubles=("line 5", "line 6"),
        ),
        Example(
            files={"feed.tsv": "\ufeffid\ttitle\timage_link\r\n1\tTe\u00ebpot\tpots/1.jpg\r\n".encode("utf-16-le")},
            location="feed.tsv",
            listings={"1": ("pots/1.jpg",)},
            why="a TSV as Excel writes Unicode text",
        ),
        Example(
            files={"feed.csv": b"article;picture;price\n1;a.jpg;3\n"},
            location="feed.csv",
            listings={},
            why="neither an id nor a picture column that is known by convention",
            refused=True,
        ),
    )

    @classmethod
    def accepts(cls, location: Location, options: Options) -> float:
        """`table.TABLE` where the header names an id and a picture; less for text that might be a table."""
        return 0.0 if location.is_folder else sniff_table(location, options.mapping, options.form)

    def rows(self, location: Location, options: Options, notes: Notes) -> Iterator[Row | Trouble]:
        """Every row, as `table_rows` gives them."""
        return table_rows(location.path, options.mapping, uri_of_name(location.path.name), notes, options.form)

    def tells_order(self, location: Location, options: Options) -> bool:
        """Whether there is a column of roles or positions."""
        name = uri_of_name(location.path.name)
        plan = table_plan(location.path, options.mapping, location.head, name, form=options.form)
        return "role" in plan.fields or "position" in plan.fields
