from types import SimpleNamespace

import cv2
import numpy as np
import pytest

import mask_scenes
from mask_cutouts import Piece
from mask_scenes import KINDS, SIZES, Scenes


@pytest.fixture
def scenes(monkeypatch, tmp_path):
    """Two pieces, and one photograph as ground."""
    photo = np.random.default_rng(3).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    path = tmp_path / "ground.png"
    cv2.imwrite(str(path), photo)
    monkeypatch.setattr(mask_scenes, "seen_photos", lambda _: [SimpleNamespace(role="natural", path=path)])
    monkeypatch.setattr(mask_scenes, "_drawn_room", lambda number: np.full((64, 64, 3), number, np.uint8))
    disc = np.zeros((90, 90), np.uint8)
    cv2.circle(disc, (45, 45), 44, 255, -1)
    box = np.full((60, 100), 255, np.uint8)
    pieces = [
        Piece("disc", np.full((90, 90, 3), (200, 40, 60), np.uint8), disc),
        Piece("box", np.full((60, 100, 3), (30, 90, 200), np.uint8), box, foot=True),
    ]
    return Scenes(tmp_path, pieces)


def test_every_scene_shows_a_product_and_the_same_number_shows_the_same(scenes):
    kinds = set()
    for number in range(12):
        one = scenes.scene(number)
        kinds.add(one.kind)
        assert one.rgb.shape[:2] == one.alpha.shape
        assert one.alpha.shape[::-1] in SIZES
        assert 0.01 < (one.alpha >= 128).mean() < 0.99
    again = scenes.scene(11)
    assert np.array_equal(again.rgb, one.rgb)
    assert np.array_equal(again.alpha, one.alpha)
    assert kinds <= set(KINDS)


def test_the_mask_lies_where_the_product_does(scenes):
    """On plain grounds of another colour the product differs from the ground just where the mask says."""
    found = [one for one in map(scenes.scene, range(60)) if one.kind == "plain"]
    assert found
    shares = []
    for one in found:
        ground = np.median(one.rgb[one.alpha == 0], axis=0)
        differs = np.abs(one.rgb.astype(float) - ground).max(axis=2) > 60
        shares.append(differs[one.alpha == 255].mean() - differs[one.alpha == 0].mean())
    assert np.median(shares) > 0.8
