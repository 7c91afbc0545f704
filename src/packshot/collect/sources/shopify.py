"""The product export of Shopify (CSV)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.collect.columns import plain
from packshot.collect.rows import Row, RowPicture
from packshot.collect.source import Example, Location, Options, Source
from packshot.collect.table import header_of, own_mapping, table_rows
from packshot.collect.uris import uri_of_name
from packshot.core.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.collect.rows import Notes

_NAMES = {
    "listing_id": ("handle", "url_handle"),
    "image": ("image_src", "product_image_url"),
    "position": ("image_position",),
    "title": ("title",),
    "brand": ("vendor",),
    "category": ("product_category", "type"),
    "gtin": ("variant_barcode", "barcode"),
}
"""Field → Shopify's names for it, those of the older form of the export first."""
_VARIANT_IMAGES = ("variant_image", "variant_image_url")
_SHOPIFYS_OWN = ("option1_name", "variant_price", "variant_sku", "image_alt_text", "published_on_online_store")
_HANDLE, _IMAGE = "listing_id", "image"
_FEWEST_OWN = 2
_HEADER = (
    b"Handle,Title,Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Barcode,"
    b"Image Src,Image Position,Variant Image\n"
)


class Shopify(Source):
    """A product is a listing, called by its handle; the rows that follow its first one bring variants and pictures.

    Pictures of variants that are not among the product's own follow them. The first row says title, vendor, category
    and, where the product has one variant only, its barcode. Source: Shopify Help Center, "Using CSV files to import
    and export products".
    """

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            files={
                "products_export.csv": _HEADER
                + b"mug,Mug,Acme,Kitchen,Colour,Red,M-1,4001,https://cdn.example/mug-2.jpg,2,https://cdn.example/red.jpg\n"
                b"mug,,,,,Blue,M-2,4002,https://cdn.example/mug-1.jpg,1,https://cdn.example/mug-1.jpg\n"
                b"mug,,,,,,,,https://cdn.example/mug-3.jpg,3,\n"
                b"rug,Rug,Acme,Home,Title,Default Title,R-1,4003,,,\n"
                b",Lost,,,,,,,https://cdn.example/lost.jpg,1,\n"
            },
            location="products_export.csv",
            listings={
                "mug": (
                    "https://cdn.example/mug-1.jpg",
                    "https://cdn.example/mug-2.jpg",
                    "https://cdn.example/mug-3.jpg",
                    "https://cdn.example/red.jpg",
                ),
                "rug": (),
            },
            why="variants, pictures out of order, a variant's own picture, no picture, a row without a handle",
            troubles=("no listing id",),
        ),
    )

    @classmethod
    def accepts(cls, location: Location, options: Options) -> float:
        """1 for a table with Shopify's own columns."""
        if location.is_folder:
            return 0.0
        names = {plain(name) for name in header_of(location, options.form)}
        needed = all(names & set(_NAMES[field]) for field in (_HANDLE, _IMAGE))
        return 1.0 if needed and len(names & set(_SHOPIFYS_OWN)) >= _FEWEST_OWN else 0.0

    def rows(self, location: Location, options: Options, notes: Notes) -> Iterator[Row | Trouble]:
        """The rows of each product together, then the pictures of its variants."""
        feed = uri_of_name(location.path.name)
        product: list[Row] = []
        for row in table_rows(location.path, own_mapping(location, _NAMES, options), feed, notes, options.form):
            if isinstance(row, Trouble):
                yield row  # a broken row in the midst of a product does not end it
                continue
            if product and _handle(product[0]) != _handle(row):
                yield from _of_product(product)
                product = []
            product.append(row)
        yield from _of_product(product)


def _handle(row: Row) -> str:
    return row.fields.get("listing_id", "").strip()


def _of_product(rows: list[Row]) -> Iterator[Row]:
    if not rows or not _handle(rows[0]):
        yield from rows
        return
    first = rows[0]
    own = {picture.uri.strip() for row in rows for picture in row.pictures}
    barcodes = [row.fields["gtin"] for row in rows if row.fields.get("gtin")]
    for row in rows:
        fields = dict(row.fields) if row is first else {"listing_id": row.fields["listing_id"]}
        if len(barcodes) > 1:
            fields.pop("gtin", None)
        yield Row(row.where, fields, row.pictures, row.attributes)
    for row in rows:
        uri = next((value for name, value in row.attributes.items() if plain(name) in _VARIANT_IMAGES), "").strip()
        if uri and uri not in own:
            own.add(uri)
            yield Row(row.where, {"listing_id": row.fields["listing_id"]}, (RowPicture(uri, "secondary"),))
