import json

import cv2
import numpy as np
import pytest

from packshot.app.mask import ProductMask
from packshot.evaluate import product_matte
from packshot.models import desk
from packshot.testing.drawing import draw_product, encode
from packshot.testing.stand_in_models import tiny_cache


def read(path, flags=cv2.IMREAD_UNCHANGED):
    return cv2.imread(str(path), flags)


@pytest.fixture
def busy(shop):
    """A black thing before a wall of light tiles in all colours: no plain background."""
    tiles = np.random.default_rng(5).integers(130, 256, (15, 20, 3), dtype=np.uint8)
    rgb = tiles.repeat(20, axis=0).repeat(20, axis=1)
    rgb[80:220, 120:300] = 0
    return shop.put("busy.png", encode(rgb, "png"))


def test_a_mask_as_large_as_the_picture_without_any_model(command, shop, pictures, tmp_path):
    file, out = shop.put("vase.jpg", pictures["vase"]), tmp_path / "mask.png"
    ended = command("mask", file, "-o", out, "--json")
    told = json.loads(ended.out)
    mask, picture = read(out), read(file, cv2.IMREAD_COLOR)
    assert ended.code == 0
    assert mask.dtype == np.uint8
    assert mask.shape == picture.shape[:2]
    assert told["by"] == "plain"
    assert (mask >= 128).mean() == pytest.approx(told["area_share"], abs=0.01)
    assert len(told["outline"][0]) <= 100


def test_cut_out_and_outline(command, shop, pictures, tmp_path):
    file = shop.put("vase.jpg", pictures["vase"])
    assert command("mask", file, "--cutout", "-o", tmp_path / "cut.png").code == 0
    assert command("mask", file, "--outline", "-o", tmp_path / "drawn.png").code == 0
    picture, cut, drawn = read(file), read(tmp_path / "cut.png"), read(tmp_path / "drawn.png")
    assert cut.shape == (*picture.shape[:2], 4)
    assert (cut[0, 0, 3], cut[cut.shape[0] // 2, cut.shape[1] // 2, 3]) == (0, 255)
    assert 0 < (drawn != picture).any(axis=2).mean() < 0.2


def test_what_was_cut_out_before_stays_as_it_was(command, shop, tmp_path):
    rgb, alpha = draw_product("mug", seed=3, size_px=200)
    rgba = cv2.copyMakeBorder(np.dstack([rgb, alpha]), 40, 40, 40, 40, cv2.BORDER_CONSTANT)
    file = shop.put("mug.png", cv2.imencode(".png", cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA))[1].tobytes())
    assert command("mask", file, "--cutout", "-o", tmp_path / "cut.png").code == 0
    before, cut = read(file), read(tmp_path / "cut.png")
    assert (cut[..., 3] == before[..., 3]).all()
    seen = before[..., 3] > 60
    assert np.abs(cut[seen].astype(int) - before[seen]).max() <= 3


def test_a_scene_needs_the_model_and_says_how_to_get_it(command, busy, tmp_path):
    ended = command("mask", busy, "-o", tmp_path / "mask.png")
    assert ended.code == 1
    assert "packshot models fetch efficientnet-lite0-maps" in ended.err
    assert not (tmp_path / "mask.png").exists()


def test_a_scene_by_the_model(busy, tmp_path, monkeypatch):
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    for name, value in tiny_cache(tmp_path).items():
        monkeypatch.setenv(name, value)
    desk.use(None)
    dark = lambda picture: (picture.luma_rung(256) < 128).astype(np.float32)  # noqa: E731 - what the decoder would say
    monkeypatch.setattr(product_matte, "seen_by_model", dark)
    found = ProductMask(busy.read_bytes())
    assert found.found().by == "model"
    mask = cv2.imdecode(np.frombuffer(found.mask(), np.uint8), cv2.IMREAD_UNCHANGED)
    assert mask.shape == (300, 400)
    assert mask[100:200, 140:280].min() >= 128
    desk.use(None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), (2, "nowhere to write")),
        (("-o", "-", "--json"), (2, "both go to stdout")),
        (("-o", "clear.png"), (2, "is the picture itself")),
        (("-o", "no/such/folder/mask.png"), (1, "cannot be written")),
    ],
)
def test_what_cannot_be_done_is_said(command, busy, monkeypatch, arguments, said):
    monkeypatch.chdir(busy.parent)
    clear = busy.with_name("clear.png")
    clear.write_bytes(
        cv2.imencode(".png", np.pad(np.full((40, 40, 4), 255, np.uint8), ((20, 20), (20, 20), (0, 0))))[1]
    )
    ended = command("mask", clear, *arguments)
    code, words = said
    assert (ended.code, words in ended.err) == (code, True)


def test_files_that_hold_no_product_are_named(command, shop, tmp_path):
    white = shop.put("white.png", encode(np.full((90, 90, 3), 255, np.uint8), "png"))
    for file, words in (
        (white, "nothing stands out"),
        (shop.put("text.jpg", b"hello"), "text.jpg"),
    ):
        ended = command("mask", file, "-o", tmp_path / "mask.png")
        assert (ended.code, words in ended.err) == (1, True)
    ended = command("mask", "gone.png", "-o", tmp_path / "mask.png")
    assert (ended.code, "no file gone.png" in ended.err) == (2, True)
