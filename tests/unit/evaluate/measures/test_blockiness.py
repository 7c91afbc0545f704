import numpy as np
import pytest


def blockiness(studio, rgb):
    return studio.measure("blockiness", rgb)["blockiness"]


def test_grows_as_quality_falls(studio):
    rgb = studio.blurred(studio.scene(), 1)
    found = [blockiness(studio, rgb)] + [blockiness(studio, studio.jpeg(rgb, quality)) for quality in (90, 20, 10, 5)]
    assert found[0] == found[1] == 0
    assert found[1] < found[2] < found[3] < found[4]
    assert found[3] > 0.3


def test_the_grid_is_found_after_a_crop_and_in_every_orientation(studio):
    blocky = studio.jpeg(studio.blurred(studio.scene(), 1), 8)
    whole = blockiness(studio, blocky)
    assert blockiness(studio, np.ascontiguousarray(blocky[5:, 3:])) == pytest.approx(whole, abs=0.1)
    turned = [blockiness(studio, view) for view in studio.orientations(blocky)]
    assert max(turned) - min(turned) <= 0.02


def test_no_answer_below_three_blocks(studio):
    assert blockiness(studio, np.zeros((23, 400, 3), np.uint8)) is None
