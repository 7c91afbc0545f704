import polars as pl
import pytest

from packshot.pipeline.joining import with_columns_of


def test_the_rows_keep_their_order_and_what_has_no_partner_is_null():
    left = pl.DataFrame({"id": ["b", None, "a", "b", "z"], "n": [1, 2, 3, 4, 5]})
    right = pl.DataFrame({"id": ["a", "b", "c"], "value": [10, 20, 30]})
    joined = with_columns_of(left, right, "id")
    assert joined.columns == ["id", "n", "value"]
    assert joined["id"].to_list() == ["b", None, "a", "b", "z"]
    assert joined["value"].to_list() == [20, None, 10, 20, None]


def test_nothing_to_join_with_gives_nulls():
    left = pl.DataFrame({"id": ["a"]})
    right = pl.DataFrame(schema={"id": pl.String, "value": pl.Int64})
    assert with_columns_of(left, right, "id").rows() == [("a", None)]
    assert with_columns_of(left.clear(), right, "id").is_empty()


@pytest.mark.parametrize("keys", [["x", "y"], ["y", "x"], ["x", "q"]])
def test_different_keys_with_one_hash_are_told_apart(monkeypatch, keys):
    monkeypatch.setattr(pl.Expr, "hash", lambda *_: pl.lit(7, dtype=pl.UInt64))
    right = pl.DataFrame({"id": ["y", "x"], "value": [1, 2]})
    joined = with_columns_of(pl.DataFrame({"id": keys}), right, "id")
    assert joined["value"].to_list() == [{"y": 1, "x": 2}.get(key) for key in keys]


def test_a_key_may_have_two_parts():
    left = pl.DataFrame({"a": ["1", "2", "2"], "b": ["x", "x", "y"]})
    right = pl.DataFrame({"b": ["x", "x"], "a": ["2", "3"], "value": [1, 2]})
    assert with_columns_of(left, right, "a", "b")["value"].to_list() == [None, 1, None]


def test_equal_keys_in_equal_order_give_the_rows_as_they_stand():
    left = pl.DataFrame({"id": ["b", "a"], "n": [1, 2]})
    right = pl.DataFrame({"value": [10, 20], "id": ["b", "a"]})
    assert with_columns_of(left, right, "id").rows() == [("b", 1, 10), ("a", 2, 20)]
