"""A supplemental feed of Google Merchant Center: more pictures for listings that another feed has."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.collect.columns import CONVENTIONS, plain
from packshot.collect.rows import Row, RowPicture
from packshot.collect.source import Example, Location, Options, Source
from packshot.collect.table import header_of, own_mapping, split_uris, table_rows
from packshot.collect.uris import uri_of_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from packshot.collect.rows import Notes
    from packshot.core.trouble import Trouble

_PICTURES = ("additional_images", "lifestyle_image")


class GoogleSupplemental(Source):
    """A table with an id and further pictures, but no `image_link`: what a supplemental feed adds to a primary one.

    Its pictures join the galleries of listings of the same id; none of them claims to be a main picture. Use one
    workspace for both feeds. Source: Google Merchant Center Help, "Supplemental feeds".
    """

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            files={
                "supplemental.tsv": b"id\tadditional_image_link\tlifestyle_image_link\tcustom_label_0\n"
                b"1\thttps://g.example/1b.jpg,https://g.example/1c.jpg\thttps://g.example/1-room.jpg\tsale\n"
                b"2\t\t\tsale\n\thttps://g.example/lost.jpg\t\t\n"
            },
            location="supplemental.tsv",
            listings={
                "1": ("https://g.example/1b.jpg", "https://g.example/1c.jpg", "https://g.example/1-room.jpg"),
                "2": (),
            },
            why="several pictures in one field, a room, a row without pictures, one without an id",
            troubles=("no listing id",),
        ),
        Example(
            files={"supplemental.tsv": b"id\tprice\n1\t3.00 EUR\n"},
            location="supplemental.tsv",
            listings={},
            why="prices alone: nothing to look at",
            refused=True,
        ),
    )

    @classmethod
    def accepts(cls, location: Location, options: Options) -> float:
        """0.9 for a table with an id and further pictures, and none that is the main one."""
        if location.is_folder or "image" in options.mapping:
            return 0.0
        names = {plain(name) for name in header_of(location, options.form)}
        if "id" not in names or names & set(CONVENTIONS["image"]):
            return 0.0
        return 0.9 if _columns(location, options) else 0.0

    def rows(self, location: Location, options: Options, notes: Notes) -> Iterator[Row | Trouble]:
        """Every row; its pictures are `secondary`, or `lifestyle` where the column says so."""
        feed = uri_of_name(location.path.name)
        # A table needs a column of pictures; the first that is here takes that place.
        field, column = next(iter(_columns(location, options).items()), ("", ""))
        role = "lifestyle" if field == "lifestyle_image" else "secondary"
        mapping = ({"image": column} if column else {}) | dict(options.mapping)
        for row in table_rows(location.path, mapping, feed, notes, options.form):
            yield _of_listing(row, role) if isinstance(row, Row) else row


def _columns(location: Location, options: Options) -> Mapping[str, str]:
    """The columns of pictures that the table has, by field."""
    return own_mapping(location, {field: CONVENTIONS[field] for field in _PICTURES}, Options(form=options.form))


def _of_listing(row: Row, role: str) -> Row:
    pictures = []
    for number, picture in enumerate(row.pictures):
        own = picture.role or ("secondary" if number else role)
        pictures += [RowPicture(uri.strip(), own, picture.position) for uri in split_uris(picture.uri)]
    return Row(row.where, row.fields, tuple(pictures), row.attributes)
