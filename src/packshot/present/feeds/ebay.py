"""The picture column of eBay's listing files."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.policies.policy import Evidence
from packshot.present.channel_feed import ChannelFeed, Offer, Row

if TYPE_CHECKING:
    from collections.abc import Sequence


class Ebay(ChannelFeed):
    """`CustomLabel` (the seller's SKU) and `PicURL`, whose addresses have `|` between them, the first one leading.

    The action, and the item's number where it is to be revised, are columns of the upload that only the seller knows:
    join these rows to the file of active listings that eBay gives you.
    """

    forms = ("csv", "json")
    most_others = 23
    columns: ClassVar[dict[str, str]] = {
        "CustomLabel": "the seller's SKU",
        "PicURL": "up to 24 pictures, the main one first",
    }
    id_column = "CustomLabel"
    joined: ClassVar[dict[str, str]] = {"PicURL": "|"}
    source = (
        "https://developer.ebay.com/Devzone/XML/docs/Reference/eBay/types/PictureDetailsType.html "
        "https://entwickler.ebay.de/support/kb-article?KBid=1240"
    )
    read_on = "2026-11-23"
    evidence = Evidence.UNVERIFIED
    unconfirmed = (
        "What eBay asks of addresses is from its developers' pages; the names of the columns and the | between "
        "addresses are those of File Exchange as sellers know them, and no page of eBay's that says so was read."
    )

    def rows(self, offer: Offer) -> Sequence[Row]:
        """One row."""
        return [{"CustomLabel": offer.listing_id, "PicURL": (offer.main, *offer.others)}]

    def refuses(self, url: str) -> str:
        """Addresses that are not https, or hold a sign that eBay cannot take or that separates pictures."""
        if not url.startswith("https://"):
            return "its address is not https, which eBay asks of pictures that lie elsewhere"
        return "its address holds ; or |, which cannot stand there" if ";" in url or "|" in url else ""
