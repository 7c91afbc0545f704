"""The check `background_busy`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.listing import Role
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BackgroundBusyParams:
    """What a policy can set of `background_busy`."""

    min_background_uniformity: float = 0.6
    """Lowest accepted uniformity of the background, 0 (a scene) to 1 (one colour). By judgement; the drawn sample
    catalogue alone scores it."""


class BackgroundBusy(Check[BackgroundBusyParams]):
    """The background is cluttered.

    Why it matters: clutter draws the eye away from the product and is not allowed for main pictures on most
    channels.
    How to fix: cut the product out, or shoot it in front of one plain, evenly lit surface.
    """

    params = BackgroundBusyParams
    needs = ("background_uniformity",)
    roles = (Role.MAIN,)
    examples = (
        Example({"background_uniformity": 0.98}, PASS, "a plain sweep"),
        Example({"background_uniformity": 0.1}, FAIL, "a kitchen"),
        Example({"background_uniformity": None}, UNSURE, "the product leaves no background"),
    )

    def fails(self, column: Columns, params: BackgroundBusyParams) -> pl.Expr:
        return column.background_uniformity < params.min_background_uniformity

    def expected(self, params: BackgroundBusyParams) -> str:
        return phrase(
            "background uniformity of at least {min_background_uniformity}",
            min_background_uniformity=words(params.min_background_uniformity),
        )

    def measured(self, row: Mapping[str, object], params: BackgroundBusyParams) -> str:
        return phrase(
            "background uniformity {background_uniformity}",
            background_uniformity=words(row.get("background_uniformity")),
        )
