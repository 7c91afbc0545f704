"""The screen before the face detector: how many pictures with faces it would have spared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Bound, Exam, Item, Kind, Sense, Wanted
from screened import DATA, SET_ON, looked, shown, versions

from packshot.evaluate import screens
from packshot.evaluate.faces import MIN_CONFIDENCE, found_faces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam import Asked

SKIN = "largest patch of skin colour"


def items(asked: Asked) -> Iterator[Item]:
    """Truth is what the detector itself says: a face that counts."""
    for one in shown(asked, 160, faces=True):
        found, cpu_ms = looked(one)
        picture = one.picture()
        faces = found_faces(picture)
        count = sum(face.score >= MIN_CONFIDENCE for face in faces)
        yield Item(
            id=one.id,
            slice=one.kind,
            score=found.face,
            truth=count > 0,
            baselines={SKIN: screens.largest_skin(picture)},
            group=one.group,
            picture=one.data,
            note=f"{count} faces, the surest {faces[0].score if faces else 0:.2f}",
            cpu_ms=cpu_ms,
        )


EXAM = Exam(
    title="The screen before the face detector: 1 − recall is what it misses",
    kind=Kind.DECISION,
    items=items,
    data=DATA,
    bound=Bound.of(screens, "FACES_FROM", Sense.AT_LEAST),
    set_on=SET_ON,
    baselines={SKIN: Sense.AT_LEAST},
    wanted=(Wanted("recall", 0.97),),
    models=versions,
    about="Truth is the full detector's own answer. Its faces are those of a few men in one studio, and of people in "
    "avt_ai_images; the faces laid in are the same men's, of other groups than those that the screen learnt from.",
)
