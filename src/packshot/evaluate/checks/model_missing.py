"""The check `model_missing`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.listing import Role
from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ModelMissingParams:
    """What a policy can set of `model_missing`."""

    max_probability: float = 0.2
    """Below this probability of a person nobody wears the product. By heads that had not seen the group, 1 of 143
    pictures of people in magento2, sylius and solidus lies below it, and 345 of 363 of clothing_dataset, which has
    nobody."""
    sure_from: float = 0.6
    """From this probability on somebody wears it; between the two a person has to look. 2 of the same 363 garments
    reach it. Scores at both bounds: the exams `model_missing`."""


class ModelMissing(Check[ModelMissingParams]):
    """The clothes are shown without anybody in them.

    Which listings ask for a model is for a policy to say, by its categories. Mannequins are not told from people.

    Why it matters: fit is judged on a body, and some channels take adult clothing on a model only.
    How to fix: photograph the garment on a model, from the front and whole.
    """

    params = ModelMissingParams
    needs = ("person_probability",)
    on_fail = Verdict.REVIEW
    roles = (Role.MAIN,)
    examples = (
        Example({"person_probability": 0.98}, PASS, "a jacket on a model"),
        Example({"person_probability": 0.4}, UNSURE, "a shirt that may be worn or stuffed"),
        Example({"person_probability": 0.02}, FAIL, "a shirt that lies flat"),
    )

    def fails(self, column: Columns, params: ModelMissingParams) -> pl.Expr:
        return column.person_probability < params.max_probability

    def unsure(self, column: Columns, params: ModelMissingParams) -> pl.Expr:
        likely = column.person_probability
        return (likely >= params.max_probability) & (likely < params.sure_from)

    def expected(self, params: ModelMissingParams) -> str:
        return phrase("a person who wears it: a probability of at least {sure_from}", sure_from=words(params.sure_from))

    def measured(self, row: Mapping[str, object], params: ModelMissingParams) -> str:
        return phrase(
            "probability of a person {person_probability}", person_probability=words(row.get("person_probability"))
        )
