"""What a supplier's report is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

Row = dict[str, Any]

SEVERITIES = {
    "block": "Must not be shown",
    "review": "A person has to look",
    "fix": "To be mended",
    "advice": "Advice",
}
"""What a finding leads to, the gravest first."""

SUPPLIER_TROUBLES: dict[TroubleKind, tuple[str, str]] = {
    TroubleKind.NOT_FOUND: (
        "There is no file at this address.",
        "put the picture where the feed says it is, or send the right address.",
    ),
    TroubleKind.UNREACHABLE: (
        "The file could not be fetched.",
        "see that the address is open to everybody and answers without a login.",
    ),
    TroubleKind.EMPTY: ("The file is empty.", "export or upload it again; it has no bytes."),
    TroubleKind.TOO_LARGE: ("The file is too large.", "export a smaller file, or one with fewer frames."),
    TroubleKind.BOMB: ("The picture has more pixels than are safe to open.", "export it at a sensible size."),
    TroubleKind.NOT_AN_IMAGE: (
        "The file is no picture.",
        "send the picture itself; often an error page was saved under a picture's name.",
    ),
    TroubleKind.UNSUPPORTED: ("The format of the file cannot be read.", "export it as JPEG, PNG or WebP."),
    TroubleKind.TRUNCATED: ("The file ends before its picture does.", "send it again; the upload or copy broke off."),
    TroubleKind.CORRUPT: ("The file is damaged.", "export the picture again from its original."),
}
"""What a supplier can do about a file that could not be used: what is wrong, how to fix it."""

LOST_MAIN = "It is the main picture: the listing has none without it."
"""What is added where such a file is the only main picture of its listing."""

FIELDS = (
    "listing_id", "listing_title", "source_uri", "role", "check", "severity", "what_is_wrong", "how_to_fix",
    "expected", "measured", "asked_by",
)  # fmt: skip
"""The columns of a supplier's `findings.csv`."""


@dataclass(frozen=True, slots=True)
class SupplierFault:
    """One thing that is wrong with pictures of a supplier, in words."""

    check: str
    title: str
    how: str
    expected: str
    severity: str
    """One of `SEVERITIES`."""
    source: str
    needs: tuple[str, ...]
    cards: Sequence[Row]
    """Those shown: `asset_id source_uri listing_id listing_title measured status`, and what evidence is drawn from."""
    count: int
    of_listings: bool = False


@dataclass(frozen=True, slots=True)
class Supplier:
    """All that one supplier is told."""

    name: str | None
    """As the feed has it; None for pictures that no supplier is named for."""
    verdicts: Mapping[str, int]
    """Verdict → pictures, every verdict named."""
    listings: int
    faults: Sequence[SupplierFault]
    """The gravest and most frequent first."""
    findings: Sequence[Row]
    """A row for each finding, by `FIELDS`."""

    @property
    def pictures(self) -> int:
        """How many there are."""
        return sum(self.verdicts.values())

    @property
    def ready(self) -> int:
        """How many may be shown as they are."""
        return self.verdicts.get("show", 0)

    @property
    def not_ready(self) -> int:
        """How many may not."""
        return self.pictures - self.ready


@dataclass(frozen=True, slots=True)
class SuppliersAbout:
    """What all pages say."""

    channel: str
    """The policy's title."""
    when: datetime
    notes: Sequence[str] = field(default_factory=tuple)
