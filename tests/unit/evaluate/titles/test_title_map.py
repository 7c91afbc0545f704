from pathlib import Path

import numpy as np
import pytest

from packshot.evaluate.titles import title_map
from packshot.evaluate.titles.title_map import TitleMap
from packshot.models import own


@pytest.fixture(scope="module")
def made():
    return title_map.title_map()


def test_the_map_that_ships_is_the_pinned_one_and_small(made):
    assert isinstance(made, TitleMap)
    assert made.head.shape == (1000, 1280)
    path = Path(own.__file__).with_name("own") / f"{title_map.NAME}.npz"
    assert path.stat().st_size <= 2_000_000


def test_a_picture_of_one_class_is_near_the_name_of_that_class(made):
    features = np.maximum(made.head[[504, 770]], 0) * 40  # what speaks for a coffee mug, and for a running shoe
    pictures = made.of_pictures(features.astype(np.float16))
    np.testing.assert_allclose(np.linalg.norm(pictures, axis=1), 1, atol=1e-4)
    names = (made.classes + made.centre)[[504, 770]].astype(np.float16)
    alike = pictures @ made.of_texts(names, np.zeros_like(names)).T
    assert alike[0, 0] > alike[0, 1]
    assert alike[1, 1] > alike[1, 0]


def test_how_many_are_asked_together_changes_nothing(made, monkeypatch):
    features = np.random.default_rng(1).uniform(0, 3, (5, 1280)).astype(np.float16)
    together = made.of_pictures(features)
    monkeypatch.setattr(title_map, "ROWS", 2)
    np.testing.assert_allclose(made.of_pictures(features), together, atol=1e-5)


def test_a_lacking_title_or_category_leaves_the_other(made):
    text = np.random.default_rng(2).normal(size=(1, 384)).astype(np.float16)
    nothing = np.zeros_like(text)
    np.testing.assert_allclose(made.of_texts(text, nothing), made.of_texts(nothing, text), atol=1e-5)
    assert not made.of_texts(nothing, nothing).any()


def test_agreement_rises_with_the_score_and_with_the_colour(made):
    scores = np.array([-1, made.middle, 1], np.float32)
    found = made.agreement(scores)
    assert 0 <= found[0] < found[1] < found[2] <= 1
    assert found[1] == pytest.approx(0.5)
    coloured = made.agreement(np.repeat(scores[1], 3), np.array([0, 1, np.nan], np.float32))
    assert coloured[0] < coloured[2] < coloured[1]


def test_looks_alone_are_bent_and_read_words_decide_among_things_of_one_kind(made):
    scores = np.array([1, 2], np.float32)
    looks = made.agreement(scores)
    assert 0.6 < looks[0] <= looks[1] < 0.7
    words = np.array([0, 0.1, 1, np.nan], np.float32)
    none_of_them, few, many, unread = made.agreement(np.repeat(scores[:1], 4), None, words)
    assert none_of_them == pytest.approx(0.5)
    assert none_of_them < unread == looks[0] < few < many


def test_words_that_no_title_says_make_no_title_wrong(made):
    scores = np.array([-1, made.middle - 0.05, made.middle, made.middle + 0.05], np.float32)
    without, other_words = made.agreement(scores), made.agreement(scores, None, np.zeros(4, np.float32))
    np.testing.assert_allclose(other_words[:3], without[:3])
    assert 0.5 <= other_words[3] < without[3]
