import threading

import polars as pl
import pyarrow as pa
import pytest

from packshot.core.errors import WorkspaceError
from packshot.pipeline.writing import WAITING, Writer, table_of

SCHEMA = pa.schema({"word": pa.string(), "score": pa.float32(), "texts": pa.list_(pa.string())})


def frame(*words):
    kinds = {"word": pl.Enum(["show", "block"]), "score": pl.Float32, "texts": pl.List(pl.String)}
    return pl.DataFrame({"word": words, "score": [0.5] * len(words), "texts": [["a"]] * len(words)}, schema=kinds)


class Kept:
    """Tables that remember what was appended; `fails` names one that refuses."""

    def __init__(self, fails=None):
        self.fails, self.told = fails, []

    def append(self, name, rows):
        if name == self.fails:
            raise WorkspaceError("The disk is full.", "Free some space.")
        self.told.append((name, rows.to_pylist(), threading.current_thread()))
        return 1


def test_the_parts_of_a_table_are_appended_in_order_by_another_thread_and_all_before_the_block_ends():
    tables = Kept()
    with Writer(tables) as writer:
        for number in range(WAITING + 3):
            for name in "ab":
                writer.append(name, frame("show").with_columns(score=pl.lit(number, pl.Float32)), SCHEMA)
        writer.append("none", frame(), SCHEMA)
    for name in "ab":
        mine = [(rows[0]["score"], thread) for table, rows, thread in tables.told if table == name]
        assert [score for score, _ in mine] == list(range(WAITING + 3))
        assert len({thread for _, thread in mine} - {threading.current_thread()}) == 1
    assert {name for name, _, _ in tables.told} == {"a", "b"}
    assert tables.told[0][1] == [{"word": "show", "score": 0.0, "texts": ["a"]}]


def test_the_tables_do_not_wait_for_each_other():
    tables, other = Kept(), threading.Event()
    plain = tables.append

    def append(name, rows):
        assert other.wait(30) if name == "a" else not other.set()
        return plain(name, rows)

    tables.append = append
    with Writer(tables) as writer:
        writer.append("a", frame("show"), SCHEMA)
        writer.append("b", frame("show"), SCHEMA)
    assert {name for name, _, _ in tables.told} == {"a", "b"}


def test_a_failed_append_comes_out_at_the_end_of_the_block_at_the_latest():
    with pytest.raises(WorkspaceError, match="disk is full"), Writer(Kept(fails="t")) as writer:
        writer.append("t", frame("show"), SCHEMA)


def test_a_failed_append_stops_who_goes_on_appending():
    made = []

    def many(writer):
        with writer:
            for number in range(100):
                writer.append("t", frame("show"), SCHEMA)
                made.append(number)

    with pytest.raises(WorkspaceError, match="disk is full"):
        many(Writer(Kept(fails="t")))
    assert len(made) <= WAITING


def test_an_error_in_the_block_is_told_rather_than_one_of_writing():
    def failing(writer):
        with writer:
            writer.append("t", frame("show"), SCHEMA)
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        failing(Writer(Kept(fails="t")))


def test_texts_enums_and_nulls_come_in_the_tables_types():
    rows = frame("show", None, "block").with_columns(score=pl.Series([1, None, 2], dtype=pl.Int64))
    found = table_of(rows, SCHEMA)
    assert found.schema == SCHEMA
    assert found["word"].to_pylist() == ["show", None, "block"]
    assert found["score"].to_pylist() == [1.0, None, 2.0]
