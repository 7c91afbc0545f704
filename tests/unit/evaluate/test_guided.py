import cv2
import numpy as np

from packshot.evaluate.guided import guided


def test_a_mask_that_lies_beside_the_edge_moves_to_it():
    luma = np.full((200, 200), 60, np.uint8)
    luma[:, 90:] = 200
    truth = luma > 100
    rough = np.roll(truth, 2, axis=1)
    rough[:, :10] = False
    fitted = guided(rough.astype(np.float32), luma, 4, 8.0).on(luma)
    assert fitted[100, 89] < fitted[100, 90] - 80, "the edge is where the picture has it"
    assert rough[100, 89] == rough[100, 90]


def test_what_was_fitted_small_is_sharp_on_the_large_picture():
    large = np.full((800, 800), 60, np.uint8)
    large[:, 361:] = 200
    small = cv2.resize(large, (200, 200), interpolation=cv2.INTER_AREA)
    fitted = guided((small > 130).astype(np.float32), small, 4, 8.0).on(large)
    assert ((fitted >= 128) == (large > 100)).mean() > 0.999


def test_where_the_picture_is_flat_the_mask_is_smoothed():
    luma = np.full((50, 60), 90, np.uint8)
    rough = np.zeros((50, 60), np.float32)
    rough[:, 30:] = 1
    fitted = guided(rough, luma, 2, 8.0).on(luma)
    assert fitted[25, 5] == 0
    assert fitted[25, 55] == 255
    assert 0 < fitted[25, 30] < 255
