"""Where the picture comes from, as its file says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.measurement import Kind, Output
from packshot.evaluate.ai_generators import generator_of
from packshot.evaluate.measure import Measure
from packshot.evaluate.origin import first, moment, origin, plain, source_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.evaluate.origin import Origin
    from packshot.media.picture import Picture

_TEXTS = ("camera_make", "camera_model", "software", "creator", "credit", "copyright_notice")


class Provenance(Measure):
    """What the file says of its making: camera, time, program, names, rights, its digital source and its generator.

    Method: EXIF, XMP (ISO 16684-1), IPTC-IIM and PNG texts are read from the file, in this order where several say the
    same thing; the digital source type is that of the IPTC vocabulary of this name. Content credentials (C2PA) are
    found by their box and read without being verified, which the measure `content_credentials` does. Generators are
    told by the traces that `ai_generators.toml` lists. Texts are cut to 200 characters; a place is told as being there,
    never where.

    Blind spots: metadata is what somebody wrote, and most shops strip it: no trace is no proof of a photograph. XMP in
    side files and remote manifests is not read. Null everywhere for a picture without a file.
    """

    outputs = (
        Output("camera_make", Kind.TEXT, "Maker of the camera; null where the file does not say."),
        Output("camera_model", Kind.TEXT, "Model of the camera; null where the file does not say."),
        Output("taken_at", Kind.TEXT, "When it was taken, ISO 8601, with an offset where the camera gave one."),
        Output("software", Kind.TEXT, "The program that wrote it; null where the file does not say."),
        Output("creator", Kind.TEXT, "Who made it, as the file says; null where it does not."),
        Output("credit", Kind.TEXT, "Whom to credit, as the file says; null where it does not."),
        Output("copyright_notice", Kind.TEXT, "The copyright notice; null where there is none."),
        Output(
            "digital_source_type", Kind.TEXT, "IPTC code such as trainedAlgorithmicMedia; null where none is given."
        ),
        Output("has_gps", Kind.BOOL, "Whether the file says where the picture was taken."),
        Output("ai_generator", Kind.TEXT, "Generator of pictures that left traces; null where none did."),
        Output("c2pa_present", Kind.BOOL, "Whether the file carries content credentials (C2PA)."),
        Output("c2pa_source_types", Kind.TEXTS, "IPTC codes that the content credentials state; null without any."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Take the metadata apart."""
        found = picture.once(origin)
        if found is None:
            return dict.fromkeys(output.name for output in self.outputs)
        types = filter(None, map(source_type, found.texts("digital_source_type")))
        stated = tuple(dict.fromkeys(filter(None, map(source_type, found.stated.source_types))))
        times = filter(None, map(moment, found.texts("taken_at")))
        return {
            **{name: first(found.texts(name)) for name in _TEXTS},
            "software": first([*found.texts("software"), *_png_texts(found, "Software")]),
            "taken_at": next(times, None),
            "digital_source_type": next(types, None),
            "has_gps": "located" in found.exif or {"latitude", "longitude"} <= found.xmp.keys(),
            "ai_generator": _generator(found),
            "c2pa_present": bool(found.blocks.credentials),
            "c2pa_source_types": stated or None,
        }


def _generator(found: Origin) -> str | None:
    programs = [
        text for name in ("camera_make", "camera_model", "software", "agents", "credit") for text in found.texts(name)
    ]
    programs += [*_png_texts(found, "Software"), *found.stated.agents]
    texts = [*found.blocks.texts, *(("UserComment", found.exif[name]) for name in ("comment",) if name in found.exif)]
    return generator_of(filter(None, map(plain, programs)), texts)


def _png_texts(found: Origin, keyword: str) -> list[str]:
    return [text for key, text in found.blocks.texts if key == keyword]
