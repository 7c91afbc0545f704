"""Puts the pictures of many listings into slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from packshot.choose.order import Problem, best_order
from packshot.choose.orders import LARGEST, Problems, best_orders
from packshot.choose.reasons import RANKS, wanted_roles

if TYPE_CHECKING:
    from packshot.choose.diversity import Rows, Squares
    from packshot.policies.policy import GalleryRules

NOT_SHOWN = -1


def slots(shown: pl.DataFrame, squares: Squares, rules: GalleryRules) -> Rows:
    """The slot of each picture that has no hurdle: 0 for the main one, 1, 2, …; −1 where it is not shown; (n,).

    Listings with equally many pictures are solved together; those with more than eight one by one.
    """
    wanted = wanted_roles(rules)
    roles = sorted({*shown["role"].unique().to_list(), *wanted})
    number = shown["role"].replace_strict(roles, range(len(roles)), return_dtype=pl.Int64).to_numpy()
    main, secondary, rank = (
        shown.select(pl.when("may_be_main").then("main").otherwise(-1.0)).to_series().to_numpy(),
        shown.select(pl.when("may_be_secondary").then("secondary").otherwise(-1.0)).to_series().to_numpy(),
        shown["role"].replace_strict(RANKS, default=0, return_dtype=pl.Int64).to_numpy(),
    )
    is_wanted = np.isin(number, [roles.index(role) for role in wanted])
    first = np.flatnonzero(squares.begin == np.arange(squares.begin.size))
    slot = np.full(shown.height, NOT_SHOWN)
    for side in np.unique(squares.side).tolist():
        alone = first[squares.side[first] == side]
        rows = alone[:, None] + np.arange(side)
        cells = squares.row[alone][:, None] + np.arange(side * side)
        problems = Problems(
            main[rows],
            secondary[rows],
            rank[rows],
            number[rows],
            is_wanted[rows],
            squares.cells[cells].reshape(-1, side, side),
        )
        if side <= LARGEST:
            places = best_orders(problems, rules.max_pictures)
        else:
            names = frozenset(wanted)
            places = np.array([_one_by_one(problems, at, roles, names, rules) for at in range(alone.size)])
        empty = (problems.main < 0).all(axis=1, keepdims=True)
        slot[rows] = np.where(places >= 0, places + empty, NOT_SHOWN)
    return slot


def _one_by_one(
    problems: Problems, at: int, roles: list[str], wanted: frozenset[str], rules: GalleryRules
) -> list[int]:
    problem = Problem(
        main=problems.main[at].tolist(),
        secondary=problems.secondary[at].tolist(),
        rank=problems.rank[at].tolist(),
        role=[roles[number] for number in problems.role[at].tolist()],
        wanted=wanted,
        likeness=problems.likeness[at].tolist(),
        pictures=rules.max_pictures,
    )
    places = [NOT_SHOWN] * len(problem.main)
    for place, picture in enumerate(best_order(problem)):
        places[picture] = place
    return places
