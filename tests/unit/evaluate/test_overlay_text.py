import cv2
import numpy as np
import pytest

from packshot.evaluate.overlay_text import laid_over
from packshot.evaluate.text_boxes import TextBox
from packshot.evaluate.text_reading import Reading
from packshot.evaluate.text_traits import TRAITS, traits
from packshot.media.header import Header
from packshot.media.picture import Picture


def picture(rgb):
    return Picture(Header("png", 1, rgb.shape[1], rgb.shape[0]), np.ascontiguousarray(rgb))


def box(x, y, length, height):
    corners = np.array([[x, y], [x + length, y], [x + length, y + height], [x, y + height]], np.float32)
    return TextBox(corners, 0.9, standing=False)


def jar():
    """A shaded jar with a soft, bent line of print on it, on white."""
    rgb = np.full((800, 800, 3), 255, np.uint8)
    light = np.sin(np.linspace(0.35, np.pi - 0.35, 360)) * 170 + 20
    rgb[180:700, 220:580] = np.stack([light, light * 0.7, light * 0.5], axis=1)[None].astype(np.uint8)
    print_ = np.zeros((800, 800), np.uint8)
    cv2.putText(print_, "Plum jam", (280, 450), cv2.FONT_HERSHEY_DUPLEX, 1.6, 255, 3, cv2.LINE_AA)
    x, y = np.meshgrid(np.arange(800, dtype=np.float32), np.arange(800, dtype=np.float32))
    print_ = cv2.remap(print_, x, y - 14 * np.cos((x - 400) / 130).astype(np.float32), cv2.INTER_LINEAR)
    share = cv2.GaussianBlur(print_, (0, 0), 1.2)[:, :, None] / 255
    return np.clip(rgb * (1 - 0.75 * share) + np.random.default_rng(1).normal(0, 2, rgb.shape), 0, 255).astype(np.uint8)


def test_a_banner_on_the_ground_is_laid_over_and_print_on_a_jar_is_not():
    rgb = jar()
    cv2.putText(rgb, "SPECIAL OFFER", (150, 110), cv2.FONT_HERSHEY_DUPLEX, 1.8, (200, 20, 30), 4, cv2.LINE_AA)
    boxes = [box(140, 60, 480, 62), box(275, 405, 250, 65)]
    readings = [Reading("SPECIAL OFFER", 0.99), Reading("Plum jam", 0.97)]
    banner, label = laid_over(traits(picture(rgb), boxes, readings))
    assert banner > 0.8
    assert label < 0.3


def test_no_lines_no_answers():
    assert laid_over(traits(picture(jar()), [], [])) == []


@pytest.mark.parametrize("level", [0, 130, 255])
def test_a_line_on_nothing_and_beyond_the_frame_has_finite_traits(level):
    flat = picture(np.full((300, 400, 3), level, np.uint8))
    boxes = [box(-20, -10, 200, 30), box(380, 290, 90, 40), box(10, 10, 3, 2)]
    found = traits(flat, boxes, [Reading("", 0.0)] * 3)
    assert found.shape == (3, len(TRAITS))
    assert np.isfinite(found).all()
    assert all(0 <= one <= 1 for one in laid_over(found))
