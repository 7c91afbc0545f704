import numpy as np

from fringe_pictures import CutOut, made_of, truth_of
from packshot.testing.drawing.products import draw_product


def test_a_fringe_is_known_where_it_is_and_nowhere_else():
    rgb, alpha = (
        np.pad(each, ((60, 60), (60, 60)) + ((0, 0),) * (each.ndim - 2)) for each in draw_product("mug", 1, 300)
    )
    made = list(made_of(CutOut(rgb, alpha.astype(np.float32) / 255, "mug"), 5))
    assert [one.way for one in made] == ["none", "old ground", "none", "ring", "old ground"]
    for one in made:
        assert one.rgb.shape[:2] == one.off.shape
        told = truth_of(one)
        assert told is not None
        assert (told[1].max() < 1) == (one.way == "none")
