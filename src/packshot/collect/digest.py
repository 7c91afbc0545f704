"""One digest for all that a read of a source gave: an equal digest means that there is nothing to do."""

from __future__ import annotations

from typing import TypeAlias

from blake3 import blake3

from packshot.core.listing import Listing, Placement
from packshot.core.trouble import Trouble

Record: TypeAlias = Listing | Placement | Trouble
"""What a source gives."""

_MODULUS = 1 << 256


class SnapshotDigest:
    """Sum, modulo 2^256, of the BLAKE3 hashes of the records, and their number: the order of records does not count.

    The sum is that of Bellare and Micciancio, "A New Paradigm for Collision-free Hashing" (1997). It tells a changed
    feed from an unchanged one; it is no defence against someone who builds feeds to collide.
    """

    __slots__ = ("_sum", "rows")

    def __init__(self) -> None:
        """Begin with no records."""
        self._sum = 0
        self.rows = 0
        """Records so far."""

    def add(self, record: Record) -> None:
        """Take one record in."""
        digest = blake3(repr(_facts(record)).encode("utf-8", "surrogatepass")).digest()
        self._sum = (self._sum + int.from_bytes(digest, "little")) % _MODULUS
        self.rows += 1

    def hexdigest(self) -> str:
        """64 hexadecimal digits."""
        return blake3(self._sum.to_bytes(32, "little") + self.rows.to_bytes(16, "little")).hexdigest()


def _facts(record: Record) -> tuple[object, ...]:
    if isinstance(record, Placement):
        return (
            "placement",
            record.placement_id,
            record.source_uri,
            record.role.value,
            record.position,
            record.supplier,
        )
    if isinstance(record, Listing):
        facts = (record.title, record.category, record.brand, record.gtin, record.variant_group_id)
        google = () if record.google_category is None else (("google_category", record.google_category),)
        return ("listing", record.listing_id, *facts, (*google, *sorted(record.attributes.items())))
    return ("trouble", record.stage, record.kind.value, record.detail, record.source_uri)
