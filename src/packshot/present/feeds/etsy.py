"""The picture columns of Etsy's listing files."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.policies.policy import Evidence
from packshot.present.channel_feed import ChannelFeed, Offer, Row, numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

_PICTURES = 10


class Etsy(ChannelFeed):
    """`sku` and `image_1` to `image_10`, as the uploader Shop Uploader reads them.

    Etsy itself takes no such file: it is for tools that upload listings for you.
    """

    forms = ("csv", "json")
    most_others = _PICTURES - 1
    columns: ClassVar[dict[str, str]] = {
        "sku": "the seller's SKU",
        **{f"image_{number}": "a picture, the first one leads" for number in range(1, _PICTURES + 1)},
    }
    id_column = "sku"
    source = "https://www.shopuploader.com/docs/images"
    read_on = "2026-11-23"
    evidence = Evidence.SECONDARY
    unconfirmed = (
        "The columns are those of one uploader's template; no page of Etsy's names any. Rename them as your tool asks."
    )

    def rows(self, offer: Offer) -> Sequence[Row]:
        """One row."""
        return [{"sku": offer.listing_id, **numbered("image_", (offer.main, *offer.others), _PICTURES)}]
