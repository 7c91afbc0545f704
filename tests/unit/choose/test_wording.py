import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.choose.wording import worded


@pytest.mark.parametrize(("pattern", "steps"), [("{:.2f}", 100), ("{:.0%}", 100), ("{:.1f}", 10), ("{:.0f} px", 1)])
@given(
    st.lists(
        st.none()
        | st.floats(0, 1e9)
        | st.floats(0, 1)
        | st.integers(0, 2000).map(lambda value: value / 1000)
        | st.just(math.inf)
    )
)
def test_a_column_is_worded_as_python_words_each_value(pattern, steps, values):
    found = worded(pattern, pl.Series("name", values, dtype=pl.Float64), steps)
    assert found.to_list() == [None if value is None else pattern.format(value) for value in values]
    assert found.name == "name"
