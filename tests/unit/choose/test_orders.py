import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.choose.order import Problem, best_order
from packshot.choose.orders import LARGEST, Problems, best_orders


def drawn(rng, count, side, digits):
    """Problems in which few digits make many pictures equally good."""
    grades = np.round(rng.random((2, count, side)), digits)
    main, secondary = np.where(rng.random((2, count, side)) < 0.7, grades, -1.0)
    main[rng.random(count) < 0.2] = -1.0
    likeness = np.round(rng.random((count, side, side)), digits) * (rng.random((count, side, side)) < 0.5)
    likeness = np.maximum(likeness, likeness.transpose(0, 2, 1))
    likeness[:, range(side), range(side)] = 0.0
    rank, role = rng.choice([0, 0, 0, 1, 2], (count, side)), rng.integers(0, 3, (count, side))
    return Problems(main, secondary, rank, role, (rng.random(3) < 0.4)[role], likeness)


def alone(problems, at, pictures):
    role = [f"role {number}" for number in problems.role[at].tolist()]
    return Problem(
        main=problems.main[at].tolist(),
        secondary=problems.secondary[at].tolist(),
        rank=problems.rank[at].tolist(),
        role=role,
        wanted=frozenset(name for name, wanted in zip(role, problems.wanted[at], strict=True) if wanted),
        likeness=problems.likeness[at].tolist(),
        pictures=pictures,
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, LARGEST), st.integers(1, 9), st.integers(1, 4))
def test_many_listings_are_solved_as_one_by_one(seed, side, pictures, digits):
    problems = drawn(np.random.default_rng(seed), 8, side, digits)
    found = best_orders(problems, pictures)
    for at in range(8):
        places = [-1] * side
        for place, picture in enumerate(best_order(alone(problems, at, pictures))):
            places[picture] = place
        assert found[at].tolist() == places


def test_the_pieces_that_are_solved_together_change_nothing(monkeypatch):
    problems = drawn(np.random.default_rng(1), 50, 5, 2)
    whole = best_orders(problems, 4)
    monkeypatch.setattr("packshot.choose.orders.CELLS", 1)
    np.testing.assert_array_equal(best_orders(problems, 4), whole)


@pytest.mark.parametrize("side", [1, 8])
def test_no_listings_no_orders(side):
    assert best_orders(drawn(np.random.default_rng(1), 0, side, 2), 9).shape == (0, side)
