"""The picture columns of Amazon's inventory templates (flat files)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.policies.policy import Evidence
from packshot.present.channel_feed import ChannelFeed, Offer, Row, numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

_OTHERS = 8


class Amazon(ChannelFeed):
    """The columns `main_image_url` and `other_image_url1` to `8`, by SKU, as a partial update.

    A flat file starts with lines that depend on the category's template: paste these columns into the template that
    Seller Central gives you. `PartialUpdate` leaves all other fields of the listing as they are.
    """

    forms = ("tsv", "csv", "json")
    most_others = _OTHERS
    columns: ClassVar[dict[str, str]] = {
        "item_sku": "the seller's SKU",
        "update_delete": "always PartialUpdate",
        "main_image_url": "the main picture",
        **{f"other_image_url{number}": "a further picture" for number in range(1, _OTHERS + 1)},
    }
    id_column = "item_sku"
    source = (
        "https://www.amazonlistingaudit.com/blog/amazon-flat-file-listing-guide/ http://naeemrajani.com/?p=1240 "
        "https://amalyze.com/resources/guides/listing/amazon-listing-flat-file-upload"
    )
    read_on = "2026-11-23"
    evidence = Evidence.SECONDARY
    unconfirmed = (
        "The column names come from guides, not from Amazon; newer templates name their columns otherwise. Compare "
        "them with the template of your category before you upload."
    )

    def rows(self, offer: Offer) -> Sequence[Row]:
        """One row."""
        head: Row = {
            "item_sku": offer.listing_id,
            "update_delete": "PartialUpdate",
            "main_image_url": offer.main,
        }
        return [head | numbered("other_image_url", offer.others, _OTHERS)]
