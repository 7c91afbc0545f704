import cv2
import numpy as np


def cells(studio, rgb):
    return np.frombuffer(studio.measure("lab16", rgb)["lab16"], np.uint8).reshape(16, 16, 3).astype(int)


def test_cells_are_lab_row_by_row(studio):
    rgb = np.full((320, 640, 3), 255, np.uint8)
    rgb[:, 320:] = (255, 0, 0)
    red = cv2.cvtColor(np.array([[[255, 0, 0]]], np.uint8), cv2.COLOR_RGB2LAB)[0, 0]
    found = cells(studio, rgb)
    assert (found[:, :8] == (255, 128, 128)).all()
    assert (found[:, 8:] == red).all()


def test_another_colour_is_far_and_another_encoding_near(studio):
    rgb = studio.product()
    own = cells(studio, rgb)
    assert np.abs(own - cells(studio, studio.jpeg(rgb, 75))).max() <= 4
    assert np.abs(own - cells(studio, rgb[:, :, ::-1])).max() > 20
