"""Faces in the picture: how many, where, how sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.core.measurement import Kind, Output
from packshot.evaluate.faces import MIN_CONFIDENCE, MODEL, found_faces
from packshot.evaluate.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture


class Faces(Measure):
    """Number, boxes and confidence of the faces that look into the camera, or nearly.

    Method: CenterFace (Y. Xu et al., "CenterFace: Joint face detection and alignment using face as point", 2019) at a
    long side of 384 pixels, one box for each peak; boxes that overlap by more than 0.3 of their union are one.

    Blind spots: heads turned away, cut through the face or less than about 10 pixels wide of the 384; faces of dolls,
    statues and on printed packs may count, as they look like faces; some heads from behind do, too.
    """

    version = 1
    models: ClassVar = (MODEL,)
    for_choice: ClassVar = True
    screened: ClassVar = True
    outputs = (
        Output("face_count", Kind.INT, "Faces, from 0."),
        Output("face_boxes", Kind.BOXES, "x, y, w, h of each face as shares of the picture, the surest first."),
        Output("face_confidence", Kind.FLOAT, "Score of the surest box, face or not: 0 to 1; below 0.3 it says 0."),
        Output("largest_face_share", Kind.FLOAT, "Share of the picture's area that the largest face box covers."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Read everything off the shared boxes."""
        found = picture.once(found_faces)
        faces = [face for face in found if face.score >= MIN_CONFIDENCE]
        return {
            "face_count": len(faces),
            "face_boxes": tuple(side for face in faces for side in face[:4]),
            "face_confidence": found[0].score if found else 0.0,
            "largest_face_share": max((face.w * face.h for face in faces), default=0.0),
        }
