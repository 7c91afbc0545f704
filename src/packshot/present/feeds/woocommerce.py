"""The product import of WooCommerce (CSV)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.policies.policy import Evidence
from packshot.present.channel_feed import ChannelFeed, Offer, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

_BY_NUMBER = "id:"


class Woocommerce(ChannelFeed):
    r"""`ID` or `SKU`, and `Images` with commas between them; the first one is the featured picture.

    Import it with "Update existing products". Listings whose id is `id:` and a number (as packshot calls products
    without a SKU) go by WooCommerce's own number. A comma inside an address is written `\,`, as its exporter does.
    """

    forms = ("csv", "json")
    most_others = None
    columns: ClassVar[dict[str, str]] = {
        "ID": "the product's number, where it has no SKU",
        "SKU": "the product's SKU",
        "Images": "all pictures, the main one first",
    }
    id_column = "SKU"
    joined: ClassVar[dict[str, str]] = {"Images": ", "}
    source = (
        "https://github.com/woocommerce/woocommerce/wiki/Product-CSV-Import-Schema "
        "https://woocommerce.com/document/product-csv-importer-exporter/"
    )
    read_on = "2026-11-23"
    evidence = Evidence.VERIFIED

    def rows(self, offer: Offer) -> Sequence[Row]:
        """One row."""
        by_number = offer.listing_id.startswith(_BY_NUMBER)
        number = offer.listing_id.removeprefix(_BY_NUMBER) if by_number else ""
        pictures = (offer.main, *offer.others)
        return [{"ID": number, "SKU": "" if by_number else offer.listing_id, "Images": pictures}]
