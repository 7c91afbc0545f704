from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.choose import order
from packshot.choose.order import Problem, best_order, objective, slot_weight

ROLES = ("secondary", "detail", "packaging")


@st.composite
def problems(draw, largest):
    count = draw(st.integers(1, largest))
    scores = st.one_of(st.just(-1.0), st.floats(0, 1).map(lambda value: round(value, 3)))
    likeness = [[0.0] * count for _ in range(count)]
    for i in range(count):
        for j in range(i):
            likeness[i][j] = likeness[j][i] = draw(st.floats(0, 1).map(lambda value: round(value, 3)))
    return Problem(
        main=draw(st.lists(scores, min_size=count, max_size=count)),
        secondary=draw(st.lists(scores, min_size=count, max_size=count)),
        rank=draw(st.lists(st.sampled_from([0, 0, 0, 1, 2]), min_size=count, max_size=count)),
        role=draw(st.lists(st.sampled_from(ROLES), min_size=count, max_size=count)),
        wanted=frozenset(draw(st.sets(st.sampled_from(ROLES)))),
        likeness=likeness,
        pictures=draw(st.integers(1, 9)),
    )


def brute_force(problem):
    count = len(problem.main)
    least = 1 - problem.first_slot  # where a picture may be main, one is shown
    sizes = range(least, min(count, problem.pictures - problem.first_slot) + 1)
    values = [objective(problem, tried) for size in sizes for tried in permutations(range(count), size)]
    return max((value for value in values if value is not None), default=0.0)


@settings(max_examples=150, deadline=None)
@given(problems(6))
def test_the_order_is_the_best_of_all_subsets_and_orders(problem):
    found = best_order(problem)
    assert objective(problem, found) == pytest.approx(brute_force(problem), abs=1e-9)


@settings(max_examples=2, deadline=None)
@given(problems(8).filter(lambda problem: len(problem.main) == 8))
def test_eight_pictures_are_still_solved_exactly(problem):
    assert objective(problem, best_order(problem)) == pytest.approx(brute_force(problem), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(problems(6))
def test_a_narrow_beam_is_legal_and_not_far_from_the_best(problem):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "SETS_KEPT", 3)
        found = best_order(problem)
    value = objective(problem, found)
    assert value is not None
    assert len(set(found)) == len(found) <= problem.pictures
    assert value >= brute_force(problem) - 0.5
    if problem.first_slot == 0:
        assert problem.main[found[0]] >= 0


def problem(main, secondary, **changes):
    count = len(main)
    given = {
        "rank": [0] * count,
        "role": ["secondary"] * count,
        "wanted": frozenset(),
        "likeness": [[0.0] * count for _ in range(count)],
        "pictures": 9,
    }
    return Problem(main=main, secondary=secondary, **(given | changes))


def test_only_who_may_be_main_is_main():
    assert best_order(problem([-1, 0.2, -1], [0.9, 0.3, 0.8])) == [1, 0, 2]


def test_the_main_slot_stays_empty_where_nobody_may_be_main():
    found = problem([-1, -1], [0.4, 0.6])
    assert found.first_slot == 1
    assert best_order(found) == [1, 0]


def test_a_repeated_picture_is_left_out():
    likeness = [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert best_order(problem([0.9, 0.7, 0.1], [0.7, 0.7, 0.5], likeness=likeness)) == [0, 2]


def test_size_charts_come_last_however_good():
    assert best_order(problem([0.9, -1, -1], [0.5, 1.0, 0.6], rank=[0, 2, 0])) == [0, 2, 1]


def test_a_wanted_role_goes_before_a_slightly_better_picture():
    roles = ["secondary", "secondary", "packaging"]
    secondary = [0.5, 0.6, 0.5]
    assert best_order(problem([0.9, -1, -1], secondary, role=roles)) == [0, 1, 2]
    assert best_order(problem([0.9, -1, -1], secondary, role=roles, wanted=frozenset({"packaging"}))) == [0, 2, 1]


def test_no_more_than_the_channel_shows():
    assert best_order(problem([0.9, 0.1, 0.1], [0.5, 0.6, 0.7], pictures=2)) == [0, 2]
    assert best_order(problem([-1, -1], [0.5, 0.6], pictures=1)) == []
    assert best_order(problem([], [])) == []


def test_twenty_pictures_are_ordered_by_what_they_add():
    scores = [round(0.3 + 0.03 * ((7 * i) % 20), 2) for i in range(20)]
    found = best_order(problem(scores, scores))
    assert [scores[picture] for picture in found] == sorted(scores, reverse=True)[:9]


def test_slots_weigh_less_and_less():
    weights = [slot_weight(slot) for slot in range(9)]
    assert weights[0] == 4
    assert weights == sorted(weights, reverse=True)
