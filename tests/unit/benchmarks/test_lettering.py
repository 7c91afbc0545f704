import numpy as np
import pytest
from exam import NoData
from lettering import ANGLES, HEIGHTS, INKS, font, knows, lettered
from lettering_words import FONTS, KINDS, SPLITS, WORDS

GROUND = np.full((240, 320, 3), (120, 150, 140), np.uint8)


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    try:
        for families in FONTS.values():
            for family in families:
                font(family, family.files[0], 12)
    except NoData as why:
        pytest.skip(str(why))


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_text_lies_in_its_boxes_and_nowhere_else(split, kind):
    for seed in range(3):
        found = lettered(GROUND, split, seed, kind)
        changed = (found.rgb != GROUND).any(axis=2)
        for x, y, w, h in found.boxes:
            inside = np.s_[round(y * 240) : round((y + h) * 240), round(x * 320) : round((x + w) * 320)]
            assert changed[inside].mean() > 0.03
            changed[inside] = False
        assert not changed.any()
        assert len(found.words) == len(found.boxes)
        assert all(text.replace("\n", "") for text in found.words)


def test_a_seed_gives_one_picture():
    one, other, third = (lettered(GROUND, "score", seed).rgb for seed in (7, 7, 8))
    assert np.array_equal(one, other)
    assert not np.array_equal(one, third)


@pytest.mark.parametrize("split", SPLITS)
def test_every_language_has_a_font_that_knows_its_letters(split):
    shapes = {family.name: font(family, family.files[0], 16) for family in FONTS[split]}
    for language, kinds in WORDS[split].items():
        assert set(kinds) == set(KINDS)
        letters = "".join(text for texts in kinds.values() for text in texts)
        assert any(knows(shape, letters) for shape in shapes.values()), language


def test_a_font_knows_what_it_lacks():
    lato = next(family for family in FONTS["score"] if family.name == "Lato")
    assert knows(font(lato, lato.files[0], 16), "Oferta única")
    assert not knows(font(lato, lato.files[0], 16), "特价")


def test_the_splits_share_no_font_ink_size_or_slant():
    tune, score = ({family.module for family in FONTS[split]} for split in SPLITS)
    assert not tune & score
    assert not set(INKS["tune"]) & set(INKS["score"])
    assert not set(HEIGHTS["tune"]) & set(HEIGHTS["score"])
    assert set(ANGLES["tune"]) & set(ANGLES["score"]) == {0}
