"""The check `animated`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AnimatedParams:
    """What a policy can set of `animated`."""

    max_frames: int = 1
    """Most frames, or pages, that are accepted. By meaning: a still has one."""


class Animated(Check[AnimatedParams]):
    """The file is an animation or has several pages.

    Why it matters: channels show the first frame or refuse the file, and moving pictures distract.
    How to fix: export one frame as a JPEG; offer motion as a video.
    """

    params = AnimatedParams
    needs = ("frames",)
    examples = (
        Example({"frames": 1}, PASS, "a still"),
        Example({"frames": 24}, FAIL, "an animated GIF"),
    )

    def fails(self, column: Columns, params: AnimatedParams) -> pl.Expr:
        return column.frames > params.max_frames

    def expected(self, params: AnimatedParams) -> str:
        return (
            phrase("one frame")
            if params.max_frames == 1
            else phrase("at most {max_frames} frames", max_frames=params.max_frames)
        )

    def measured(self, row: Mapping[str, object], params: AnimatedParams) -> str:
        return phrase("{frames} frames", frames=words(row.get("frames")))
