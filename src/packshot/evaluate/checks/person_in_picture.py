"""The check `person_in_picture`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from packshot.core.listing import Role
from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.evaluate.check import Columns


def _row(probability: float | None, *, worn: bool | None = False) -> dict[str, object]:
    return {"person_probability": probability, "is_worn": worn, "face_boxes": []}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PersonInPictureParams:
    """What a policy can set of `person_in_picture`."""

    min_probability: float = 0.8
    """From this probability on somebody is there. By heads that had not seen the group, 137 of 143 pictures of people
    in magento2, sylius and solidus reach it, and 2 of 1,043 others, both of clothing_dataset."""
    unsure_from: float = 0.4
    """From this probability on a person has to look. 2 of the same pictures of people lie below it; 5 others lie
    between the two. Scores at both bounds: the exams `person_in_picture`."""
    spare_worn: bool = True
    """Things that people wear, and things of which neither category nor title tells, may be shown on somebody."""


class PersonInPicture(Check[PersonInPictureParams]):
    """A person is in the picture, and should not be.

    A hand that holds the product counts as nobody.

    Why it matters: what is not sold draws the eye from what is, and some channels forbid it, as for children's
    underwear on a model.
    How to fix: show the product alone, or crop the person away.
    """

    params = PersonInPictureParams
    needs = ("person_probability", "is_worn", "face_boxes")
    on_fail = Verdict.SHOW
    roles = (Role.MAIN,)
    box = "face_boxes"
    examples = (
        Example(_row(0.02), PASS, "a kettle"),
        Example(_row(0.97), FAIL, "somebody holds up the kettle"),
        Example(_row(0.6), UNSURE, "it may be a dressmaker's doll"),
        Example(_row(0.97, worn=True), PASS, "a jacket on a model"),
        Example(_row(0.97, worn=None), PASS, "nothing tells whether people wear it"),
    )

    def fails(self, column: Columns, params: PersonInPictureParams) -> pl.Expr:
        return column.person_probability >= params.min_probability

    def applies(self, column: Columns, params: PersonInPictureParams) -> pl.Expr:
        return ~column.is_worn.fill_null(value=True) if params.spare_worn else pl.lit(value=True)

    def unsure(self, column: Columns, params: PersonInPictureParams) -> pl.Expr:
        likely = column.person_probability
        return (likely >= params.unsure_from) & (likely < params.min_probability)

    def expected(self, params: PersonInPictureParams) -> str:
        return phrase("nobody in the picture: a probability below {unsure_from}", unsure_from=words(params.unsure_from))

    def measured(self, row: Mapping[str, object], params: PersonInPictureParams) -> str:
        boxes = row.get("face_boxes")
        faces = len(boxes) // 4 if isinstance(boxes, list | tuple) else None
        return phrase(
            "probability of a person {person_probability}, faces: {faces}",
            person_probability=words(row.get("person_probability")),
            faces=words(faces),
        )
