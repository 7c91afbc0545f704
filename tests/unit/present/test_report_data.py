from __future__ import annotations

import polars as pl
import pytest


def test_every_lacking_column_is_named(make_data):
    with pytest.raises(ValueError, match=r"verdicts\.placement_id, .*counts\.rule"):
        make_data(verdicts=pl.DataFrame(), counts=pl.DataFrame())


def test_frames_are_brought_to_their_columns(make_data):
    data = make_data(matches=pl.DataFrame({"asset_a": ["a"], "asset_b": ["b"], "kind": ["same"], "extra": [1]}))
    assert data.matches.columns[:5] == ["asset_a", "asset_b", "kind", "distance", "delta_e"]
    assert "extra" not in data.matches.columns
    assert data.matches["distance"].to_list() == [None]


def test_fixed_size_lists_are_accepted(make_data):
    data = make_data()
    boxes = data.measurements.with_columns(pl.col("product_box").list.to_array(4))
    assert (
        make_data(measurements=boxes).measurements["product_box"].to_list()
        == data.measurements["product_box"].to_list()
    )
