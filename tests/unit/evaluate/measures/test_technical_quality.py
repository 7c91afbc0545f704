from functools import cache

import cv2
import numpy as np
import pytest

from packshot.evaluate.quality_traits import TRAITS, quality_traits
from packshot.testing.drawing.products import draw_product
from packshot.testing.drawing.scenes import on_white


def quality(studio, rgb):
    return studio.measure("technical_quality", rgb)["technical_quality"]


@cache
def packshot(kind="shoe"):
    return on_white(*draw_product(kind, 2, 600), 0.85, (600, 600))


@pytest.mark.parametrize("kind", ["shoe", "backpack"])
def test_more_blur_noise_and_compression_are_worse(studio, kind):
    rgb = packshot(kind)
    noise = np.random.default_rng(1).normal(0, 1, rgb.shape)
    for spoil in (
        lambda by: cv2.GaussianBlur(rgb, (0, 0), 1.5 * by),
        lambda by: np.clip(rgb + 12 * by * noise, 0, 255).astype(np.uint8),
        lambda by: studio.jpeg(rgb, round(60 / by**2)),
    ):
        best, middle, worst = quality(studio, rgb), quality(studio, spoil(1)), quality(studio, spoil(2.5))
        assert best > middle > worst


def test_the_interval_holds_the_score(studio):
    for rgb in (studio.product(), studio.blurred(studio.product(), 6)):
        found = studio.measure("technical_quality", rgb)
        assert 0 <= found["technical_quality_low"] <= found["technical_quality"] <= found["technical_quality_high"] <= 1


def test_a_turned_or_mirrored_picture_is_as_good(studio):
    rgb = packshot()
    for other in (np.rot90(rgb), rgb[:, ::-1], np.rot90(rgb, 2)):
        assert quality(studio, np.ascontiguousarray(other)) == pytest.approx(quality(studio, rgb), abs=0.02)


def test_there_is_no_answer_where_nothing_is_drawn(studio):
    for rgb in (
        np.full((400, 400, 3), 255, np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((1, 20000, 3), np.uint8),
    ):
        found = studio.measure("technical_quality", rgb)
        assert found == dict.fromkeys(found)


def test_every_picture_has_as_many_traits(studio):
    for rgb in (studio.product(), studio.scene()[:60, :40], studio.scene()[:30, :700]):
        traits = quality_traits(studio.picture(rgb))
        assert traits.shape == (TRAITS,)
        assert np.isfinite(traits).all()
