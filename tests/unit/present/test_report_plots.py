from __future__ import annotations

import polars as pl
import pytest

from packshot.present.report_data import Threshold
from packshot.present.report_plots import HEIGHT, WIDTH, histogram, histograms

NO_ROLES = pl.DataFrame(schema={"asset_id": pl.String, "role": pl.String})


def values(numbers, column="sharpness"):
    return pl.DataFrame({"asset_id": [f"a{i}" for i in range(len(numbers))], column: numbers})


def test_every_value_is_counted_and_bars_beyond_the_limit_are_marked():
    plot = histogram(
        values([0.0, 0.1, 0.1, 0.9, 1.0, None, float("nan"), float("inf")]),
        [Threshold("sharpness", 0.5, "min")],
        NO_ROLES,
    )
    assert (plot.low, plot.high) == (0, 1)
    assert [bar.bad for bar in plot.bars] == [True, True, False, False]
    assert max(bar.h for bar in plot.bars) == HEIGHT
    assert plot.lines[0].x == WIDTH / 2
    assert plot.note == "60% below 0.5"


def test_a_limit_for_one_role_speaks_of_that_role_only():
    roles = pl.DataFrame({"asset_id": ["a0", "a1"], "role": ["main", "secondary"]})
    limit = Threshold("sharpness", 0.5, "max", roles=("main",))
    assert histogram(values([0.1, 0.9]), [limit], roles).note == "none of main pictures above 0.5"


def test_advice_draws_its_line_and_marks_no_bar():
    plot = histogram(values([0.1]), [Threshold("sharpness", 0.5, "min", advice=True)], NO_ROLES)
    assert not plot.bars[0].bad
    assert plot.lines


def test_quantities_get_an_axis_that_holds_the_limits_and_not_the_odd_giant():
    plot = histogram(values([*range(1, 1000), 10**9], "bytes"), [Threshold("bytes", 2000, "max")], NO_ROLES)
    assert plot.low == 0
    assert 2000 < plot.high < 10_000
    assert all(0 <= bar.x <= WIDTH and 0 <= bar.y <= HEIGHT for bar in plot.bars)


@pytest.mark.parametrize("numbers", [[5.0], [0.0, 0.0], [-3.0, -3.0]])
def test_values_that_are_all_alike_can_be_drawn(numbers):
    assert histogram(values(numbers), [], NO_ROLES).bars


def test_nothing_measured_draws_nothing():
    assert histogram(values([None, float("nan")]), [], NO_ROLES) is None


def test_measures_that_the_policy_limits_come_first(make_data):
    assert [plot.column for plot in histograms(make_data())] == ["sharpness", "long_side_px"]
