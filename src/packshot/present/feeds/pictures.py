"""The chosen galleries as a plain table, for channels that packshot does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.policies.policy import Evidence
from packshot.present.channel_feed import ChannelFeed, Offer, Row

if TYPE_CHECKING:
    from collections.abc import Sequence


class Pictures(ChannelFeed):
    """A row for each picture, in packshot's own words: what your own system may read, and packshot itself."""

    forms = ("csv", "tsv", "json")
    most_others = None
    columns: ClassVar[dict[str, str]] = {
        "listing_id": "the listing",
        "image_url": "a picture",
        "role": "main or secondary",
        "position": "its place, 0 is the main picture",
        "verdict": "what the policy says of it in that place",
    }
    id_column = "listing_id"
    source = "docs/how-to/write-back.md"
    read_on = "2026-11-23"
    evidence = Evidence.VERIFIED

    def rows(self, offer: Offer) -> Sequence[Row]:
        """A row for each picture."""
        pictures = (offer.main, *offer.others)
        return [
            {
                "listing_id": offer.listing_id,
                "image_url": url,
                "role": "secondary" if place else "main",
                "position": str(place),
                "verdict": offer.verdicts[place] if place < len(offer.verdicts) else "",
            }
            for place, url in enumerate(pictures)
        ]
