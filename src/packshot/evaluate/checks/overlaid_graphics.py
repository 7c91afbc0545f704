"""The check `overlaid_graphics`."""

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
class OverlaidGraphicsParams:
    """What a policy can set of `overlaid_graphics`."""

    min_probability: float = 0.8
    """From this probability on something was laid over. Of pictures made for validation (`training/laid_over.md`), 59
    of 90 with something laid over reach it, none of 56 of printed goods, and 1 of 118 others."""
    unsure_from: float = 0.5
    """From this probability on a person has to look. 70 of the same pictures with something laid over reach it, 1 of
    the printed goods, and 8 of the others."""


class OverlaidGraphics(Check[OverlaidGraphicsParams]):
    """Text or graphics are laid over the picture.

    It judges the picture as a whole: badges, stickers, logos, arrows and frames as well as text, read or not. The check
    `text_over_picture` judges the lines that were read, one by one, and says what they say; where both fail, they
    speak of one fault, and what mends it mends both.

    Why it matters: channels refuse main pictures with added text, badges or logos, and shoppers trust them less.
    How to fix: use the picture as it was before; say it in the title, the bullet points or a secondary picture.
    """

    params = OverlaidGraphicsParams
    needs = ("overlay_probability", "overlay_boxes")
    on_fail = Verdict.REVIEW
    roles = (Role.MAIN,)
    box = "overlay_boxes"
    examples = (
        Example({"overlay_probability": 0.97, "overlay_boxes": [0.7, 0.05, 0.25, 0.2]}, FAIL, "a badge in the corner"),
        Example({"overlay_probability": 0.03, "overlay_boxes": ()}, PASS, "a printed pack"),
        Example(
            {"overlay_probability": 0.6, "overlay_boxes": [0.1, 0.1, 0.8, 0.3]}, UNSURE, "a flat cover from the front"
        ),
    )

    def fails(self, column: Columns, params: OverlaidGraphicsParams) -> pl.Expr:
        return column.overlay_probability >= params.min_probability

    def unsure(self, column: Columns, params: OverlaidGraphicsParams) -> pl.Expr:
        likely = column.overlay_probability
        return (likely >= params.unsure_from) & (likely < params.min_probability)

    def expected(self, params: OverlaidGraphicsParams) -> str:
        return phrase(
            "nothing laid over the picture: a probability below {unsure_from}", unsure_from=words(params.unsure_from)
        )

    def measured(self, row: Mapping[str, object], params: OverlaidGraphicsParams) -> str:
        return phrase(
            "text or graphics laid over with a probability of {overlay_probability}",
            overlay_probability=words(row.get("overlay_probability")),
        )
