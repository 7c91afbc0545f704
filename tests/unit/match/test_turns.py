import cv2
import numpy as np
import pdqhash
import pytest

from packshot.match.turns import TURNS, turned_hashes, turned_thumbnails


def noise_picture():
    cells = np.random.default_rng(3).integers(0, 256, (24, 24, 3), dtype=np.uint8)
    return cv2.resize(cells, (512, 512), interpolation=cv2.INTER_CUBIC)


def turned(picture, turn):
    if turn.mirrored:
        picture = picture[:, ::-1]
    return np.ascontiguousarray(np.rot90(picture, k=-(turn.degrees // 90)))


def pdq(picture):
    return np.packbits(pdqhash.compute(picture)[0].astype(bool))


@pytest.mark.parametrize("turn", TURNS)
def test_a_turned_hash_is_that_of_the_turned_picture_but_for_a_few_bits(turn):
    picture = noise_picture()
    found = turned_hashes(pdq(picture)[None], turn)[0]
    away = {other: np.bitwise_count(found ^ pdq(turned(picture, other))).sum() for other in TURNS}
    assert away[turn] <= 31
    assert min(away[other] for other in TURNS if other != turn) > 90


@pytest.mark.parametrize("turn", TURNS)
def test_a_turned_thumbnail_is_that_of_the_turned_picture(turn):
    cells = np.random.default_rng(4).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    found = turned_thumbnails(cells.reshape(1, 768), turn)
    assert np.array_equal(found[0], turned(cells, turn).reshape(768))
