"""Pictures made worse in ten ways, step by step, with Pillow and Fourier transforms; second generator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter
from second_base import balanced, held, image, on_white
from shipped import measured, need, number

from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exam import Asked
    from numpy.typing import NDArray
    from second_base import Base

    Worse = Callable[[Image.Image, float, np.random.Generator], Image.Image]

QUALITY = "technical_quality"
SIDE_PX, LEAST_PX = 900, 300
"""Longest side of what is made worse, and the least side of what it is made from."""
SEED = 808
GAMMA = 2.2
DARK = 105
"""Mean level below which a picture is made darker and not brighter: light would do it good."""


def blurred(picture: Image.Image, sigma: float, _: np.random.Generator) -> Image.Image:
    """Out of focus as a Gaussian, by sigma in pixels."""
    return picture.filter(ImageFilter.GaussianBlur(sigma))


def moved(picture: Image.Image, length: float, rng: np.random.Generator) -> Image.Image:
    """Moved along a straight line, so many pixels long, at any angle."""
    angle = float(rng.uniform(0, np.pi))
    path = np.linspace(-0.5, 0.5, int(length) * 2 + 1) * length
    spots = np.unique(np.rint(np.outer(path, (np.sin(angle), np.cos(angle)))).astype(int), axis=0)
    return _spread(picture, spots)


def defocused(picture: Image.Image, radius: float, _: np.random.Generator) -> Image.Image:
    """Out of focus as a lens is: each point becomes a disc of a radius in pixels."""
    reach = int(np.ceil(radius))
    down, across = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = down**2 + across**2 <= radius**2
    return _spread(picture, np.stack([down[disc], across[disc]], axis=1))


def noisy(picture: Image.Image, sigma: float, rng: np.random.Generator) -> Image.Image:
    """Noise in every pixel and colour, by sigma in levels."""
    values = np.asarray(picture, np.float32)
    return _image(values + rng.normal(0, sigma, values.shape).astype(np.float32))


def enlarged(picture: Image.Image, times: float, _: np.random.Generator) -> Image.Image:
    """Made smaller, and as large again."""
    small = [max(8, round(side / times)) for side in picture.size]
    return picture.resize(small, Image.Resampling.LANCZOS).resize(picture.size, Image.Resampling.BICUBIC)


def oversharpened(picture: Image.Image, percent: float, _: np.random.Generator) -> Image.Image:
    """An unsharp mask of 2 px, so many per cent."""
    return picture.filter(ImageFilter.UnsharpMask(2, int(percent), 0))


def banded(picture: Image.Image, levels: float, _: np.random.Generator) -> Image.Image:
    """So many levels of each colour left."""
    step = 255 / (levels - 1)
    return picture.point(lambda level: round(round(level / step) * step))


def misexposed(picture: Image.Image, stops: float, _: np.random.Generator) -> Image.Image:
    """So many stops too bright, clipped; a dark picture too dark."""
    dark = float(np.asarray(picture.convert("L"), np.float32).mean()) < DARK
    light = 2.0 ** (-stops if dark else stops)
    return picture.point(lambda level: min(255, round(255 * ((level / 255) ** GAMMA * light) ** (1 / GAMMA))))


def as_it_is(picture: Image.Image, _: float, __: np.random.Generator) -> Image.Image:
    """Only stored worse."""
    return picture


STEPS: dict[str, tuple[Worse, tuple[float, ...]]] = {
    "gaussian blur": (blurred, (0, 0.8, 1.6, 3.2, 6.4)),
    "motion blur": (moved, (0, 5, 10, 20, 40)),
    "defocus": (defocused, (0, 1.5, 3, 6, 12)),
    "noise": (noisy, (0, 5, 10, 20, 40)),
    "JPEG": (as_it_is, (95, 60, 35, 18, 8)),
    "WebP": (as_it_is, (95, 60, 30, 12, 2)),
    "enlarged": (enlarged, (1, 1.6, 2.5, 4, 6.5)),
    "over-sharpened": (oversharpened, (150, 260, 450, 780, 1350)),
    "banding": (banded, (256, 24, 12, 7, 4)),
    "exposure": (misexposed, (0, 0.7, 1.4, 2.1, 2.8)),
}
"""Kind → how it is made worse, and the steps: the first is the picture as it is, but for sharpening, of which a little
may do good. JPEG and WebP are qualities; the others are stored as JPEG of quality 95."""


def worse(picture: Image.Image, kind: str, step: int, seed: int) -> bytes:
    """The file of a step of a kind."""
    make, steps = STEPS[kind]
    amount = steps[step]
    rng = np.random.default_rng([seed, SEED, list(STEPS).index(kind)])
    file = BytesIO()
    if kind == "WebP" and step:
        picture.save(file, "WEBP", quality=int(amount), method=2)
    elif kind == "JPEG":
        picture.save(file, "JPEG", quality=int(amount))
    else:
        made = picture if step == 0 and kind != "over-sharpened" else make(picture, amount, rng)
        made.save(file, "JPEG", quality=95)
    return file.getvalue()


def laplacian(data: bytes) -> float:
    """The baseline: the variance of the Laplacian of the whole picture."""
    grey = np.asarray(Image.fromarray(decode(data).rgb).convert("L"), np.float32)
    middle = grey[1:-1, 1:-1]
    return float((grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * middle).var())


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """Two neighbouring steps of one kind and picture."""

    base: Base
    kind: str
    less: float
    more: float
    """How much worse each was made."""
    quality: tuple[float | None, float | None]
    laplacian: tuple[float, float]
    data: Callable[[], bytes]
    """The worse one."""
    cpu_ms: float

    @property
    def ground(self) -> str:
        """Whether it is a packshot."""
        return "on white" if on_white(self.base) else "natural"


@lru_cache(maxsize=2)
def steps(asked: Asked) -> tuple[Step, ...]:
    """Every pair of neighbouring steps of every kind, of held photographs. Raises NoData."""
    large = [one for one in held(asked) if min(_size(one)) >= LEAST_PX]
    need(QUALITY)
    bases = balanced(large, asked.some(12, 120))
    return tuple(one for number, base in enumerate(bases) for one in _steps(base, number))


def _steps(base: Base, seed: int) -> Iterator[Step]:
    plain = image(base.path, SIDE_PX)
    for kind, (_, amounts) in STEPS.items():
        before: tuple[float | None, float] | None = None
        for place, amount in enumerate(amounts):
            data = worse(plain, kind, place, seed)
            found, cpu_ms = measured(data, QUALITY)
            now = number(found[QUALITY]), laplacian(data)
            if before is not None:
                make = partial(_file, base, kind, place, seed)
                both = (before[0], now[0]), (before[1], now[1])
                yield Step(base, kind, amounts[place - 1], amount, *both, make, cpu_ms)
            before = now


def _file(base: Base, kind: str, step: int, seed: int) -> bytes:
    return worse(image(base.path, SIDE_PX), kind, step, seed)


def _size(base: Base) -> tuple[int, int]:
    with Image.open(base.path) as opened:
        return opened.size


def _spread(picture: Image.Image, spots: NDArray[np.int_]) -> Image.Image:
    """Each pixel spread evenly over spots (n, 2) down and across, as a product of spectra, mirrored at the edges."""
    pad = int(np.abs(spots).max()) + 1
    values = np.pad(np.asarray(picture, np.float32), ((pad, pad), (pad, pad), (0, 0)), mode="symmetric")
    kernel = np.zeros(values.shape[:2], np.float32)
    kernel[spots[:, 0], spots[:, 1]] = 1 / len(spots)
    spectrum = np.fft.rfft2(kernel)[..., None]
    found = np.fft.irfft2(np.fft.rfft2(values, axes=(0, 1)) * spectrum, values.shape[:2], axes=(0, 1))
    return _image(found[pad:-pad, pad:-pad])


def _image(values: NDArray[np.float32]) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
