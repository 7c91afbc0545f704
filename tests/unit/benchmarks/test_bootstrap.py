import numpy as np
import pytest
import weighted_figures as of
from bootstrap import DRAWS, interval, strata_of, weights_of
from intervals import wilson


def mean_of(value):
    return lambda weights: of.mean(value, weights)


def test_every_draw_takes_as_many_groups_of_each_kind():
    groups = np.repeat(np.arange(30), 2)
    truth = np.repeat(np.arange(30) < 10, 2)
    drawn = np.concatenate(list(weights_of(groups, truth)))
    assert drawn.shape == (DRAWS, 60)
    assert set(drawn[:, truth].sum(axis=1)) == {20.0}
    assert (drawn[:, ::2] == drawn[:, 1::2]).all(), "a group is drawn whole"


def test_the_interval_of_a_mean_is_about_two_standard_errors():
    value = np.random.default_rng(3).normal(0.5, 0.1, 400)
    found = interval(mean_of(value), np.arange(400), np.ones(400, bool))
    assert found["value"] == pytest.approx(value.mean(), abs=1e-3)
    assert found["high"] - found["low"] == pytest.approx(2 * 1.96 * 0.1 / 20, rel=0.15)


def test_items_that_hang_together_make_the_interval_wider():
    value = np.repeat(np.random.default_rng(4).normal(0.5, 0.1, 25), 16)
    together = interval(mean_of(value), np.repeat(np.arange(25), 16), np.ones(400, bool))
    alone = interval(mean_of(value), np.arange(400), np.ones(400, bool))
    assert together["high"] - together["low"] > 3 * (alone["high"] - alone["low"])


def test_the_same_items_give_the_same_interval():
    value = np.random.default_rng(5).random(50)
    one, other = (interval(mean_of(value), np.arange(50), np.ones(50, bool)) for _ in range(2))
    assert one == other


def test_where_all_hit_the_interval_is_wilsons_over_groups():
    truth, groups = np.ones(30, bool), np.repeat(np.arange(10), 3)
    found = interval(lambda w: of.recall(truth, truth, w), groups, truth, truth)
    assert (found["low"], found["high"]) == tuple(round(one, 4) for one in wilson(10, 10))


def test_one_group_has_no_interval_and_no_value_has_none():
    one = interval(mean_of(np.array([0.2, 0.4])), np.zeros(2, np.intp), np.ones(2, bool))
    assert one == {"value": 0.3, "low": None, "high": None}
    none = np.zeros(3, bool)
    assert interval(lambda w: of.recall(none, none, w), np.arange(3), none)["value"] is None


def test_strata_are_by_what_a_group_holds_and_small_ones_are_thrown_together():
    groups = np.array([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10])
    truth = np.array([1, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0], bool)
    strata = strata_of(groups, truth)
    assert len(set(strata[1:6])) == 1
    assert len(set(strata[6:])) == 1
    assert strata[1] != strata[6]
    assert strata[0] in {strata[1], strata[6]}
