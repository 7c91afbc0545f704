import cv2
import numpy as np
import pytest

from packshot.evaluate import suite
from packshot.evaluate.measures.product_mask import ProductMask


def measured(studio, rgb, alpha=None):
    return dict(ProductMask().measure(studio.picture(rgb, alpha)))


@pytest.fixture
def kitchen(studio):
    """Clutter without green, and something green in it."""
    rgb = studio.scene().copy()
    rgb[:, :, 1] = np.minimum(rgb[:, :, 1], np.minimum(rgb[:, :, 0], rgb[:, :, 2]))
    cv2.rectangle(rgb, (300, 100), (799, 599), (30, 220, 40), -1)
    return rgb


def test_a_product_in_a_scene_has_a_place(studio, salience, kitchen):
    found = measured(studio, kitchen)
    assert found["mask_box"] == pytest.approx((0.3, 0.125, 0.5, 0.625), abs=0.015)
    assert found["mask_fill_share"] == pytest.approx(0.625, abs=0.015)
    assert found["mask_area_share"] == pytest.approx(0.3125, abs=0.015)
    assert found["mask_centering"] == pytest.approx(0.875, abs=0.03)
    assert found["mask_cut_off_edges"] == ()
    assert found["mask_confidence"] > 0.5
    assert 8 <= len(found["mask_outline"]) <= 200
    assert len(salience.asked) == 2, "the trunk and the decoder, once"


def test_an_edge_that_cuts_it_is_named(studio, salience, kitchen):  # noqa: ARG001 - sits at the desk
    assert measured(studio, kitchen[:500])["mask_cut_off_edges"] == ("bottom",)


def test_a_plain_background_is_left_to_the_classical_columns(studio, salience):
    assert set(measured(studio, studio.product()).values()) == {None}
    assert salience.asked == []


def test_its_columns_take_the_place_of_the_classical_ones():
    outputs = {output.instead_of for output in ProductMask.outputs} - {""}
    classical = {output.name for output in suite.known_measures()["product"].outputs}
    assert outputs == classical
