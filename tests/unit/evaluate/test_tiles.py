import numpy as np

from packshot.evaluate.tiles import FLAT_COUNT, TEXTURED_COUNT, TEXTURED_SIDE, flat, noise_sigma, textured
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
    best = tiles[0]
    assert best.luma.shape == (TEXTURED_SIDE, TEXTURED_SIDE)
    assert 900 - TEXTURED_SIDE < best.left < 1300
    assert 600 - TEXTURED_SIDE < best.top < 900


def test_flat_tiles_avoid_it_and_what_is_clipped():
    rgb = ground_with_texture()
    rgb[:, :800] = 255
    tiles = flat(picture(rgb))
    assert len(tiles) == FLAT_COUNT
    assert all(tile.luma.min() == tile.luma.max() == 200 for tile in tiles)


def test_small_pictures_are_taken_whole():
    rgb = np.zeros((100, 130, 3), np.uint8)
    assert [tile.luma.shape for tile in textured(picture(rgb))] == [(100, 130)]
    assert [tile.luma.shape for tile in flat(picture(rgb))] == [(100, 130)]


def test_a_mirrored_picture_gives_mirrored_tiles():
    rgb = ground_with_texture()
    own = {(tile.left, tile.top) for tile in textured(picture(rgb))}
    mirrored = {(1600 - tile.left - TEXTURED_SIDE, tile.top) for tile in textured(picture(rgb[:, ::-1]))}
    assert own
    assert all(min(abs(x - u) + abs(y - v) for u, v in mirrored) <= 1 for x, y in own)


def test_no_noise_is_zero():
    assert noise_sigma(picture(np.full((300, 300, 3), 100, np.uint8))) == 0
