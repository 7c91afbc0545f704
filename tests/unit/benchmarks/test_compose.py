from itertools import combinations
from pathlib import Path

import compose
import numpy as np
import pytest
from exam import Asked, NoData
from lettering_words import SPLITS, WORDS

from packshot.testing.drawing import KINDS, draw_product

NOWHERE = Asked(Path("nowhere"))
DATA = Path(__file__).parents[3] / "../shared/data"


@pytest.fixture(scope="module")
def ball():
    rgb, alpha = draw_product("ball", size_px=160)
    return compose.CutOut("ball", "drawn:ball", "drawn", rgb, alpha)


def made(ball, ground, seed=3, asked=NOWHERE, split="score"):
    return compose.composed(asked, ball, ground, split, seed=seed, size=(200, 240))


@pytest.mark.parametrize("ground", ["white", "grey", "coloured", "gradient"])
def test_the_truth_is_where_the_product_is(ball, ground):
    found = made(ball, ground)
    assert found.rgb.shape == (240, 200, 3)
    assert found.alpha.shape == (240, 200)
    x, y, w, h = found.box
    assert min(x, y) >= 0
    assert max(x + w, y + h) <= 1
    rows, columns = np.nonzero(found.alpha >= 64)
    assert (columns.min() / 200, (columns.max() + 1) / 200) == pytest.approx((x, x + w))
    assert (rows.min() / 240, (rows.max() + 1) / 240) == pytest.approx((y, y + h))
    other = made(ball, ground, seed=4)
    assert not np.array_equal(found.rgb, other.rgb)
    assert np.array_equal(found.rgb, made(ball, ground).rgb), "the same seed gives the same picture"


def test_white_is_pure_but_for_a_shadow_beside_the_product(ball):
    shares = [float((made(ball, "white", seed).rgb.min(axis=2)[0] == 255).mean()) for seed in range(6)]
    assert max(shares) == 1.0
    plain = [made(ball, "white", seed) for seed in range(8)]
    away = [float((one.rgb[one.alpha == 0] == 255).mean()) for one in plain]
    assert 0 < sum(one == 1.0 for one in away) < 8, "some have a shadow and some have none"


def test_the_splits_share_nothing():
    assert not set(compose.RENDERS["tune"]) & set(compose.RENDERS["score"])
    assert not set(compose.DRAWN["tune"]) & set(compose.DRAWN["score"])
    assert set(compose.DRAWN["tune"]) | set(compose.DRAWN["score"]) == set(KINDS) - {"wine_glass"}
    assert not set(compose.COLOURS["tune"]) & set(compose.COLOURS["score"])
    names = [f"picture {number}.jpg" for number in range(100)]
    sides = [{name for name in names if compose.in_split(name, split)} for split in SPLITS]
    assert not set.intersection(*sides)
    assert set.union(*sides) == set(names)
    assert min(map(len, sides)) > 30


def test_scenes_need_photographs(ball):
    for ground in ("surface", "shelf"):
        with pytest.raises(NoData, match="--data"):
            made(ball, ground)


@pytest.mark.skipif(not (DATA / "solidus").is_dir(), reason="the photographs of real shops are not there")
def test_renders_are_tight_and_grouped_by_shape():
    found = compose.renders(Asked(DATA), "tune")
    assert {one.group for one in found} == {"solidus:cap", "solidus:tote", "solidus:canvas_tote", "solidus:notebook"}
    assert all(one.alpha[0].max() >= 8 and one.alpha[:, 0].max() >= 8 for one in found)


@pytest.mark.parametrize(("shift", "wanted"), [(0, 1.0), (5, 5 / 15), (10, 0.0)])
def test_iou(shift, wanted):
    one, other = np.zeros((20, 40), np.uint8), np.zeros((20, 40), np.uint8)
    one[5:15, 5:15] = other[5:15, 5 + shift : 15 + shift] = 255
    assert compose.iou(one, other) == pytest.approx(wanted)
    assert compose.iou(np.repeat(np.repeat(one, 2, 0), 2, 1), other) == pytest.approx(wanted, abs=0.02)


def test_words_are_of_one_split_only():
    of = {
        split: {text for kinds in WORDS[split].values() for texts in kinds.values() for text in texts}
        for split in SPLITS
    }
    for one, other in combinations(SPLITS, 2):
        assert not of[one] & of[other]
        assert set(WORDS[one]) & set(WORDS[other]) == {"English"}
