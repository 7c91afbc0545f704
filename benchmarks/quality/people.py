"""Pictures with and without people for exams: labels seen by eye, scored by heads that never saw what they score."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from exam import Data, Item, NoData
from looking import timed
from shop_pictures import CLOTHING, GROCERY, MAGENTO2, SOLIDUS, SYLIUS, TAILWIND

from packshot.evaluate.faces import found_faces
from packshot.evaluate.features import directions, image_features
from packshot.evaluate.measures.persons import HEAD, clear_face
from packshot.media.decode import decode
from packshot.models.own import arrays_of
from packshot.models.sources import version_of
from packshot.models.usable import lacking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exam import Asked
    from numpy.typing import NDArray

    from packshot.media.picture import Picture

TRAINING = Path(__file__).parents[2] / "training"
sys.path.append(str(TRAINING))
from person_head import HELD_OUT, fold_of  # noqa: E402 - a script beside the package, not in it
from person_pictures import Labelled, labelled  # noqa: E402 - the same

DATA = (MAGENTO2, SYLIUS, SOLIDUS, CLOTHING, TAILWIND, GROCERY, Data("avt_ai_images", "GPL-3.0"))
CLOTHES_DATA = (MAGENTO2, SYLIUS, SOLIDUS, CLOTHING)
SHOPS = tuple(one.name.split()[0] for one in DATA)
DRESSED = ("magento2", "sylius")
"""Shops whose pictures of people are pictures of what they wear."""
FLAT = re.compile(r"solidus_(dark_tee|hoodie_|long_sleeve_tee|tshirt)")
"""Clothes of solidus, whoever wears them."""
SPLIT = (
    "these pictures, scored by heads that had not seen the group; here magento2 and sylius are scored by heads that "
    "saw nothing of the shop"
)
"""What the bounds of the checks on people were set on."""


def pictures(asked: Asked, quick: int, models: tuple[str, ...]) -> list[Labelled]:
    """Labelled pictures, those without people spread evenly over all. Raises NoData."""
    if missing := lacking(models):
        raise NoData(f"the models {', '.join(missing)} are not here")
    for shop in SHOPS:
        asked.folder(shop)
    every = labelled(asked.data)
    those = [one for one in every if one.person]
    others = [one for one in every if not one.person]
    return [*those, *others[:: max(1, len(others) // asked.some(quick, len(others)))]]


def versions(*models: str) -> Mapping[str, str]:
    """The versions of these models."""
    return {one: version_of(one) for one in models}


@cache
def _heads() -> Mapping[str, NDArray[np.float32]]:
    with np.load(TRAINING / "person_head_folds.npz") as opened:
        return {name: opened[name] for name in opened.files}


def person_items(asked: Asked, *, unseen_shop: bool) -> Iterator[Item]:
    """The probability by a head that did not see the picture's group, or where asked nothing of its whole shop."""
    for one, features, face, cpu_ms in _looked_at(asked):
        held = one.shop if unseen_shop and one.shop in HELD_OUT else str(fold_of(one.group))
        yield Item(
            id=one.name,
            slice=one.shop,
            score=_probability(_heads()[held], features, face),
            truth=bool(one.person),
            baselines={"face only": face},
            group=one.group,
            picture=one.path,
            note=one.note,
            cpu_ms=cpu_ms,
        )


def garment_items(asked: Asked) -> Iterator[Item]:
    """Clothes, of which those that nobody wears are looked for; each by a head that saw nothing of the shop."""
    for one in person_items(asked, unseen_shop=True):
        if (one.slice in DRESSED and one.truth) or one.slice == "clothing_dataset" or FLAT.search(one.id):
            yield replace(one, truth=not one.truth)


@cache
def _looked_at(asked: Asked) -> list[tuple[Labelled, NDArray[np.float32], float, float]]:
    """Each picture that is not open to dispute, its features, its surest face, and the CPU milliseconds they took."""
    found = []
    for one in pictures(asked, 240, ("efficientnet-lite0", "centerface")):
        if one.person is not None:
            picture = decode(one.path.read_bytes())
            (features, face), cpu_ms = timed(lambda picture=picture: _seen(picture))
            found.append((one, features, face, cpu_ms))
    return found


def _seen(picture: Picture) -> tuple[NDArray[np.float32], float]:
    faces = found_faces(picture)
    return image_features(picture).features, faces[0].score if faces else 0.0


def _probability(head: NDArray[np.float32], features: NDArray[np.float32], face: float) -> float:
    score = float(directions(features) @ head[:-1] + head[-1])
    steep, clear, constant = arrays_of(HEAD)["calibration"]
    return float(1 / (1 + np.exp(-(steep * score + clear * clear_face(face) + constant))))
