"""What is in the picture, as a vector in the space of a CLIP of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.core.measurement import Kind, Output, Vector
from packshot.evaluate.clip_vectors import picture_vector
from packshot.evaluate.measure import Measure
from packshot.models.clip import IMAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture


class EmbeddingClip(Measure):
    """The picture's vector in the space of a CLIP that was added, and how much of the picture it speaks of.

    Method: a CLIP (A. Radford and others, "Learning Transferable Visual Models From Natural Language Supervision", ICML
    2021) that the user brought along (`packshot models add clip-image FILE`, and `clip-text`). The square in the middle
    of the picture is scaled to the size that the model takes, bicubically, and shifted and scaled by the mean and
    spread of OpenAI's training pictures. The vector is what the model gives, at the length 1, in half precision.

    Blind spots: those of the CLIP, which packshot does not know and has not measured. What stands outside the square in
    the middle is not seen. A model that was trained on other means than OpenAI's gets colours that are a little off.
    """

    version = 1
    models: ClassVar = (IMAGE,)
    vector: ClassVar = Vector("clip", None, "Pictures, and the texts that tell of them, are near by their cosine.")
    outputs = (Output("clip_seen_share", Kind.FLOAT, "The part of the picture that the CLIP was shown, 0 to 1."),)

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Run the image half on the square in the middle."""
        sides = (picture.width, picture.height)
        return {"clip_seen_share": min(sides) / max(sides), "clip": picture_vector(picture).tobytes()}
