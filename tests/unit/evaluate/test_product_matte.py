import cv2
import numpy as np
import pytest

from packshot.evaluate.feature_maps import LONG_SIDE, MODEL
from packshot.evaluate.product_matte import (
    DECODER,
    PART,
    By,
    native_mask,
    product_matte,
)
from packshot.media.header import Header
from packshot.media.picture import Picture

GREEN = (30, 220, 40)


def picture(rgb, alpha=None):
    height, width = rgb.shape[:2]
    return Picture(Header("png", 1000, width, height), np.ascontiguousarray(rgb, dtype=np.uint8), alpha)


def scene(*boxes, size=(600, 800)):
    """Red and blue clutter, and green boxes (left, top, right, bottom) in it."""
    random = np.random.default_rng(1)
    rgb = np.zeros((*size, 3), np.uint8)
    for number in range(300):
        x, y = int(random.integers(size[1])), int(random.integers(size[0]))
        shade = int(random.integers(90, 250))
        cv2.circle(rgb, (x, y), int(random.integers(8, 60)), (shade, 0, 0) if number % 2 else (0, 0, shade), -1)
    for left, top, right, bottom in boxes:
        rgb[top:bottom, left:right] = GREEN
    return picture(rgb)


def iou(mask, box):
    truth = np.zeros(mask.shape, bool)
    left, top, right, bottom = box
    truth[top:bottom, left:right] = True
    found = mask >= 128
    return (found & truth).sum() / (found | truth).sum()


def test_a_scene_is_shown_to_the_model_once_with_its_aspect(salience):
    shown = scene((200, 150, 500, 480))
    matte = shown.once(product_matte)
    native_mask(shown)
    seen = (1, 3, -(-round(LONG_SIDE * 0.75) // 32) * 32, LONG_SIDE)
    assert salience.asked == [(MODEL, seen), (f"own/{DECODER}", seen)]
    assert matte.by is By.MODEL
    assert matte.mask.shape == shown.rung(256).shape[:2]
    assert matte.confident


def test_the_native_mask_has_sharp_edges(salience):  # noqa: ARG001 - sits at the desk
    box = (203, 151, 497, 479)
    mask = native_mask(scene(box))
    assert mask.shape == (600, 800)
    assert iou(mask, box) > 0.98


def test_a_plain_background_and_transparency_need_no_model(salience):
    plain = np.full((500, 600, 3), 255, np.uint8)
    plain[150:400, 200:420] = (150, 40, 60)
    matte = product_matte(picture(plain))
    assert (matte.by, salience.asked) == (By.PLAIN, [])
    assert iou(native_mask(picture(plain)), (200, 150, 420, 400)) > 0.98
    alpha = np.zeros((500, 600), np.uint8)
    alpha[100:300, 100:300] = 255
    alpha[300:320, 100:300] = 100
    clear = picture(plain, alpha)
    assert product_matte(clear).by is By.ALPHA
    assert native_mask(clear) is alpha
    assert salience.asked == []


@pytest.mark.parametrize("level", [0, 128, 255])
def test_one_colour_holds_no_product_and_costs_nothing(salience, level):
    assert product_matte(picture(np.full((300, 400, 3), level))) is None
    assert salience.asked == []


def test_nothing_seen_is_no_product(salience):
    empty = scene()
    assert product_matte(empty) is None
    assert native_mask(empty) is None
    assert len(salience.asked) == 1 + 2, "the second view of the same picture shares the maps"


def test_a_small_second_part_is_left_out_and_a_large_one_kept(salience):  # noqa: ARG001 - sits at the desk
    large = (100, 100, 400, 500)
    small = (600, 100, 600 + round(300 * PART * 0.7), 500)
    assert iou(native_mask(scene(large, small)), large) > 0.97
    both = native_mask(scene(large, (600, 100, 760, 500)))
    assert (both[200:400, 620:740] >= 128).mean() > 0.97


@pytest.mark.parametrize("size", [(1, 1), (1, 20_000), (9_000, 2), (33, 31)])
def test_any_size_goes_through(salience, size):  # noqa: ARG001 - sits at the desk
    noise = np.random.default_rng(2).integers(0, 256, (*size, 3))
    mask = native_mask(picture(noise))
    assert mask is None or mask.shape == size


def test_a_mask_that_ends_within_the_product_is_not_trusted(salience):
    rgb = np.full((500, 500, 3), 12, np.uint8)
    rgb[150:350, 150:350] = (20, 18, 18)  # black on black, with a label that is seen
    rgb[200:240, 150:350] = GREEN
    rgb[240:350, 150:350] += np.linspace(0, 40, 110).astype(np.uint8)[:, None, None]
    picture(rgb).once(product_matte)
    assert [model for model, _ in salience.asked] == [MODEL, f"own/{DECODER}"]
