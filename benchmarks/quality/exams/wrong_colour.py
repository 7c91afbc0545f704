"""The product in another colour: the check `wrong_colour` on pictures swapped between colour variants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from exam import Asked, Bound, Exam, Item, Kind, Sense, Wanted
from looking import columns_of
from shop_pictures import MAGENTO2, photos

from packshot.evaluate.checks.wrong_colour import WrongColourParams
from packshot.evaluate.lab import rgb_to_lab
from packshot.evaluate.titles.colour_words import agreements, shares, stated, words
from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from packshot.core.measurement import Value


def items(asked: Asked) -> Iterator[Item]:
    """Each picture under its own title, and under the titles of the other colours of the same product."""
    pictures = photos(asked, "magento2")
    titles = {photo.listing: photo.title for photo in pictures}
    for photo in pictures:
        data = photo.path.read_bytes()
        found, cpu_ms = columns_of(data, "product_colours", "product_colours_confidence")
        mean = rgb_to_lab(decode(data).rung(128)).reshape(-1, 3).mean(axis=0)
        product = photo.listing.rsplit("-", 1)[0]
        for listing, title in titles.items():
            if listing.rsplit("-", 1)[0] == product:
                yield Item(
                    id=f"{photo.path.stem} as {title}",
                    slice="detail" if _unsure(found) else "whole",
                    score=_agreement(found["product_colours"], title),
                    truth=listing != photo.listing,
                    baselines={"mean colour of the frame": _of_mean(mean, title)},
                    group=product,
                    picture=photo.path,
                    note=f"titled: {title}",
                    cpu_ms=cpu_ms,
                )


def _unsure(found: Mapping[str, Value]) -> bool:
    confidence = found["product_colours_confidence"]
    return not isinstance(confidence, float) or confidence < WrongColourParams().min_confidence


def _agreement(colours: Value, title: str) -> float | None:
    told = agreements(shares(pl.Series([colours], dtype=pl.List(pl.Float32))), [stated(title)])[0]
    return None if np.isnan(told) else float(told)


def _of_mean(mean: np.ndarray, title: str) -> float:
    """Nearness of the mean colour to the middle of what the stated colour means, against the nearest basic colour."""
    lab = np.array([mean[0] / 2.55, mean[1] - 128, mean[2] - 128])
    off = {name: float(np.linalg.norm(lab - _middle(name))) for name in words().regions}
    nearest = min(off[name] for name in words().basic)
    return nearest - min(off[name] for name in stated(title))


def _middle(name: str) -> np.ndarray:
    region = words().regions[name]
    chroma = min(sum(region.chroma) / 2, 50) if region.hue else 0.0
    hue = np.radians(sum(region.hue) / 2) if region.hue else 0.0
    return np.array([sum(region.light) / 2, chroma * np.cos(hue), chroma * np.sin(hue)])


EXAM = Exam(
    title="Another colour: the check `wrong_colour`",
    kind=Kind.DECISION,
    items=items,
    data=(MAGENTO2,),
    bound=Bound.of(WrongColourParams(), "min_colour_agreement", Sense.BELOW),
    set_on="these very pictures: the edges between colours and the bound were set with magento2 in view",
    baselines={"mean colour of the frame": Sense.BELOW},
    wanted=(Wanted("auc", 0.95),),
    about="Jackets and hoodies on people: skin and trousers are in the picture. Detail: no plain background, where the "
    "check is unsure at most. Heather cloths that a shop calls red or blue are grey in the picture.",
)
