"""One drawn picture that every test of the decoders knows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def draw() -> NDArray[np.uint8]:
    """A soft, lopsided scene of 128 × 96 pixels: no two turns of it are alike, and chroma subsampling hurts little."""
    y, x = np.mgrid[0:96, 0:128].astype(np.float32)
    scene = np.stack([60 + x, 90 + y, 200 - x / 2 - y / 2], axis=-1)
    cv2.rectangle(scene, (10, 8), (60, 40), (200, 60, 50), -1)
    cv2.circle(scene, (95, 65), 20, (40, 160, 70), -1)
    return np.rint(cv2.GaussianBlur(scene, (0, 0), 2.0)).clip(0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def scene() -> NDArray[np.uint8]:
    return draw()


@pytest.fixture(scope="session")
def save() -> Callable[..., bytes]:
    def encode(pixels: Any, image_format: str, **options: Any) -> bytes:
        image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
        buffer = io.BytesIO()
        image.save(buffer, image_format, **options)
        return buffer.getvalue()

    return encode
