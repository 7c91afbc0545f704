"""The supplemental feed of Google Merchant Center."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.policies.policy import Evidence
from packshot.present.channel_feed import ChannelFeed, Offer, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_CHARACTERS = 2000


class Google(ChannelFeed):
    """A supplemental feed: it replaces the pictures of products that a primary feed has, by their id.

    Tab-separated text or RSS 2.0. Further pictures stand in one field of the text, with commas between them and `%2C`
    for a comma inside an address; in RSS each has its own element. A product that is not in the file keeps what it has.
    """

    forms = ("tsv", "xml", "json")
    most_others = 10
    columns: ClassVar[dict[str, str]] = {
        "id": "the product's id, as in the primary feed",
        "image_link": "the main picture",
        "additional_image_link": "up to ten further pictures",
    }
    id_column = "id"
    joined: ClassVar[dict[str, str]] = {"additional_image_link": ","}
    source = (
        "https://support.google.com/merchants/answer/6324370 https://support.google.com/merchants/answer/6324350 "
        "https://support.google.com/merchants/answer/160589"
    )
    read_on = "2026-11-23"
    evidence = Evidence.VERIFIED

    def rows(self, offer: Offer) -> Sequence[Row]:
        """One row."""
        return [{"id": offer.listing_id, "image_link": offer.main, "additional_image_link": offer.others}]

    def refuses(self, url: str) -> str:
        """Addresses of more than 2,000 characters."""
        return "its address has more than 2,000 characters" if len(url) > _MOST_CHARACTERS else ""
