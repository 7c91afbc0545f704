"""The picture fields of Walmart's item feeds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from packshot.policies.policy import Evidence
from packshot.present.channel_feed import ChannelFeed, Offer, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

_PICTURE = re.compile(r".*\.(?:jpe?g|png|bmp)", re.IGNORECASE)
_PORTS = frozenset({None, 80, 443, 8080, 8443})


class Walmart(ChannelFeed):
    """`mainImageUrl` and `productSecondaryImageURL`, by SKU.

    Walmart takes public addresses that end in a picture's extension (GIF is not one of them), on the ports 80, 443,
    8080 and 8443, and without a query; pictures at other addresses are left out.
    """

    forms = ("json", "csv")
    most_others = None
    columns: ClassVar[dict[str, str]] = {
        "sku": "the seller's SKU",
        "mainImageUrl": "the main picture",
        "productSecondaryImageURL": "further pictures",
    }
    id_column = "sku"
    joined: ClassVar[dict[str, str]] = {"productSecondaryImageURL": ","}
    source = (
        "https://marketplacelearn.walmart.com (Product detail page: image guidelines, 2025-07-15) "
        "https://developer.walmart.com/suppliers/docs/"
        "post-item-setup-and-maintenance-by-product-type-additional-notes-on-feed-file-structure"
    )
    read_on = "2026-11-23"
    evidence = Evidence.UNVERIFIED
    unconfirmed = (
        "What Walmart asks of addresses is from its own pages, which speak of a main and of secondary image URLs; the "
        "names of the fields are those of its item feeds as integrators know them: no page of its own that was read "
        "names them."
    )

    def rows(self, offer: Offer) -> Sequence[Row]:
        """One row."""
        return [{"sku": offer.listing_id, "mainImageUrl": offer.main, "productSecondaryImageURL": offer.others}]

    def refuses(self, url: str) -> str:
        """Addresses with a query, without a picture's extension, or on another port."""
        parts = urlsplit(url)
        if parts.query:
            return "its address has a query, which Walmart does not take"
        if not _PICTURE.fullmatch(parts.path):
            return "its address does not end in .jpg, .jpeg, .png or .bmp"
        return "" if parts.port in _PORTS else "its port is none that Walmart fetches from"
