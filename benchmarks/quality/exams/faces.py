"""Faces counted: `face_count` on pictures whose faces were counted by eye."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from exam import Bound, Exam, Item, Kind, Overlay, Sense, Wanted
from looking import timed
from people import DATA, pictures, versions

from packshot.evaluate import faces
from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam import Asked


def items(asked: Asked) -> Iterator[Item]:
    """Each picture whose faces all show, or that has none; the score is that of its surest box."""
    for one in pictures(asked, 240, (faces.MODEL,)):
        if one.faces is None:
            continue
        picture = decode(one.path.read_bytes())
        found, cpu_ms = timed(lambda picture=picture: faces.found_faces(picture))
        count = sum(face.score >= faces.MIN_CONFIDENCE for face in found)
        yield Item(
            id=one.name,
            slice="dolls" if one.note == "dolls" else one.shop,
            score=found[0].score if found else 0.0,
            truth=one.faces > 0,
            group=one.group,
            picture=one.path,
            overlay=Overlay(
                found_boxes=tuple(face[:4] for face in found), words=tuple(f"{face.score:.2f}" for face in found)
            ),
            note=f"{count} found, {one.faces} seen",
            cpu_ms=cpu_ms,
        )


EXAM = Exam(
    title="Faces: `face_count`",
    kind=Kind.DECISION,
    items=items,
    data=DATA,
    bound=Bound.of(faces, "MIN_CONFIDENCE", Sense.AT_LEAST),
    set_on="these pictures, of which the bound lies far from all but the dolls; the model saw none of them",
    wanted=(Wanted("recall", 0.9), Wanted("precision", 0.9)),
    models=partial(versions, faces.MODEL),
    about="No picture shows two people's faces, and all faces are those of a few men in one studio: the recall says "
    "little of others. Profiles and parts of faces are left out. There is no baseline: OpenCV's wheel "
    "brings no cascades.",
)
