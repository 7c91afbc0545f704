"""The trunk's maps of every training picture, kept in files by the shape of the picture: the trunk itself is frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from mask_decoder import MAPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Planes = NDArray[np.float32]
    Trunk = Callable[[Pixels], tuple[Planes, Sequence[Planes]]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Pictures of one shape: arrays whose first axis is the picture."""

    image: NDArray[np.float16]
    maps: list[NDArray[np.float16]]
    mask: NDArray[np.uint8]
    """(n, h / 2, w / 2)."""
    size: NDArray[np.int16]
    """(n, 2): height and width, halved, that the picture fills of it."""
    kept: NDArray[np.bool_]
    """Pictures that are not trained on, to see how far it is."""


def shelves(files: Sequence[Path], trunk: Trunk, cache: Path, kept_of: int) -> list[Shelf]:
    """Maps of every picture of the files; one of so many is kept apart."""
    folder = cache / "maps"
    folder.mkdir(exist_ok=True)
    found: dict[tuple[int, ...], list[tuple[NDArray[np.float16], ...]]] = {}
    for file in files:
        done = folder / f"{file.stem}.npz"
        if not done.is_file():
            _seen(file, trunk, done)
        with np.load(done) as opened:
            for name in {key.split(" ")[1] for key in opened.files}:
                parts = tuple(opened[f"{part} {name}"] for part in ("image", *map(str, MAPS), "mask", "size"))
                found.setdefault(parts[0].shape, []).append((*parts, np.array(_kept(name, kept_of))))
    return [_shelf(found.pop(shape)) for shape in list(found)]


def _kept(name: str, of: int) -> bool:
    return int(name) % of == of - 1


def _seen(file: Path, trunk: Trunk, done: Path) -> None:
    planes = {}
    with np.load(file) as opened:
        for number in range(len(opened.files) // 2):
            rgb, mask = opened[f"rgb {number}"], opened[f"mask {number}"]
            image, maps = trunk(rgb)
            height, width = image.shape[1] // 2, image.shape[2] // 2
            small = cv2.resize(mask, ((mask.shape[1] + 1) // 2, (mask.shape[0] + 1) // 2), interpolation=cv2.INTER_AREA)
            filled = np.zeros((height, width), np.uint8)
            filled[: small.shape[0], : small.shape[1]] = small
            planes |= {f"image {number}": image.astype(np.float16), f"mask {number}": filled}
            planes |= {f"{stride} {number}": plane.astype(np.float16) for stride, plane in zip(MAPS, maps, strict=True)}
            planes[f"size {number}"] = np.array(small.shape, np.int16)
    np.savez(done.with_suffix(".part.npz"), **planes)
    done.with_suffix(".part.npz").rename(done)


def _shelf(rows: list[tuple[NDArray[np.float16], ...]]) -> Shelf:
    columns = [np.stack(column) for column in zip(*rows, strict=True)]
    image, *maps, mask, size, kept = columns
    return Shelf(image, maps, mask, size, kept)


def batches(these: Sequence[Shelf], rng: np.random.Generator, count: int) -> Iterator[tuple[Shelf, NDArray[np.intp]]]:
    """Every picture that is trained on once, in lots of one shape, in any order."""
    lots = []
    for shelf in these:
        order = rng.permutation(np.flatnonzero(~shelf.kept))
        lots += [(shelf, np.sort(order[start : start + count])) for start in range(0, len(order), count)]
    for number in rng.permutation(len(lots)):
        yield lots[number]
