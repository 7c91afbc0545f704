import cv2
import numpy as np

from packshot.evaluate.measures.keypoints import ROW_BYTES, Keypoints
from packshot.media.header import Header
from packshot.media.picture import Picture


def picture(rgb):
    return Picture(Header("png", 1000, rgb.shape[1], rgb.shape[0]), np.ascontiguousarray(rgb))


def drawn():
    cells = np.random.default_rng(8).integers(0, 256, (20, 20, 3), dtype=np.uint8)
    return cv2.resize(cells, (512, 512), interpolation=cv2.INTER_CUBIC)


def rows(rgb):
    found = Keypoints().measure(picture(rgb))
    table = np.frombuffer(found["keypoints"], np.uint8).reshape(-1, ROW_BYTES)
    assert len(table) == found["keypoint_count"]
    return table


def test_the_mirrored_picture_has_the_same_points_with_the_second_half_of_their_bits_inverted():
    plain, mirrored = rows(drawn()), rows(drawn()[:, ::-1])
    turned = plain.copy()
    turned[:, 8:16] ^= 255
    apart = np.bitwise_count(turned[:, None, :16] ^ mirrored[None, :, :16]).sum(axis=2)
    nearest = apart.argmin(axis=1)
    near = apart.min(axis=1) <= 12
    assert near.mean() > 0.8
    x, y = turned[near, 16].astype(int), turned[near, 17].astype(int)
    assert np.median(np.abs((255 - x) - mirrored[nearest[near], 16])) <= 1
    assert np.median(np.abs(y - mirrored[nearest[near], 17])) <= 1


def test_half_the_size_gives_the_same_points():
    large, small = rows(drawn()), rows(cv2.resize(drawn(), (256, 256), interpolation=cv2.INTER_AREA))
    apart = np.bitwise_count(large[:, None, :16] ^ small[None, :, :16]).sum(axis=2).min(axis=1)
    assert (apart <= 12).mean() > 0.9


def test_the_colour_around_a_point_is_that_of_the_picture():
    rgb = np.full((400, 400, 3), 255, np.uint8)
    cv2.circle(rgb, (200, 200), 60, (200, 30, 40), -1)
    found = rows(rgb)
    inside = found[np.argmin(np.abs(found[:, 16:18].astype(int) - 128).sum(axis=1))]
    assert inside[21] > 150, "red: a far above its zero of 128"


def test_a_plain_or_thin_picture_has_no_points():
    blank = Keypoints().measure(picture(np.full((300, 300, 3), 240, np.uint8)))
    thin = Keypoints().measure(picture(np.random.default_rng(1).integers(0, 256, (4, 900, 3), dtype=np.uint8)))
    assert blank == thin == {"keypoint_count": 0, "keypoints": b""}
