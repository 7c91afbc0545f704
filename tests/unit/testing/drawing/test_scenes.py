import numpy as np
import pytest

from packshot.testing.drawing import Framing, compose, draw_product, flat, framed, on_white, product_box, room, sweep


@pytest.fixture(scope="module")
def mug():
    return draw_product("mug", 3, 300, colour="teal")


@pytest.mark.parametrize("fill", [0.3, 0.88, 0.95])
@pytest.mark.parametrize("size", [(300, 300), (240, 360), (400, 260)])
def test_on_white_fills_as_asked_and_is_white_around(mug, fill, size):
    rgb, alpha = mug
    picture = on_white(rgb, alpha, fill, size)
    assert picture.shape == (size[1], size[0], 3)
    _, cover = framed(rgb, alpha, Framing(size, fill))
    x, y, w, h = product_box(cover)
    assert max(w, h) == pytest.approx(fill, abs=0.015)
    assert x + w / 2 == pytest.approx(0.5, abs=0.01)
    assert y + h / 2 == pytest.approx(0.5, abs=0.01)
    assert (picture[cover == 0] == 255).all()


def test_a_shadow_is_narrow_and_lies_at_the_foot(mug):
    rgb, alpha = mug
    size = (400, 400)
    shadow = on_white(rgb, alpha, 0.85, size, shadow=True).astype(int) - on_white(rgb, alpha, 0.85, size)
    assert shadow.min() < -20
    assert shadow.max() == 0
    rows = np.flatnonzero((shadow < 0).any(axis=(1, 2)))
    _, y, _, h = product_box(framed(rgb, alpha, Framing(size, 0.85))[1])
    assert abs(rows.mean() / 400 - (y + h)) < 0.02
    outside = framed(rgb, alpha, Framing(size, 0.85))[1] == 0
    assert (shadow.min(axis=2)[outside] < -5).mean() < 0.02


def test_what_falls_outside_is_cut_off(mug):
    _, cover = framed(*mug, Framing((300, 300), 0.9, (0.2, 0.5)))
    x, _, w, _ = product_box(cover)
    assert x == 0
    assert w < 0.7
    assert cover[:, 0].max() == 255


def test_grain_touches_the_product_alone(mug):
    plain, grainy = (
        compose(*mug, flat((300, 300), (255, 255, 255)), Framing((300, 300), 0.8, grain_sigma=s), 1) for s in (0, 3)
    )
    _, cover = framed(*mug, Framing((300, 300), 0.8))
    assert (grainy[cover == 0] == 255).all()
    assert 1 < (grainy.astype(float) - plain)[cover == 255].std() < 4


def test_nothing_has_no_box():
    assert product_box(np.zeros((20, 20), np.uint8)) is None


def test_a_sweep_is_lighter_in_the_middle_than_in_the_corners():
    paper = sweep((120, 100), (250, 250, 250), (180, 180, 180)).astype(int)
    assert paper.shape == (100, 120, 3)
    assert paper[30, 60, 0] > paper[-1, 0, 0] + 30


def test_a_room_is_busy_and_the_same_for_the_same_seed():
    first, again, other = (room((160, 160), seed) for seed in (4, 4, 5))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.astype(float).std() > 15
    assert (first == 255).all(axis=2).mean() < 0.05
