import cv2
import numpy as np
import pytest


def test_skin_counts_among_the_product_only(studio):
    rgb = studio.product(box=(300, 200, 900, 700))
    cv2.rectangle(rgb, (300, 200), (599, 699), (224, 172, 140), -1)
    assert studio.measure("skin", rgb)["skin_share"] == pytest.approx(0.5, abs=0.05)


def test_blue_cloth_is_not_skin(studio):
    assert studio.measure("skin", np.full((300, 300, 3), (40, 70, 160), np.uint8)) == {"skin_share": 0.0}
