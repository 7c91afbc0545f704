"""The check `nudity_shown`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NudityShownParams:
    """What a policy can set of `nudity_shown`."""

    min_probability: float = 0.8
    """From this probability on it is taken for nudity. The model's authors name it; nothing here could set it."""
    unsure_from: float = 0.6
    """From this probability on a person has to look. None of 1,235 harmless pictures of magento2, sylius, solidus,
    clothing_dataset, tailwindtraders, grocery_store and avt_ai_images reached it; the highest had 0.51."""


class NudityShown(Check[NudityShownParams]):
    """The picture shows nudity.

    A pass is no proof: how much of what is there the model finds is not measured here, and it looks for pornographic
    photographs, not for suggestive poses or drawings.

    Why it matters: shops must not show it to everybody, and channels take the product down for it.
    How to fix: use a picture of the product alone, or on a dressed model or a mannequin.
    """

    params = NudityShownParams
    needs = ("nudity_probability",)
    on_fail = Verdict.BLOCK
    examples = (
        Example({"nudity_probability": 0.01}, PASS, "a mug"),
        Example({"nudity_probability": 0.51}, PASS, "folds of skin-coloured cloth"),
        Example({"nudity_probability": 0.7}, UNSURE, "a person has to look"),
        Example({"nudity_probability": 0.97}, FAIL, "taken for nudity"),
    )

    def fails(self, column: Columns, params: NudityShownParams) -> pl.Expr:
        return column.nudity_probability >= params.min_probability

    def unsure(self, column: Columns, params: NudityShownParams) -> pl.Expr:
        likely = column.nudity_probability
        return (likely >= params.unsure_from) & (likely < params.min_probability)

    def expected(self, params: NudityShownParams) -> str:
        return phrase("a probability of nudity below {unsure_from}", unsure_from=words(params.unsure_from))

    def measured(self, row: Mapping[str, object], params: NudityShownParams) -> str:
        return phrase(
            "probability of nudity {nudity_probability}", nudity_probability=words(row.get("nudity_probability"))
        )
