"""Puts drawn products on backgrounds: pure white, off-white, a sweep of light, or a room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.testing.drawing.materials import TILE_PX, mixed, tile
from packshot.testing.drawing.products import KINDS, draw_product
from packshot.testing.drawing.style import PALETTE, WOOD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.testing.drawing.materials import Colour

WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Framing:
    """Where the product lies in the frame."""

    size: tuple[int, int] = (1000, 1000)
    """Width and height of the picture, in pixels."""
    fill: float = 0.88
    """max(product width / picture width, product height / picture height)."""
    centre: tuple[float, float] = (0.5, 0.5)
    """Middle of the product as shares of the picture; what falls outside is cut off."""
    shadow: bool = False
    """A narrow soft shadow at its foot."""
    grain_sigma: float = 0.0
    """Sensor noise on the product, in levels of 0 to 255."""


def on_white(
    rgb: NDArray[np.uint8],
    alpha: NDArray[np.uint8],
    fill: float = 0.88,
    size: tuple[int, int] = (1000, 1000),
    *,
    shadow: bool = False,
) -> NDArray[np.uint8]:
    """The product in the middle of pure white (255, 255, 255): height × width × 3; `size` is width, height."""
    return compose(rgb, alpha, flat(size, WHITE), Framing(size, fill, shadow=shadow))


def compose(
    rgb: NDArray[np.uint8], alpha: NDArray[np.uint8], background: NDArray[np.uint8], framing: Framing, seed: int = 0
) -> NDArray[np.uint8]:
    """The product on a background of the framing's size; `seed` is that of the grain."""
    front, cover = framed(rgb, alpha, framing)
    scene = background.astype(np.float32)
    if framing.shadow:
        scene *= 1 - _foot_shadow(cover)[..., None]
    share = cover.astype(np.float32)[..., None] / 255
    shown = front.astype(np.float32)
    if framing.grain_sigma:
        grain = np.random.default_rng(seed).normal(0, framing.grain_sigma, (*cover.shape, 1))
        shown += grain.astype(np.float32)
    return np.clip(np.round(shown * share + scene * (1 - share)), 0, 255).astype(np.uint8)


def framed(
    rgb: NDArray[np.uint8], alpha: NDArray[np.uint8], framing: Framing
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The product alone in a frame: RGB (white around it) and alpha, both of the framing's size."""
    width, height = framing.size
    zoom = framing.fill / max(rgb.shape[1] / width, rgb.shape[0] / height)
    wide, high = max(1, round(rgb.shape[1] * zoom)), max(1, round(rgb.shape[0] * zoom))
    if (wide, high) != (rgb.shape[1], rgb.shape[0]):
        rgb, alpha = resized(rgb, alpha, (wide, high))
    left = round(width * framing.centre[0] - wide / 2)
    top = round(height * framing.centre[1] - high / 2)
    front, cover = flat(framing.size, WHITE), np.zeros((height, width), np.uint8)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + wide, width), min(top + high, height)
    front[y0:y1, x0:x1] = rgb[y0 - top : y1 - top, x0 - left : x1 - left]
    cover[y0:y1, x0:x1] = alpha[y0 - top : y1 - top, x0 - left : x1 - left]
    return front, cover


def resized(
    rgb: NDArray[np.uint8], alpha: NDArray[np.uint8], size: tuple[int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Product and alpha at another size (width, height), with no fringe from the white behind."""
    how = cv2.INTER_AREA if size[0] < rgb.shape[1] else cv2.INTER_CUBIC
    share = alpha.astype(np.float32) / 255
    laid = cv2.resize(rgb.astype(np.float32) * share[..., None], size, interpolation=how)
    cover = np.clip(cv2.resize(share, size, interpolation=how), 0, 1)
    shown = np.where(cover[..., None] > 0, laid / np.maximum(cover, 1e-3)[..., None], 255)
    return np.clip(np.round(shown), 0, 255).astype(np.uint8), np.round(cover * 255).astype(np.uint8)


def product_box(alpha: NDArray[np.uint8]) -> tuple[float, float, float, float] | None:
    """x, y, w, h of what a framed alpha covers at least by a quarter, as shares; None where there is nothing."""
    rows = np.flatnonzero((alpha >= 64).any(axis=1))  # noqa: PLR2004 - a quarter of 255
    columns = np.flatnonzero((alpha >= 64).any(axis=0))  # noqa: PLR2004 - the same
    if not len(rows):
        return None
    height, width = alpha.shape
    left, top = columns[0] / width, rows[0] / height
    return float(left), float(top), float((columns[-1] + 1) / width - left), float((rows[-1] + 1) / height - top)


def flat(size: tuple[int, int], colour: Colour) -> NDArray[np.uint8]:
    """One colour; `size` is width, height."""
    return np.full((size[1], size[0], 3), colour, np.uint8)


def sweep(size: tuple[int, int], light: Colour, dim: Colour) -> NDArray[np.uint8]:
    """Paper that is lit unevenly: `light` above the middle, `dim` towards the corners."""
    across, down = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    share = np.clip(np.hypot(across * 0.8, down + 0.35) / 1.5, 0, 1)[..., None] ** 1.5
    plane = np.asarray(light) * (1 - share) + np.asarray(dim) * share
    return np.clip(np.round(plane), 0, 255).astype(np.uint8)


def room(size: tuple[int, int], seed: int, *, blur: float = 0.004) -> NDArray[np.uint8]:
    """A wall with paper, a wooden table and other products about; `blur` is a share of the longer side."""
    rng = np.random.default_rng([seed, 77])
    width, height = size
    table = int(height * rng.uniform(0.6, 0.75))
    scene = np.empty((height, width, 3), np.float32)
    scene[:table] = _wall(rng, (width, table))
    scene[table:] = _table(rng, (width, height - table))
    kinds = [name for name, kind in KINDS.items() if kind.stands]
    for number, place in enumerate(rng.permutation([0.08, 0.3, 0.72, 0.93])):
        high = int(height * rng.uniform(0.28, 0.5))
        # Drawn at half size: they are out of focus.
        rgb, alpha = draw_product(
            str(rng.choice(kinds)), int(rng.integers(1000)), high // 2, turn=(float(rng.uniform(-40, 40)), 0, 0)
        )
        rgb, alpha = resized(rgb, alpha, (rgb.shape[1] * 2, rgb.shape[0] * 2))
        foot = table + int((height - table) * (0.12 + 0.1 * number))
        _lay(scene, rgb, alpha, (int(place * width - rgb.shape[1] / 2), foot - rgb.shape[0]))
    soft = cv2.GaussianBlur(scene, (0, 0), max(0.3, blur * max(size)))
    return np.clip(np.round(soft), 0, 255).astype(np.uint8)


def _wall(rng: np.random.Generator, size: tuple[int, int]) -> NDArray[np.float32]:
    width, height = size
    colour = mixed(PALETTE[str(rng.choice(list(PALETTE)))], (214, 206, 194), 0.45)
    other = mixed(colour, (90, 80, 76), 0.3)
    across, down = np.meshgrid(np.arange(width), np.arange(height))
    step = max(8, int(width * rng.uniform(0.05, 0.1)))
    lines = (
        across // step % 2,
        ((across // step) + (down // step)) % 2,
        ((down % step < 3) | ((across + step * (down // step % 2)) % (2 * step) < 3)).astype(int),  # noqa: PLR2004 - bricks
    )[int(rng.integers(3))]
    plane = np.where(lines[..., None] == 0, np.asarray(colour), np.asarray(other)).astype(np.float32)
    return (plane * np.linspace(1.08, 0.72, width)[None, :, None]).astype(np.float32)


def _table(rng: np.random.Generator, size: tuple[int, int]) -> NDArray[np.float32]:
    width, height = size
    grain = np.tile(tile("wood").T, (height // TILE_PX + 1, width // TILE_PX + 1))[:height, :width]
    colour = np.asarray(mixed(WOOD, (92, 60, 40), float(rng.uniform(0, 0.9))), np.float32)
    return (colour * (1 + 0.18 * grain[..., None]) * np.linspace(0.8, 1.05, height)[:, None, None]).astype(np.float32)


def _lay(scene: NDArray[np.float32], rgb: NDArray[np.uint8], alpha: NDArray[np.uint8], at: tuple[int, int]) -> None:
    height, width = scene.shape[:2]
    x0, y0 = max(at[0], 0), max(at[1], 0)
    x1, y1 = min(at[0] + rgb.shape[1], width), min(at[1] + rgb.shape[0], height)
    cut = np.s_[y0 - at[1] : y1 - at[1], x0 - at[0] : x1 - at[0]]
    share = alpha[cut].astype(np.float32)[..., None] / 255
    scene[y0:y1, x0:x1] = rgb[cut] * share + scene[y0:y1, x0:x1] * (1 - share)


def _foot_shadow(cover: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much light the surface at the product's foot loses, 0 to 1: a band about 1 % of the product's height."""
    box = product_box(cover)
    if box is None:
        return np.zeros(cover.shape, np.float32)
    height, width = cover.shape
    top, foot = int(box[1] * height), round((box[1] + box[3]) * height) - 1
    low = cover[foot - max(2, (foot - top) // 16) : foot + 1].max(axis=0).astype(np.float32) / 255
    low = cv2.GaussianBlur(low[None], (0, 0), max(1.0, width * 0.006))[0]
    reach = max(1.2, (foot - top) * 0.004)
    fall = np.exp(-(((np.arange(height) - foot) / reach) ** 2)).astype(np.float32)
    shade = 0.42 * fall[:, None] * low[None] ** 2
    return np.where(shade < 0.01, 0, shade).astype(np.float32)  # noqa: PLR2004 - under three levels: white stays white
