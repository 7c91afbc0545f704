"""The check `turned`."""

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


def _row(degrees: int | None, confidence: float) -> dict[str, object]:
    return {"orientation_degrees": degrees, "orientation_confidence": confidence}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TurnedParams:
    """What a policy can set of `turned`."""

    min_confidence: float = 0.99
    """From this confidence on a picture that seems turned is a fault; below it a person has to look. By judgement: one
    upright picture in 200 may be called turned, and the measure's own bound of 0.98 already aims at that."""


class Turned(Check[TurnedParams]):
    """The picture lies on its side or stands on its head.

    Pictures that have no up, or of which it cannot be told (piles, plates from above, cloth), pass.

    Why it matters: a product on its side looks like a mistake, and shoppers cannot read what is printed on it.
    How to fix: turn the picture clockwise by the degrees that were measured, and export it again: some programs only
    note the turn in the file, and others ignore the note.
    """

    params = TurnedParams
    needs = ("orientation_degrees", "orientation_confidence")
    on_fail = Verdict.FIX
    examples = (
        Example(_row(0, 0.99), PASS, "upright"),
        Example(_row(90, 0.998), FAIL, "a bottle that lies on its side"),
        Example(_row(180, 0.985), UNSURE, "a bag that may hang upside down"),
        Example(_row(None, 0.4), PASS, "a plate from above"),
    )

    def fails(self, column: Columns, params: TurnedParams) -> pl.Expr:
        return (column.orientation_degrees != 0) & (column.orientation_confidence >= params.min_confidence)

    def applies(self, column: Columns, params: TurnedParams) -> pl.Expr:
        return column.orientation_degrees.is_not_null()

    def unsure(self, column: Columns, params: TurnedParams) -> pl.Expr:
        return (column.orientation_degrees != 0) & (column.orientation_confidence < params.min_confidence)

    def expected(self, params: TurnedParams) -> str:
        return phrase("a picture that stands upright")

    def measured(self, row: Mapping[str, object], params: TurnedParams) -> str:
        degrees, confidence = row.get("orientation_degrees"), words(row.get("orientation_confidence"))
        if degrees is None:
            return phrase("no telling which way up it stands")
        if degrees == 0:
            return phrase("upright (confidence {confidence})", confidence=confidence)
        return phrase(
            "must be turned clockwise by {degrees} degrees to stand upright (confidence {confidence})",
            degrees=degrees,
            confidence=confidence,
        )
