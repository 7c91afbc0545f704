import cv2
import numpy as np
import pytest

from packshot.evaluate.plain_matte import left_out_share, outlined_share, plain_matte
from packshot.evaluate.segmentation import segment
from packshot.media.header import Header
from packshot.media.picture import Picture

SIDE = 500
RED = (200, 30, 40)
WORKING = 256


def picture(rgb):
    return Picture(Header("png", 1000, rgb.shape[1], rgb.shape[0]), np.ascontiguousarray(rgb, dtype=np.uint8), None)


def disc(centre, radius):
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(mask, centre, radius, 255, -1)
    return mask > 0


def ground(level):
    return np.full((SIDE, SIDE, 3), level, np.float32)


def shaded(rgb, mask, depth=0.5, blur=12):
    """The ground with a soft shadow of that shape."""
    share = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), blur)
    return rgb * (1 - depth * share[..., None])


def iou(found, truth):
    truth = cv2.resize(truth.astype(np.uint8), found.shape[::-1], interpolation=cv2.INTER_AREA) > 0
    return ((found > 0) & truth).sum() / ((found > 0) | truth).sum()


@pytest.mark.parametrize("level", [255, (225, 225, 228), (70, 140, 110)])
def test_a_cast_shadow_is_no_part_of_the_product(level):
    product = disc((250, 230), 110)
    rgb = shaded(ground(level), disc((275, 262), 105))
    rgb[product] = RED
    shown = picture(rgb)
    with_shadow = cv2.resize(shown.once(segment).product, (250, 250)) > 0
    assert iou(with_shadow.astype(np.uint8), product) < 0.92
    assert iou(plain_matte(shown, WORKING), product) > 0.96


def test_a_pale_product_stays_whole():
    rgb = ground(255)
    product = disc((250, 250), 120)
    rgb[product] = (222, 222, 222)
    rgb[disc((250, 250), 60)] = RED
    assert iou(plain_matte(picture(rgb), WORKING), product) > 0.97


def test_a_grey_product_that_touches_the_frame_is_no_shadow():
    rgb = ground(255)
    product = np.zeros((SIDE, SIDE), bool)
    product[200:, 150:350] = True
    rgb[product] = (120, 120, 120)
    rgb[200:330, 150:350] = RED
    assert iou(plain_matte(picture(rgb), WORKING), product) > 0.97


def test_a_ring_is_open_before_grey_and_a_white_label_stays_before_white():
    outer, inner = disc((250, 250), 150), disc((250, 250), 70)
    for level, truth in ((205, outer & ~inner), (255, outer)):
        rgb = ground(level)
        rgb[outer] = RED
        rgb[inner] = level
        assert iou(plain_matte(picture(rgb), WORKING), truth) > 0.96


def test_an_outline_that_the_picture_has_not_is_told():
    rgb = ground(255)
    product = disc((250, 250), 120)
    rgb[product] = RED
    whole = np.where(product, np.uint8(255), np.uint8(0))
    shown = np.ascontiguousarray(rgb, dtype=np.uint8)
    assert outlined_share(whole, shown) == 1
    half = whole.copy()
    half[250:] = 0
    assert outlined_share(half, shown) < 0.7
    assert outlined_share(np.zeros_like(whole), shown) == 1


def test_faint_edges_outside_of_the_mask_are_told():
    rgb = ground(10)
    rgb[disc((250, 250), 150)] = (22, 20, 20)  # black on black
    rgb[disc((250, 250), 40)] = RED
    shown = np.ascontiguousarray(rgb, dtype=np.uint8)
    highlight = np.where(disc((250, 250), 40), np.uint8(255), np.uint8(0))
    whole = np.where(disc((250, 250), 150), np.uint8(255), np.uint8(0))
    assert left_out_share(highlight, shown) > 0.5
    assert left_out_share(whole, shown) == 0
    assert left_out_share(np.zeros_like(whole), shown) == 0
