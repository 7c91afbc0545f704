import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from packshot.core.errors import ModelMissing
from packshot.evaluate import text_lines as text_lines_module
from packshot.evaluate.measures.text import Text
from packshot.evaluate.text_lines import Line, area_share
from packshot.media.header import Header
from packshot.media.picture import Picture
from packshot.models import desk
from packshot.models.cache import path_of
from packshot.testing.every_measure import follows_the_contract
from packshot.testing.stand_in_models import tiny_cache


def line(text, *, overlay=0.95, confidence=0.9, box=(0.1, 0.1, 0.3, 0.1), on_plain=True):
    x, y, w, h = box
    corners = ((x, y), (x + w, y), (x + w, y + h), (x, y + h))
    return Line(box, corners, text, confidence, overlay, on_plain)


@pytest.fixture
def told(monkeypatch):
    def measured(*lines):
        monkeypatch.setattr("packshot.evaluate.measures.text.text_lines", lambda _picture: lines)
        return Text().measure(Picture(Header("png", 1, 400, 400), np.full((400, 400, 3), 255, np.uint8)))

    return measured


def test_what_was_read_is_told_from_what_was_laid_over(told):
    found = told(line("FREE SHIPPING"), line("Oats 500 g", overlay=0.1, box=(0.5, 0.5, 0.2, 0.1), on_plain=False))
    assert found["text_words"] == ("FREE SHIPPING", "Oats 500 g")
    assert found["text_boxes"] == (0.1, 0.1, 0.3, 0.1, 0.5, 0.5, 0.2, 0.1)
    assert found["overlay_text_words"] == ("FREE SHIPPING",)
    assert found["overlay_text_boxes"] == (0.1, 0.1, 0.3, 0.1)
    assert found["overlay_text_confidence"] == 0.95
    assert found["overlay_text_share"] == pytest.approx(0.03, abs=0.003)
    assert found["overlay_plain_share"] == 1.0
    assert found["promotional_words"] == ("free shipping",)
    assert found["promotional_confidence"] == 0.95


def test_a_promotion_printed_on_the_pack_is_not_laid_over(told):
    found = told(line("20% off", overlay=0.05, on_plain=False), line("www.example.com", overlay=0.2))
    assert found["promotional_words"] == ("% off",)
    assert found["promotional_confidence"] == 0.05
    assert found["contact_texts"] == ("www.example.com",)
    assert found["contact_confidence"] == 0.2
    assert found["overlay_text_words"] == ()
    assert found["overlay_plain_share"] is None


def test_a_line_that_is_not_read_can_be_laid_over_without_its_words(told):
    found = told(line("tirx", confidence=0.4))
    assert found["text_words"] == ()
    assert found["text_confidence"] == 0.0
    assert found["overlay_text_words"] == ("?",)


@pytest.mark.parametrize(
    ("text", "counts"), [("ab", False), ("abc", True), ("特价", True), ("特", False), ("-%-", False)]
)
def test_a_line_needs_three_letters_or_two_ideographs(text, counts):
    assert line(text).is_read is counts
    assert line(text, confidence=0.79).is_read is False


def test_areas_that_lie_over_each_other_count_once():
    assert area_share([line("a"), line("b")]) == pytest.approx(area_share([line("a")]))
    assert area_share([]) == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 20000), (20, 20)])
def test_what_can_hold_no_line_has_no_answer(size):
    picture = Picture(Header("png", 1, *size), np.full((size[1], size[0], 3), 255, np.uint8))
    assert set(Text().measure(picture).values()) == {None}


def test_it_follows_the_contract_with_models_that_stand_in(tmp_path, monkeypatch):
    for name, value in tiny_cache(tmp_path).items():
        monkeypatch.setenv(name, value)
    desk.use(None)
    text_lines_module.read.__globals__["characters"].cache_clear()
    try:
        follows_the_contract(Text())
    finally:
        desk.use(None)
        text_lines_module.read.__globals__["characters"].cache_clear()


def test_real_weights_read_what_is_laid_over_a_plain_ground(monkeypatch):
    cache = Path.home() / ".cache" / "packshot" / "models"
    monkeypatch.setenv("PACKSHOT_MODELS", os.environ.get("PACKSHOT_TEST_MODELS", str(cache)))
    try:
        for model in Text.models:
            path_of(model)
    except ModelMissing as missing:
        pytest.skip(f"no weights: {missing}")
    rgb = np.full((700, 700, 3), 255, np.uint8)
    cv2.circle(rgb, (350, 430), 190, (60, 90, 160), -1, cv2.LINE_AA)
    cv2.putText(rgb, "FREE SHIPPING", (120, 120), cv2.FONT_HERSHEY_DUPLEX, 1.8, (200, 20, 30), 4, cv2.LINE_AA)
    desk.use(None)
    found = Text().measure(Picture(Header("png", 1, 700, 700), rgb))
    desk.use(None)
    assert found["promotional_words"] == ("free shipping",)
    assert found["overlay_text_confidence"] > 0.5
