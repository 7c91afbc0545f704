import cv2
import numpy as np
import pytest

from packshot.match.colour import worst_delta_e


def thumbnail(rgb):
    small = cv2.resize(rgb, (16, 16), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2LAB).reshape(1, 768)


def garment(colour, size=320):
    picture = np.full((size, size, 3), 255, dtype=np.uint8)
    cv2.rectangle(picture, (size // 4, size // 5), (size * 3 // 4, size * 9 // 10), colour, -1)
    cv2.circle(picture, (size // 2, size // 3), size // 12, (40, 40, 40), -1)
    return picture


def test_equal_pictures_have_no_distance():
    one = thumbnail(garment((200, 30, 30)))
    assert worst_delta_e(one, one).tolist() == [0.0]


def test_a_uniform_difference_is_its_own_mean_in_lab_units():
    grey = np.full((1, 768), 128, dtype=np.uint8)
    lighter, redder = grey.copy(), grey.copy()
    lighter[0, 0::3] += 51  # 51 of 255 is an L of 20
    redder[0, 1::3] += 12
    assert worst_delta_e(grey, lighter)[0] == pytest.approx(20.0, abs=1e-4)
    assert worst_delta_e(grey, redder)[0] == pytest.approx(12.0, abs=1e-4)


def test_a_small_patch_in_another_colour_is_seen():
    base = np.full((1, 16, 16, 3), 128, dtype=np.uint8)
    patch = base.copy()
    patch[0, 5:8, 5:8, 1] += 20  # nine of 256 cells
    assert worst_delta_e(base.reshape(1, 768), patch.reshape(1, 768))[0] > 5


def test_what_resizing_does_along_an_edge_cancels():
    base = np.full((1, 16, 16, 3), 128, dtype=np.uint8)
    edge = base.copy()
    edge[0, :, 5, 0] += 30
    edge[0, :, 6, 0] -= 30
    patch = base.copy()
    patch[0, :, 5:7, 0] += 30
    shift, colour = (worst_delta_e(base.reshape(1, 768), other.reshape(1, 768))[0] for other in (edge, patch))
    assert shift < colour / 1.9


@pytest.mark.parametrize("quality", [50, 75, 90])
@pytest.mark.parametrize("scale", [0.4, 1.0, 1.4])
def test_copies_are_near_and_variants_far(quality, scale):
    picture = garment((30, 60, 160))
    resized = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", cv2.cvtColor(resized, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    copy = cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    near = worst_delta_e(thumbnail(picture), thumbnail(copy))[0]
    far = worst_delta_e(thumbnail(picture), thumbnail(garment((30, 90, 150))))[0]
    assert near < 3.8 < far


def test_rows_are_compared_one_by_one():
    left = np.random.default_rng(1).integers(0, 256, (50, 768), dtype=np.uint8)
    right = np.random.default_rng(2).integers(0, 256, (50, 768), dtype=np.uint8)
    together = worst_delta_e(left, right)
    assert together.tolist() == [worst_delta_e(left[i : i + 1], right[i : i + 1])[0] for i in range(50)]
    assert worst_delta_e(left[:0], right[:0]).size == 0
