"""Kinds of shots and views for exams: held photographs with labels by eye, and drawn ones of the kinds no shop has."""

from __future__ import annotations

import sys
import zlib
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from drawn_shots import KINDS, drawn
from exam import Data, Item, NoData
from looking import timed
from shop_pictures import CLOTHING, GROCERY, MAGENTO2, SOLIDUS, SYLIUS, TAILWIND

from packshot.evaluate.faces import MODEL as FACES
from packshot.evaluate.features import MODEL, image_features
from packshot.evaluate.measures.shot_type import ShotType
from packshot.evaluate.measures.view import View
from packshot.evaluate.titles.title_vectors import MODEL as WORDS
from packshot.evaluate.titles.title_vectors import text_vectors
from packshot.media.decode import decode
from packshot.models.own import checksum_of
from packshot.models.sources import version_of
from packshot.models.usable import lacking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exam import Asked
    from numpy.typing import NDArray

    from packshot.media.picture import Picture

TRAINING = Path(__file__).parents[2] / "training"
sys.path.append(str(TRAINING))
from shot_labels import Shot, labelled  # noqa: E402 - a script beside the package, not in it

SHOPS = ("magento2", "grocery_store", "clothing_dataset", "tailwindtraders", "solidus", "sylius")
OTHERS = {"avt_ai_images": "GPL-3.0", "imagededup_tests": "Apache-2.0", "cleanvision_tests": "Apache-2.0"}
PHOTOS = (MAGENTO2, GROCERY, CLOTHING, TAILWIND, SOLIDUS, SYLIUS, *(Data(*one) for one in OTHERS.items()))
DRAWN = Data("shots drawn with held photographs in them", "as the photographs", synthetic=True)
BRIDGE = "class names"
TYPE_WORDS = {
    "packshot": "a product alone on a plain white background",
    "on_model": "a person wearing clothes",
    "flat_lay": "clothes laid flat on the floor",
    "lifestyle": "a product in use in a room or a shop",
    "detail": "a close-up of fabric",
    "packaging": "a cardboard box, packaging",
    "infographic": "a poster with text and arrows, a web site",
    "size_chart": "a table of sizes with numbers",
    "swatch": "a piece of cloth, a colour sample",
}
VIEW_WORDS = {
    "front": "the front of a thing",
    "back": "the back of a thing, from behind",
    "side": "the side of a thing, a profile",
    "top": "a thing from above",
    "detail": "a close-up of a part",
}
KINDS_EACH = 40
"""Drawn pictures of each kind."""


def type_items(asked: Asked) -> Iterator[Item]:
    """Held photographs, then drawn pictures; 1 where the kind is told."""
    shots = _shots(asked, (MODEL, WORDS))
    for one in shots:
        if one.shot_type is not None:
            yield _item(one, ShotType(), "shot_type", one.shot_type, TYPE_WORDS)
    bases = [one for one in shots if one.shop in SHOPS and one.shot_type in {"packshot", "on_model", "flat_lay"}]
    for kind in KINDS:
        for number in range(asked.some(KINDS_EACH, 2 * KINDS_EACH)):
            base = bases[zlib.crc32(f"{kind} {number}".encode()) % len(bases)]
            make = partial(_png, kind, number, base.path)
            told, bridge, cpu_ms = _told(decode(make()), ShotType(), "shot_type", TYPE_WORDS)
            yield Item(
                id=f"{kind} {number}",
                slice=f"{kind} (synthetic)",
                score=float(told == kind),
                label=kind,
                answer=told,
                baselines={BRIDGE: float(bridge == kind)},
                baseline_answers={BRIDGE: bridge},
                group=f"drawn on {base.group}",
                picture=make,
                note=f"told: {told}",
                cpu_ms=cpu_ms,
                also=("synthetic",),
            )


def view_items(asked: Asked) -> Iterator[Item]:
    """Held photographs that have a view; 1 where it is told."""
    for one in _shots(asked, (MODEL, FACES, WORDS)):
        if one.view:
            yield _item(one, View(), "view", one.view, VIEW_WORDS)


def versions(*heads: str) -> Mapping[str, str]:
    """The versions of the network and of the heads."""
    return {MODEL: version_of(MODEL)} | {one: checksum_of(one)[:8] for one in heads}


def _shots(asked: Asked, models: tuple[str, ...]) -> list[Shot]:
    for shop in SHOPS:
        asked.folder(shop)
    if missing := lacking(models, ("tokenizers",)):
        raise NoData(f"the models {', '.join(missing)} are not here")
    return [one for one in labelled(asked.data) if one.held]


def _item(one: Shot, measure: ShotType | View, column: str, label: str, words: dict[str, str]) -> Item:
    told, bridge, cpu_ms = _told(decode(one.path.read_bytes()), measure, column, words)
    known = one.shop in SHOPS
    return Item(
        id=one.name,
        slice=label if known else f"{label} (elsewhere)",
        score=float(told == label),
        label=label,
        answer=told,
        baselines={BRIDGE: float(bridge == label)},
        baseline_answers={BRIDGE: bridge},
        group=one.group,
        picture=one.path,
        note=f"told: {told}",
        cpu_ms=cpu_ms,
        also=("photographs", one.shop) if known else ("elsewhere",),
    )


def _told(
    picture: Picture, measure: ShotType | View, column: str, words: dict[str, str]
) -> tuple[str | None, str, float]:
    found, cpu_ms = timed(lambda: measure.measure(picture)[column])
    return None if found is None else str(found), _bridged(picture, words), cpu_ms


def _png(kind: str, number: int, path: Path) -> bytes:
    photo = np.ascontiguousarray(decode(path.read_bytes()).rung(600))
    return bytes(cv2.imencode(".png", drawn(kind, number, photo)[:, :, ::-1])[1])


def _bridged(picture: Picture, words: dict[str, str]) -> str:
    """The class whose words are nearest to the names of ImageNet's classes, weighed by their probabilities.

    ConSE (M. Norouzi and others, "Zero-shot learning by convex combination of semantic embeddings", ICLR 2014).
    """
    logits = picture.once(image_features).logits
    soft = np.exp((logits - logits.max()) / 2)
    classes, texts = _vectors(tuple(words.values()))
    return list(words)[int((texts @ (soft / soft.sum() @ classes)).argmax())]


@cache
def _vectors(texts: tuple[str, ...]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    import title_map

    names = title_map.class_vectors()
    centre = names.mean(axis=0)
    given = text_vectors(texts).astype(np.float32) - centre
    return names - centre, given / np.linalg.norm(given, axis=1, keepdims=True)
