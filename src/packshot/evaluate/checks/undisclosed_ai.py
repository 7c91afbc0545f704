"""The check `undisclosed_ai`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from packshot.evaluate.check import FAIL, PASS, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.evaluate.check import Columns

_NEEDS = ("digital_source_type", "ai_generator", "c2pa_present", "c2pa_source_types")


def _row(*values: object) -> dict[str, object]:
    return dict(zip(_NEEDS, values, strict=True))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UndisclosedAiParams:
    """What a policy can set of `undisclosed_ai`."""

    made_by_ai: tuple[str, ...] = (
        "trainedAlgorithmicMedia",
        "compositeWithTrainedAlgorithmicMedia",
        "algorithmicMedia",
        "compositeSynthetic",
    )
    """IPTC digital source types that say that a machine made the picture, or a part of it."""
    credentials_disclose: bool = False
    """Whether such a type in the content credentials (C2PA) is disclosure enough, without one in XMP."""


class UndisclosedAi(Check[UndisclosedAiParams]):
    """The picture shows signs of being made by AI, and its file does not disclose it.

    Why it matters: Google Merchant Center asks for the IPTC digital source type in every picture made by AI, and can
    refuse one without it; buyers who find out by themselves feel deceived.
    How to fix: write the IPTC DigitalSourceType `trainedAlgorithmicMedia` (or, for a retouched photo,
    `compositeWithTrainedAlgorithmicMedia`) into the file's XMP, and keep it when the picture is resized.
    """

    params = UndisclosedAiParams
    needs = _NEEDS
    examples = (
        Example(_row(None, None, False, None), PASS, "no sign of AI"),
        Example(_row("trainedAlgorithmicMedia", "Midjourney", False, None), PASS, "made by AI, and says so"),
        Example(_row(None, "ComfyUI", False, None), FAIL, "a generator's settings in the file, and no disclosure"),
        Example(_row("digitalCapture", "OpenAI", True, None), FAIL, "passed off as a photograph"),
        Example(_row(None, None, True, ["trainedAlgorithmicMedia"]), FAIL, "only its content credentials say so"),
        Example(_row(None, None, True, ["digitalCapture"]), PASS, "content credentials of a camera"),
    )

    def fails(self, column: Columns, params: UndisclosedAiParams) -> pl.Expr:
        told = list(params.made_by_ai)
        credentials = column.c2pa_source_types.list.eval(pl.element().is_in(told)).list.any().fill_null(value=False)
        disclosed = column.digital_source_type.is_in(told).fill_null(value=False)
        if params.credentials_disclose:
            disclosed |= credentials
        signs = column.ai_generator.is_not_null() | credentials
        return pl.when(column.c2pa_present.is_not_null()).then(signs & ~disclosed)

    def expected(self, params: UndisclosedAiParams) -> str:
        return phrase("an IPTC digital source type that says so, where AI made the picture")

    def measured(self, row: Mapping[str, object], params: UndisclosedAiParams) -> str:
        signs = (
            [phrase("traces of {ai_generator}", ai_generator=row["ai_generator"])] if row.get("ai_generator") else []
        )
        if row.get("c2pa_source_types"):
            signs.append(
                phrase(
                    "content credentials say {c2pa_source_types}", c2pa_source_types=words(row.get("c2pa_source_types"))
                )
            )
        named = row.get("digital_source_type")
        disclosed = (
            phrase("the digital source type is {named}", named=named) if named else phrase("no digital source type")
        )
        return f"{phrase(' and ').join(signs) or phrase('no signs of AI')}; {disclosed}"
