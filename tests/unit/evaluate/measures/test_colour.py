import cv2
import numpy as np
import pytest


def test_colourfulness_is_that_of_the_paper(studio):
    rgb = cv2.GaussianBlur(studio.scene((100, 110)), (0, 0), 4)
    red, green, blue = (rgb[:, :, channel].astype(float) for channel in range(3))
    rg, yb = red - green, (red + green) / 2 - blue
    expected = np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean())
    assert studio.measure("colour", rgb)["colourfulness"] == pytest.approx(expected, rel=0.03)


def test_grey_is_grey_also_as_jpeg(studio):
    grey = studio.scene().mean(axis=2, keepdims=True).repeat(3, axis=2).astype(np.uint8)
    for rgb in (grey, studio.jpeg(grey, 80)):
        found = studio.measure("colour", rgb)
        assert found["is_grayscale"] is True
        assert found["colourfulness"] < 1
        assert found["colour_cast"] < 1


def test_one_small_coloured_thing_is_not_grey(studio):
    rgb = np.full((600, 600, 3), 200, np.uint8)
    rgb[280:320, 280:320] = (200, 40, 40)
    assert studio.measure("colour", rgb)["is_grayscale"] is False


def test_a_cast_is_seen_on_what_should_be_white(studio):
    rgb = studio.product()
    assert studio.measure("colour", rgb)["colour_cast"] < 3
    for tint in ((1, 0.93, 0.8), (0.85, 0.95, 1), (0.88, 1, 0.88)):
        assert studio.measure("colour", (rgb * np.array(tint)).astype(np.uint8))["colour_cast"] > 8


def test_no_neutral_pixels_no_cast(studio):
    assert studio.measure("colour", np.full((90, 90, 3), (220, 20, 20), np.uint8))["colour_cast"] is None
