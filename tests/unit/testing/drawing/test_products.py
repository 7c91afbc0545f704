import numpy as np
import pytest

from packshot.core.errors import UnknownName
from packshot.testing.drawing import KINDS, VIEWS, draw_product


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_drawn_tight_and_whole(kind):
    rgb, alpha = draw_product(kind, seed=3, size_px=150)
    assert rgb.dtype == alpha.dtype == np.uint8
    assert rgb.shape == (*alpha.shape, 3)
    assert max(alpha.shape) in {150, 151}
    covered = np.argwhere(alpha > 64)
    assert covered.min() <= 2
    assert (np.array(alpha.shape) - 1 - covered.max(axis=0)).max() <= 3
    assert 0.02 < (alpha > 128).mean() < 0.999
    shown = rgb[alpha > 200].astype(float)
    assert shown.std() > 6
    assert shown.mean() < 240


def test_what_is_not_covered_is_white():
    rgb, alpha = draw_product("mug", seed=1, size_px=200)
    assert (rgb[alpha == 0] == 255).all()
    assert ((alpha > 0) & (alpha < 255)).any()


def test_the_same_words_give_the_same_pixels_and_another_seed_another_product():
    first, again, other = (draw_product("bottle", seed, 160)[0] for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)


def test_another_colour_keeps_the_shape():
    red, blue = (draw_product("shoe", 7, 160, colour=colour) for colour in ("red", "blue"))
    assert np.array_equal(red[1], blue[1])
    difference = red[0].astype(int) - blue[0]
    assert difference[..., 0].mean() > 5
    assert difference[..., 2].mean() < -5


def test_a_colour_may_be_given_as_bytes():
    named, given = (draw_product("ball", 7, 100, colour=colour)[0] for colour in ("red", (186, 38, 42)))
    assert np.array_equal(named, given)


def test_every_view_differs():
    views = {view: draw_product("chair", 2, 140, view=view)[1] for view in VIEWS}
    assert len({alpha.tobytes() for alpha in views.values()}) == len(VIEWS)


def test_a_detail_is_a_square_that_the_product_runs_out_of():
    rgb, alpha = draw_product("candle", 2, 140, view="detail")
    assert abs(rgb.shape[0] - rgb.shape[1]) <= 2
    assert (alpha[0] == 255).any()
    assert (alpha[-2] == 255).any()


def test_glass_is_seen_through_and_a_mug_is_not():
    glass, mug = (draw_product(kind, 4, 160)[1] for kind in ("wine_glass", "mug"))
    assert ((glass > 20) & (glass < 150)).mean() > 0.05
    assert ((mug > 20) & (mug < 150)).mean() < 0.03


def test_headphones_have_a_hole():
    alpha = draw_product("headphones", 4, 160)[1]
    assert alpha[int(alpha.shape[0] * 0.6), alpha.shape[1] // 2] == 0
    assert alpha[: alpha.shape[0] // 4, alpha.shape[1] // 2].max() == 255


@pytest.mark.parametrize(
    ("asked", "near"), [({"kind": "mugg"}, "mug"), ({"view": "frnt"}, "front"), ({"colour": "gren"}, "green")]
)
def test_an_unknown_word_is_named_with_the_nearest(asked, near):
    with pytest.raises(UnknownName) as caught:
        draw_product(**{"kind": "mug", "seed": 1, "size_px": 60} | asked)
    assert near in caught.value.near
