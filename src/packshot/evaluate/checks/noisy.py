"""The check `noisy`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import number, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NoisyParams:
    """What a policy can set of `noisy`."""

    max_noise_sigma: float = 10.0
    """Highest accepted standard deviation of the noise, in grey levels of 0 to 255. Set with drawn pictures and
    photographs of shops in view; nothing scores it."""


class Noisy(Check[NoisyParams]):
    """The picture is grainy.

    Why it matters: grain looks cheap, hides the material, and makes files large.
    How to fix: shoot again with more light and the lowest ISO setting; where that cannot be, let a denoiser
    run before export.
    """

    params = NoisyParams
    needs = ("noise_sigma",)
    examples = (
        Example({"noise_sigma": 1.2}, PASS, "studio light"),
        Example({"noise_sigma": 22.0}, FAIL, "a telephone in the dark"),
        Example({"noise_sigma": None}, UNSURE, "no flat area to measure on"),
    )

    def fails(self, column: Columns, params: NoisyParams) -> pl.Expr:
        return column.noise_sigma > params.max_noise_sigma

    def expected(self, params: NoisyParams) -> str:
        return phrase("noise of at most {max_noise_sigma} grey levels", max_noise_sigma=number(params.max_noise_sigma))

    def measured(self, row: Mapping[str, object], params: NoisyParams) -> str:
        return phrase("{noise_sigma} grey levels", noise_sigma=words(row.get("noise_sigma")))
