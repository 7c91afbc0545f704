import numpy as np
import pytest

from packshot.evaluate.titles import clip_space
from packshot.evaluate.titles.clip_space import ClipSpace
from packshot.evaluate.titles.title_map import unit

WIDTH, NAMES, PAIRS = 128, 300, 30


@pytest.fixture
def space(monkeypatch):
    monkeypatch.setattr(clip_space, "hold_pair", lambda: None)
    return ClipSpace()


def world(band, seed=1):
    """Texts and pictures of one thing each, at the same places; `band` is how narrow the cosines of this CLIP are."""
    random = np.random.default_rng(seed)
    things = random.normal(size=(NAMES + PAIRS, WIDTH))
    gap = random.normal(size=(2, WIDTH)) * band  # pictures and texts of a real CLIP lie in two cones
    pictures = unit(things[NAMES:] + random.normal(size=(PAIRS, WIDTH)) + gap[0])
    texts = unit(things + gap[1])
    return pictures.astype(np.float16), texts[NAMES:].astype(np.float16), texts[:NAMES].astype(np.float16)


def compared(space, band, *, titles=slice(None), categories=None):
    pictures, texts, names = world(band)
    given = np.zeros_like(texts) if categories is None else texts
    words = space.words(texts if titles is not None else np.zeros_like(texts), given, names)
    of, at = np.repeat(np.arange(PAIRS), PAIRS), np.tile(np.arange(PAIRS), PAIRS)
    return words.agreement(pictures, of, at, None, None).reshape(PAIRS, PAIRS)


@pytest.mark.parametrize("band", [0, 1])
def test_own_titles_agree_and_others_do_not_however_narrow_the_cosines_are(space, band):
    found = compared(space, band)
    assert (np.diag(found) > 0.8).all()
    others = found[~np.eye(PAIRS, dtype=bool)]
    assert np.median(others) == pytest.approx(0.09, abs=0.02)  # as near as the mean of the names
    assert np.mean(others > 0.5) < 0.05


def test_a_category_alone_does_for_a_title(space):
    np.testing.assert_allclose(compared(space, 1, titles=None, categories=True), compared(space, 1), atol=1e-3)


def test_half_a_deviation_below_the_mean_is_the_bound_and_a_stated_colour_counts(space):
    pictures, texts, names = world(0)
    words = space.words(texts, np.zeros_like(texts), names)
    against = unit(pictures.astype(np.float32)) @ words.others.T
    below = against[0].mean() - against[0].std() / 2
    one_picture = unit(pictures[:1].astype(np.float32))
    odd = type(words)(below * one_picture, words.others)
    (value,) = odd.agreement(pictures[:1], np.array([0]), np.array([0]), None, None)
    assert value == pytest.approx(0.05, abs=1e-3)
    one = np.zeros(3, np.int64)
    plain, wrong, right = words.agreement(pictures, one, one + 1, np.array([np.nan, 0, 1], np.float32), None)
    assert wrong < plain < right


def test_read_words_speak_for_a_title_and_never_against_it_and_looks_are_not_bent(space):
    pictures, texts, names = world(0)
    words = space.words(texts, np.zeros_like(texts), names)
    read = np.array([np.nan, 0, 0.3, 1], np.float32)

    def agreements(title):
        return words.agreement(pictures, np.zeros(4, np.int64), np.full(4, title), None, read)

    unread, none_of_it, some, all_of_it = agreements(0)  # its own
    assert none_of_it == pytest.approx(0.5)
    assert 0.8 < unread < some < all_of_it
    unread, none_of_it, some, all_of_it = agreements(1)  # that of another
    assert unread == none_of_it < 0.5
    assert unread < some < all_of_it


def test_search_goes_by_the_cosine(space):
    pictures, texts, _ = world(0)
    near = space.nearness(pictures, texts[2])
    assert near.argmax() == 2
    np.testing.assert_allclose(space.likeness(pictures, pictures[1])[1], 1, atol=1e-3)


def test_the_names_are_of_things_and_not_of_animals(space, monkeypatch):
    monkeypatch.setattr(clip_space, "class_names", lambda: tuple(map(str, range(1000))))
    names = space.others()
    assert (names[0], len(names), len(set(names))) == ("398", 301, 301)
