import numpy as np
import pytest
import weighted_figures as of
from hypothesis import given, settings
from hypothesis import strategies as st


def flat(n):
    return np.ones((1, n))


def test_average_precision_by_hand():
    score = np.array([0.9, 0.8, 0.7, 0.6])
    truth = np.array([True, False, True, False])
    assert of.average_precision(score, truth, flat(4))[0] == pytest.approx((1 / 1 + 2 / 3) / 2)


def test_equal_scores_are_one_step():
    score, truth = np.array([0.5, 0.5, 0.5, 0.5]), np.array([True, False, False, True])
    assert of.average_precision(score, truth, flat(4))[0] == pytest.approx(0.5)
    assert of.auc(score, truth, flat(4))[0] == pytest.approx(0.5)


def test_no_answer_ranks_below_every_answer():
    score, truth = np.array([-np.inf, 0.1, -np.inf]), np.array([True, True, False])
    assert of.auc(score, truth, flat(3))[0] == pytest.approx((0.5 + 1) / 2)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 3)), min_size=2, max_size=30))
def test_auc_is_the_share_of_pairs_in_order(rows):
    score, truth, weight = (np.array(column) for column in zip(*rows, strict=True))
    pairs = [
        (w * v, 1.0 if a > b else 0.5 if a == b else 0.0)
        for a, true, w in rows
        for b, other, v in rows
        if true and not other
    ]
    whole = sum(weight for weight, _ in pairs)
    found = of.auc(score.astype(float), truth, weight[None].astype(float))[0]
    if whole == 0:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(sum(weight * share for weight, share in pairs) / whole)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(1, 3)), min_size=2, max_size=20))
def test_a_weight_of_two_is_the_item_twice(rows):
    score, truth, weight = (np.array(column) for column in zip(*rows, strict=True))
    twice = np.repeat(score.astype(float), weight), np.repeat(truth, weight)
    said, ones = score >= 3, flat(len(twice[0]))
    for weighed, counted in [
        (of.average_precision(score * 1.0, truth, weight[None] * 1.0), of.average_precision(*twice, ones)),
        (of.recall(said, truth, weight[None] * 1.0), of.recall(np.repeat(said, weight), twice[1], ones)),
        (of.median(score * 1.0, weight[None] * 1.0), np.array([np.median(twice[0])])),
        (of.mean(score * 1.0, weight[None] * 1.0), np.array([np.mean(twice[0])])),
    ]:
        np.testing.assert_allclose(weighed, counted)


def test_precision_recall_and_false_positives():
    said, truth = np.array([True, True, False, False, True]), np.array([True, False, True, False, True])
    assert of.precision(said, truth, flat(5))[0] == pytest.approx(2 / 3)
    assert of.recall(said, truth, flat(5))[0] == pytest.approx(2 / 3)
    assert of.false_positives(said, truth, flat(5))[0] == pytest.approx(1 / 2)
    assert np.isnan(of.precision(~said & False, truth, flat(5))[0])


def test_each_row_of_weights_is_a_figure_of_its_own():
    score, truth = np.array([3.0, 2.0, 1.0]), np.array([True, False, True])
    found = of.auc(score, truth, np.array([[1.0, 1, 1], [1, 1, 0], [0, 1, 1], [1, 0, 1]]))
    np.testing.assert_allclose(found, [0.5, 1.0, 0.0, np.nan])


def test_groups_of_one_kind_have_no_area():
    areas, numbers = of.group_auc(
        np.array([1.0, 2, 3, 1, 5]), np.array([True, False, True, True, False]), np.array([0, 0, 1, 2, 2])
    )
    assert areas.tolist() == [0.0, 0.0]
    assert numbers.tolist() == [0, 2]


@pytest.mark.parametrize(("wanted", "bound"), [(1.0, 0.2), (0.75, 0.4), (0.7, 0.4), (0.5, 0.6), (0.01, 0.8)])
def test_the_bound_for_a_recall(wanted, bound):
    score = np.array([0.8, 0.6, 0.4, 0.2, 0.9])
    assert of.bound_for_recall(score, np.array([True, True, True, True, False]), wanted) == bound
