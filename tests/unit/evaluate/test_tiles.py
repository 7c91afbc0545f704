import numpy as np

from packshot.evaluate.tiles import FLAT_COUNT, TEXTURED_COUNT, TEXTURED_SIDE, flat, noise_sigma, steps, textured
from packshot.media.header import Header
from packshot.media.picture import Picture


def picture(rgb):
    return Picture(Header("png", 1, rgb.shape[1], rgb.shape[0]), np.ascontiguousarray(rgb))


def ground_with_texture():
    rgb = np.full((1200, 1600, 3), 200, np.uint8)
    rgb[600:900, 900:1300] = np.random.default_rng(0).integers(0, 200, (300, 400, 1), dtype=np.uint8)
    return rgb


def test_textured_tiles_lie_on_the_texture():
    tiles = textured(picture(ground_with_texture()))
    assert 1 <= len(tiles) <= TEXTURED_COUNT
    assert tiles.size == (TEXTURED_SIDE, TEXTURED_SIDE)
    left, top = tiles.corners[0]
    assert 900 - TEXTURED_SIDE < left < 1300
    assert 600 - TEXTURED_SIDE < top < 900


def test_the_stack_holds_the_tiles_one_below_the_other():
    drawn = picture(ground_with_texture())
    tiles = textured(drawn)
    for (left, top), luma in zip(tiles.corners, tiles.apart(tiles.stack), strict=True):
        assert np.array_equal(luma, drawn.native_luma(left, top, TEXTURED_SIDE, TEXTURED_SIDE))


def test_steps_are_those_between_neighbours():
    drawn = picture(ground_with_texture())
    across, down = steps(drawn)
    stack = textured(drawn).stack.astype(int)
    assert np.array_equal(across, np.abs(np.diff(stack, axis=1)))
    assert np.array_equal(down, np.abs(np.diff(stack, axis=0)))


def test_flat_tiles_avoid_it_and_what_is_clipped():
    rgb = ground_with_texture()
    rgb[:, :800] = 255
    tiles = flat(picture(rgb))
    assert len(tiles) == FLAT_COUNT
    assert tiles.stack.min() == tiles.stack.max() == 200


def test_small_pictures_are_taken_whole():
    rgb = np.zeros((100, 130, 3), np.uint8)
    assert [(len(tiles), tiles.size) for tiles in (textured(picture(rgb)), flat(picture(rgb)))] == [(1, (100, 130))] * 2


def test_all_black_has_no_flat_tiles_and_no_noise():
    black = picture(np.zeros((600, 800, 3), np.uint8))
    assert len(flat(black)) == 0
    assert noise_sigma(black) is None


def test_a_mirrored_picture_gives_mirrored_tiles():
    rgb = ground_with_texture()
    own = set(textured(picture(rgb)).corners)
    mirrored = {(1600 - left - TEXTURED_SIDE, top) for left, top in textured(picture(rgb[:, ::-1])).corners}
    assert own
    assert all(min(abs(x - u) + abs(y - v) for u, v in mirrored) <= 1 for x, y in own)


def test_no_noise_is_zero():
    assert noise_sigma(picture(np.full((300, 300, 3), 100, np.uint8))) == 0
