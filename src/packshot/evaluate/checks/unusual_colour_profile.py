"""The check `unusual_colour_profile`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.errors import UnknownName
from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, Check, Example, one_of, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


KNOWN = ("none", "srgb", "display_p3", "adobe_rgb", "gray", "cmyk", "other")
"""Every kind of profile that packshot tells."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UnusualColourProfileParams:
    """What a policy can set of `unusual_colour_profile`."""

    accepted: tuple[str, ...] = ("none", "srgb", "gray")
    """Accepted profiles: `none srgb display_p3 adobe_rgb gray cmyk other`."""

    def __post_init__(self) -> None:
        """Refuse names that no file can have."""
        for name in self.accepted:
            if name not in KNOWN:
                error = UnknownName("colour profile", name, KNOWN)
                raise ValueError(str(error))


class UnusualColourProfile(Check[UnusualColourProfileParams]):
    """The file has an unusual colour profile.

    Why it matters: where the profile is ignored, colours look dull or wrong; most channels ask for sRGB.
    How to fix: convert the picture to sRGB (convert, not assign) when exporting.
    """

    params = UnusualColourProfileParams
    needs = ("icc_kind",)
    on_fail = Verdict.SHOW
    examples = (
        Example({"icc_kind": "srgb"}, PASS, "sRGB"),
        Example({"icc_kind": "none"}, PASS, "no profile counts as sRGB"),
        Example({"icc_kind": "adobe_rgb"}, FAIL, "a print profile"),
    )

    def fails(self, column: Columns, params: UnusualColourProfileParams) -> pl.Expr:
        return ~column.icc_kind.is_in(list(params.accepted))

    def expected(self, params: UnusualColourProfileParams) -> str:
        return phrase("colour profile: {accepted}", accepted=one_of(params.accepted))

    def measured(self, row: Mapping[str, object], params: UnusualColourProfileParams) -> str:
        return phrase("colour profile: {icc_kind}", icc_kind=words(row.get("icc_kind")))
