"""The check `background_not_white`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.listing import Role
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, percent, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BackgroundNotWhiteParams:
    """What a policy can set of `background_not_white`."""

    min_white_share: float = 0.99
    """Smallest accepted share of the background that is pure white. Channels ask for pure white; the hundredth left for
    edges was set on drawn pictures (the exam `background_not_white`)."""


class BackgroundNotWhite(Check[BackgroundNotWhiteParams]):
    """The background is not pure white.

    Why it matters: on a white page an off-white background shows as a grey box, and large channels refuse
    it.
    How to fix: cut the product out and set it on (255, 255, 255), or light the background one to two stops
    brighter than the product.
    """

    params = BackgroundNotWhiteParams
    needs = ("background_white_share", "background_rgb")
    roles = (Role.MAIN,)
    examples = (
        Example({"background_white_share": 1.0, "background_rgb": (255, 255, 255)}, PASS, "pure white"),
        Example({"background_white_share": 0.2, "background_rgb": (244, 243, 240)}, FAIL, "off-white"),
        Example({"background_white_share": None, "background_rgb": None}, UNSURE, "the product leaves no background"),
    )

    def fails(self, column: Columns, params: BackgroundNotWhiteParams) -> pl.Expr:
        return column.background_white_share < params.min_white_share

    def expected(self, params: BackgroundNotWhiteParams) -> str:
        return phrase(
            "a background that is pure white (255, 255, 255) over {min_white_share} or more",
            min_white_share=percent(params.min_white_share),
        )

    def measured(self, row: Mapping[str, object], params: BackgroundNotWhiteParams) -> str:
        text = phrase(
            "pure white over {background_white_share}",
            background_white_share=percent(row.get("background_white_share")),
        )
        return (
            text
            if row.get("background_rgb") is None
            else phrase("{text}, mostly ({background_rgb})", text=text, background_rgb=words(row["background_rgb"]))
        )
