"""The screen before the text reader: how many pictures with words it would have spared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from exam import Bound, Exam, Item, Kind, Sense, Wanted
from screened import DATA, SET_ON, looked, shown, versions

from packshot.evaluate import screens
from packshot.evaluate.checks.text_over_picture import TextOverPictureParams
from packshot.evaluate.text_lines import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam import Asked

    from packshot.media.picture import Picture

EDGES = "edges"
SMALL, STEEP = 352, 40
DOUBTED = TextOverPictureParams().unsure_from_confidence


def _edges(picture: Picture) -> float:
    """Share of the picture that is steep: what a text-edge map without learning says."""
    steps = cv2.morphologyEx(picture.luma_rung(SMALL), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return float(np.mean(steps >= STEEP))


def items(asked: Asked) -> Iterator[Item]:
    """Truth is what the reader itself says: a line that is read, or one that checks would doubt."""
    for one in shown(asked, 160, words=True):
        found, cpu_ms = looked(one)
        picture = one.picture()
        lines = text_lines(picture)
        read, over = any(line.is_read for line in lines), max((line.overlay for line in lines), default=0.0)
        yield Item(
            id=one.id,
            slice="checks speak" if over >= DOUBTED else one.kind,
            score=found.words,
            truth=read or over >= DOUBTED,
            baselines={EDGES: _edges(picture)},
            group=one.group,
            picture=one.data,
            note=", ".join(line.text for line in lines if line.is_read)[:80],
            cpu_ms=cpu_ms,
        )


EXAM = Exam(
    title="The screen before the text reader: 1 − recall is what it misses",
    kind=Kind.DECISION,
    items=items,
    data=DATA,
    bound=Bound.of(screens, "WORDS_FROM", Sense.AT_LEAST),
    set_on=SET_ON,
    baselines={EDGES: Sense.AT_LEAST},
    wanted=(Wanted("recall", 0.97), Wanted("recall", 0.99, of="checks speak")),
    models=versions,
    about="Truth is the full reader's own answer, which misses words itself. False positives are pictures without "
    "words in which the reader runs in vain: they cost time and no verdict.",
)
