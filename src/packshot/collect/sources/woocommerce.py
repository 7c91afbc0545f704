"""The product export of WooCommerce (CSV)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.collect.columns import plain
from packshot.collect.rows import Row, RowPicture
from packshot.collect.source import Example, Location, Options, Source
from packshot.collect.table import header_of, own_mapping, split_uris, table_rows
from packshot.collect.uris import uri_of_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from packshot.collect.rows import Notes
    from packshot.core.trouble import Trouble

_NAMES = {
    "listing_id": ("sku", "id"),
    "image": ("images",),
    "title": ("name",),
    "category": ("categories",),
    "brand": ("brands", "brand"),
    "gtin": ("gtin,_upc,_ean,_or_isbn", "gtin"),
}
_NEEDED = ("id", "type", "name", "images")
_WOOS_OWN = ("published", "is_featured?", "visibility_in_catalog", "in_stock?", "tax_status", "upsells", "parent")
_FEWEST_OWN = 2
_UPDATE = ("id", "type", "sku", "name", "images", "parent")
_HEADER = b"ID,Type,SKU,Name,Published,Visibility in catalog,Categories,Images,Parent\n"


class Woocommerce(Source):
    """Each product and each variation is a listing, called by its SKU or, where it has none, `id:` and its number.

    A variation shares the variant group of its parent. `Images` holds all pictures, the first one being the main.
    Source: WooCommerce documentation, "Product CSV Importer and Exporter: Schema".
    """

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            files={
                "wc-product-export.csv": _HEADER
                + b'7,variable,TEE,Tee,1,visible,"Clothing > Tees, Sale","https://w.example/t1.jpg, https://w.example/t\\,2.jpg",\n'
                b'8,"variation, virtual",TEE-R,Tee - Red,1,visible,,https://w.example/red.jpg,TEE\n'
                b"9,simple,,Poster,1,visible,Decor,https://w.example/p.jpg,\n"
                b"10,simple,CARD,Card,1,visible,Decor,,\n"
                b"11,simple,BAD,Bad,1\n"
            },
            location="wc-product-export.csv",
            listings={
                "TEE": ("https://w.example/t1.jpg", "https://w.example/t,2.jpg"),
                "TEE-R": ("https://w.example/red.jpg",),
                "id:9": ("https://w.example/p.jpg",),
                "CARD": (),
            },
            why="several pictures in one field, a variation, no SKU, no picture, a row that breaks off",
            troubles=("line 6",),
        ),
        Example(
            files={
                "update.csv": b'ID,SKU,Images\n,TEE,"https://w.example/t1.jpg, https://w.example/t\\,2.jpg"\n'
                b"9,,https://w.example/p.jpg\n"
            },
            location="update.csv",
            listings={
                "TEE": ("https://w.example/t1.jpg", "https://w.example/t,2.jpg"),
                "id:9": ("https://w.example/p.jpg",),
            },
            why="a file that updates pictures alone",
        ),
    )

    @classmethod
    def accepts(cls, location: Location, options: Options) -> float:
        """1 for a table with WooCommerce's own columns."""
        if location.is_folder:
            return 0.0
        names = {plain(name) for name in header_of(location, options.form)}
        if {"id", "sku", "images"} <= names <= set(_UPDATE):
            return 0.95  # a file that updates pictures alone, as `packshot export woocommerce` writes it
        return 1.0 if names.issuperset(_NEEDED) and len(names & set(_WOOS_OWN)) >= _FEWEST_OWN else 0.0

    def rows(self, location: Location, options: Options, notes: Notes) -> Iterator[Row | Trouble]:
        """One row for each product or variation."""
        feed = uri_of_name(location.path.name)
        for row in table_rows(location.path, own_mapping(location, _NAMES, options), feed, notes, options.form):
            yield _of_product(row) if isinstance(row, Row) else row

    def tells_order(self, location: Location, options: Options) -> bool:  # noqa: ARG002 - the contract's
        """Only where roles or positions are mapped: else the first picture is the main one."""
        return "role" in options.mapping or "position" in options.mapping


def _of_product(row: Row) -> Row:
    others = {plain(name): value.strip() for name, value in row.attributes.items()}
    fields = dict(row.fields)
    if not fields.get("listing_id", "").strip() and others.get("id"):
        fields["listing_id"] = f"id:{others['id']}"
    types = {word.strip() for word in others.get("type", "").casefold().split(",")}
    if "variation" in types and others.get("parent"):
        fields["variant_group_id"] = others["parent"]
    elif "variable" in types:
        fields["variant_group_id"] = fields["listing_id"].strip()
    if fields.get("category"):
        fields["category"] = _list(fields["category"])[0]
    pictures = [
        RowPicture(uri.strip(), picture.role, picture.position)
        for picture in row.pictures
        for uri in _list(picture.uri, split_uris)
    ]
    return Row(row.where, fields, tuple(pictures), row.attributes)


def _list(text: str, split: Callable[[str], list[str]] = lambda text: text.split(", ")) -> list[str]:
    """Several values in one field; a comma inside a value has a backslash before it."""
    return [value.replace("\0", ",") for value in split(text.replace("\\,", "\0"))]
