"""Keeps out of a workspace what was forgotten in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from packshot.core.trouble import FORGOTTEN, Trouble, TroubleKind
from packshot.storage.catalog_tables import TombstoneKind

if TYPE_CHECKING:
    from packshot.storage.catalog import Catalog


def without_forgotten(
    catalog: Catalog, listings: pl.DataFrame, placements: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, list[Trouble]]:
    """What was read, without forgotten listings and addresses, and a trouble for each of those that came again."""
    gone = catalog.tombstones(TombstoneKind.LISTING)
    uris = catalog.tombstones(TombstoneKind.URI)
    if not gone and not uris:
        return listings, placements, []
    of_gone = pl.col("listing_id").is_in(list(gone))
    of_uris = pl.col("uri_key").is_in(list(uris))
    again = listings.filter(of_gone)["listing_id"]
    troubles = [Trouble("collect", TroubleKind.REFUSED, f"The listing {id_!r}: {FORGOTTEN}") for id_ in again]
    places = placements.filter(of_uris & ~of_gone).select("source_uri", "placement_id").iter_rows()
    troubles += [
        Trouble("collect", TroubleKind.REFUSED, FORGOTTEN, uri, placement_id=placement) for uri, placement in places
    ]
    return listings.filter(~of_gone), placements.filter(~of_gone & ~of_uris), troubles
