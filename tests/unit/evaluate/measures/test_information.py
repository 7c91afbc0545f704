import cv2
import numpy as np
import pytest


def information(studio, rgb):
    return studio.measure("information", rgb)["information"]


def placeholder(size, ground, ink):
    rgb = np.full((size, size, 3), ground, np.uint8)
    third = size // 3
    cv2.rectangle(rgb, (third, third), (2 * third, size // 2), ink, -1)
    cv2.circle(rgb, (size // 2, 5 * size // 12), size // 16, ground, -1, cv2.LINE_AA)
    at = (size // 8, 2 * size // 3)
    cv2.putText(rgb, "no image available", at, cv2.FONT_HERSHEY_SIMPLEX, size / 420, ink, 2, cv2.LINE_AA)
    return rgb


@pytest.mark.parametrize("level", [0, 128, 255])
def test_blank_is_nothing(studio, level):
    assert information(studio, np.full((400, 500, 3), level, np.uint8)) == 0


@pytest.mark.parametrize("size", [400, 1000])
@pytest.mark.parametrize(
    ("ground", "ink"), [((255,) * 3, (150,) * 3), ((220,) * 3, (90,) * 3), ((40, 70, 130), (255,) * 3)]
)
def test_placeholders_are_little(studio, size, ground, ink):
    assert information(studio, placeholder(size, ground, ink)) < 0.3
    assert information(studio, studio.jpeg(placeholder(size, ground, ink), 85)) < 0.35


def test_pictures_are_much(studio):
    assert information(studio, studio.product()) > 0.8
    assert information(studio, studio.scene()) > 0.8
    assert information(studio, studio.product(box=(550, 400, 680, 500))) > 0.5


def test_blur_does_not_make_a_picture_blank(studio):
    assert information(studio, studio.blurred(studio.scene(), 8)) > 0.8
