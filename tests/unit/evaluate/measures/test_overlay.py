import numpy as np
import pytest

from packshot.evaluate.laid_over import LaidOver, laid_over
from packshot.evaluate.measures.overlay import Overlay
from packshot.evaluate.measures.watermark import Watermark


def found(overlay, watermark):
    heat = np.zeros((2, 10, 10), np.float32)
    heat[0, 1:3, 2:6] = 0.9
    heat[1, 8:, :] = 0.8
    return LaidOver(overlay, watermark, heat[0], heat[1], 1.0, 1.0)


def measured(studio, what):
    picture = studio.picture(studio.product())
    picture._shared |= {laid_over: what}
    return {name: value for one in (Overlay, Watermark) for name, value in one().measure(picture).items()}


def test_what_is_likely_has_boxes(studio):
    row = measured(studio, found(0.9, 0.7))
    assert (row["overlay_probability"], row["watermark_probability"]) == (0.9, 0.7)
    assert row["overlay_boxes"] == pytest.approx((0.2, 0.1, 0.4, 0.2))
    assert row["watermark_boxes"] == pytest.approx((0, 0.8, 1, 0.2))


def test_what_is_unlikely_has_none(studio):
    row = measured(studio, found(0.1, 0.05))
    assert row["overlay_boxes"] == row["watermark_boxes"] == ()


def test_a_picture_that_was_not_asked_about_has_no_answer(studio):
    assert set(measured(studio, None).values()) == {None}
