"""The product import of Shopify (CSV)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.policies.policy import Evidence
from packshot.present.channel_feed import ChannelFeed, Offer, Row

if TYPE_CHECKING:
    from collections.abc import Sequence


class Shopify(ChannelFeed):
    """A row for each picture: handle, title, address and place.

    To update products Shopify needs the columns `Handle` and `Title`; the listing's id is taken for the handle. Choose
    "Overwrite products with matching handles" when you import it, and try a few products first.
    """

    forms = ("csv", "json")
    most_others = 249
    columns: ClassVar[dict[str, str]] = {
        "Handle": "the product's handle",
        "Title": "its title, in the first of its rows",
        "Image Src": "a picture",
        "Image Position": "its place, 1 is the main picture",
    }
    id_column = "Handle"
    source = "https://help.shopify.com/en/manual/products/import-export/using-csv"
    read_on = "2026-11-23"
    evidence = Evidence.VERIFIED
    unconfirmed = (
        "Whether pictures of a product that the file does not name are removed by the import was not confirmed; newer "
        "templates call the columns URL handle, Product image URL and Image position, too."
    )

    def rows(self, offer: Offer) -> Sequence[Row]:
        """A row for each picture."""
        return [
            {
                "Handle": offer.listing_id,
                "Title": offer.title if place == 1 else "",
                "Image Src": url,
                "Image Position": str(place),
            }
            for place, url in enumerate((offer.main, *offer.others), 1)
        ]
