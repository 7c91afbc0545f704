from functools import cache

import cv2
import numpy as np
import pytest

from packshot.evaluate import suite
from packshot.media.header import Header
from packshot.media.picture import Picture


class Studio:
    """Draws product pictures and measures them."""

    @staticmethod
    def picture(rgb, alpha=None, **facts):
        height, width = rgb.shape[:2]
        return Picture(
            Header(facts.pop("format", "png"), 1000, width, height, **facts), np.ascontiguousarray(rgb), alpha
        )

    def measure(self, name, rgb, alpha=None, **facts):
        return dict(suite.all_measures()[name].measure(self.picture(rgb, alpha, **facts)))

    @staticmethod
    @cache
    def _product(size=(900, 1200), ground=(255, 255, 255), box=(300, 200, 900, 700)):
        height, width = size
        left, top, right, bottom = box
        random = np.random.default_rng(3)
        weave = cv2.GaussianBlur(random.normal(0, 40, (bottom - top, right - left)), (0, 0), 0.8)
        light = np.linspace(0.75, 1.1, right - left)
        body = np.clip((np.array([60.0, 110.0, 170.0]) * light[:, None])[None] + weave[:, :, None], 0, 225).astype(
            np.uint8
        )
        for line in range(20, bottom - top - 30, 60):
            cv2.putText(body, "PACKSHOT 250 g", (15, line + 20), cv2.FONT_HERSHEY_DUPLEX, 0.9, (235, 230, 215), 2)
        rgb = np.empty((height, width, 3), np.uint8)
        rgb[:] = ground
        rgb[top:bottom, left:right] = body
        return rgb

    def product(self, **drawing):
        """A textured, printed and lit thing before a plain ground; `box` is left, top, right, bottom."""
        return self._product(**drawing).copy()

    @staticmethod
    @cache
    def scene(size=(800, 1000)):
        """A busy picture without any ground."""
        random = np.random.default_rng(5)
        rgb = np.full((*size, 3), 120, np.uint8)
        for _ in range(400):
            x, y = int(random.integers(0, size[1])), int(random.integers(0, size[0]))
            colour = tuple(int(v) for v in random.integers(20, 235, 3))
            cv2.circle(rgb, (x, y), int(random.integers(10, 70)), colour, -1, cv2.LINE_AA)
        return np.clip(rgb + random.normal(0, 3, rgb.shape), 0, 255).astype(np.uint8)

    @staticmethod
    def blurred(rgb, sigma):
        return cv2.GaussianBlur(rgb, (0, 0), sigma)

    @staticmethod
    def noisy(rgb, sigma):
        return np.clip(rgb + np.random.default_rng(1).normal(0, sigma, rgb.shape), 0, 255).astype(np.uint8)

    @staticmethod
    def jpeg(rgb, quality):
        ok, data = cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        assert ok
        return cv2.imdecode(data, cv2.IMREAD_COLOR)[:, :, ::-1]

    @staticmethod
    def orientations(rgb):
        """The picture mirrored, upside down and turned: all eight."""
        for turned in (rgb, rgb.transpose(1, 0, 2)):
            for across in (turned, turned[:, ::-1]):
                yield from (across, across[::-1])


@pytest.fixture
def studio():
    return Studio()
