"""The weights of the main picture follow the pairs, and never turn a term round."""

from pathlib import Path

import numpy as np
import pytest

from main_pictures import Shown
from main_ranker import LEAST, PRIOR, STEEP, pairs, ranked, scores_of
from packshot.choose.terms import terms

NAMES = list(terms())


def listings(count):
    return [
        Shown("shop", f"g{n}", f"l{n}", first, Path(f"{n}{first}.jpg")) for n in range(count) for first in (True, False)
    ]


def learnt(better, pull=0.001):
    pictures = listings(20)
    values = np.full((40, len(NAMES)), 0.5)
    for name, lead in better.items():
        values[::2, NAMES.index(name)] = 0.5 + lead
    found = ranked(values, np.zeros(values.shape, bool), pictures, np.ones(40, bool), pull)
    return dict(zip(NAMES, found, strict=True))


def test_what_the_first_pictures_have_weighs_more_than_before():
    found, before = learnt({"exposure": 0.1}), PRIOR["exposure"] / sum(PRIOR.values())
    assert found["exposure"] > 1.5 * before
    assert sum(found.values()) == pytest.approx(1)


def test_no_term_is_turned_round_by_pairs_that_speak_against_it():
    found = learnt({"sharpness": -0.4, "view": 0.3})
    assert found["sharpness"] > 0
    scale = found["fill"] / PRIOR["fill"]
    assert found["sharpness"] == pytest.approx(LEAST * PRIOR["sharpness"] * scale, rel=0.05)


def test_without_anything_told_the_weights_stay_what_judgement_says():
    found = learnt({})
    assert found == pytest.approx({name: PRIOR.get(name, 0) / sum(PRIOR.values()) for name in NAMES})
    assert STEEP > 0


def test_a_term_that_is_not_there_is_left_out_of_the_mean():
    values, absent = np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[False, True], [False, False]])
    assert scores_of(values, absent, np.array([0.5, 0.5])).tolist() == [1.0, 0.5]


def test_each_listing_counts_as_much_however_many_pictures_it_has():
    pictures = [
        Shown("shop", "g", "few", first=True, path=Path("a")),
        Shown("shop", "g", "few", first=False, path=Path("b")),
        Shown("shop", "g", "many", first=True, path=Path("c")),
        *(Shown("shop", "g", "many", first=False, path=Path(f"d{n}")) for n in range(4)),
    ]
    first, _, weight = pairs(pictures, np.ones(len(pictures), bool))
    assert weight[first == 0].sum() == weight[first == 2].sum() == 1
