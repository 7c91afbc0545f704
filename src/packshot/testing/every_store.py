"""What every store of tables must do: the conformance tests, for the built-in store and yours.

Each takes `opened`, a function that opens the same, at first empty, place anew each time it is called.
"""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from packshot.core.errors import PackshotError, UnknownName, WorkspaceError
from packshot.core.measurement import Kind
from packshot.storage import schemas

if TYPE_CHECKING:
    from collections.abc import Callable

    from packshot.storage.tables import Tables

    Opened = Callable[[], Tables]

_AT = dt.datetime(2026, 11, 22, 10, 11, 12, 345678, tzinfo=dt.UTC)
_VALUES: dict[Kind, list[object]] = {
    Kind.FLOAT: [0.25, None, -1024.0, float("inf")],
    Kind.INT: [2**62, None, -1, 0],
    Kind.BOOL: [True, None, False, True],
    Kind.TEXT: ["Zoë's\n\x00 mug", None, "", "猫"],
    Kind.BOX: [[0.25, 0.5, 0.75, 1.0], None, [0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]],
    Kind.BOXES: [[0.25, 0.5, 0.125, 1.0, 0.0, 0.0, 0.5, 0.5], None, [], [1.0, 1.0, 1.0, 1.0]],
    Kind.RGB: [[0, 128, 255], None, [1, 2, 3], [255, 255, 255]],
    Kind.TEXTS: [["left", "top"], None, [], [""]],
    Kind.FLOATS: [[0.25, -1.5], None, [], [3.0]],
    Kind.BYTES32: [bytes(range(32)), None, bytes(32), b"\xff" * 32],
    Kind.BYTES768: [bytes(range(256)) * 3, None, bytes(768), b"\xff" * 768],
    Kind.BYTES: [b"", None, bytes(range(256)), b"\xff" * 5000],
}


def _ids(*ids: str) -> pa.Table:
    return pa.table({"id": pa.array(ids, pa.string())})


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(columns)


def every_type_comes_back(opened: Opened) -> None:
    """Each column type of the data model keeps its values and its nulls: as first column, added later, and left out."""
    for kind, values in _VALUES.items():
        type_ = schemas.ARROW_OF_KIND[kind]
        name = f"types/{kind.value}"
        first = pa.table({"id": pa.array(range(4)), "first": pa.array(values, type_)})
        later = pa.table({"id": pa.array(range(4, 8)), "later": pa.array(values[::-1], type_)})
        opened().append(name, first)
        opened().append(name, later)
        got = opened().read(name)
        assert got.schema.equals(pa.schema([("id", pa.int64()), ("first", type_), ("later", type_)])), kind
        assert got["first"].to_pylist() == [*values, *[None] * 4], kind
        assert got["later"].to_pylist() == [*[None] * 4, *values[::-1]], kind


def every_table_of_the_data_model_can_be_kept(opened: Opened) -> None:
    """Rows of nulls in every schema, with a time, are stored and found by a filter."""
    for name, schema in vars(schemas).items():
        if not isinstance(schema, pa.Schema):
            continue
        row = {"at": _AT} if "at" in schema.names else {}
        rows = pa.Table.from_pylist([row], schema=schema)
        opened().append(name.lower(), rows)
        assert opened().read(name.lower()).equals(rows), name
        column = schema.names[0]
        assert opened().read(name.lower(), where=pc.field(column).is_null()).num_rows == 1, name


def each_append_is_a_version(opened: Opened) -> None:
    """Versions grow, stay readable, and rows come in the order of their commits."""
    store = opened()
    assert store.version("t") == 0
    first = store.append("t", _ids("b"))
    second = store.append("t", _ids("a"))
    assert 0 < first < second == opened().version("t")
    assert opened().read("t")["id"].to_pylist() == ["b", "a"]
    assert opened().read("t", version=first)["id"].to_pylist() == ["b"]
    assert store.append("t", _ids()) == second, "no rows, no commit"
    with pytest.raises(WorkspaceError):
        store.read("t", version=second + 40)


def an_absent_table_is_said_to_be_absent(opened: Opened) -> None:
    """Without a schema reading fails; with one it gives no rows; nothing appears by being looked at."""
    store = opened()
    schema = _schema(id=pa.string(), n=pa.int32())
    assert store.schema("t") is None
    assert store.append("t", _ids()) == 0
    with pytest.raises(UnknownName):
        store.read("t")
    with pytest.raises(UnknownName):
        store.batches("t")
    assert store.read("t", schema=schema).equals(schema.empty_table())
    assert store.read("t", ["n"], schema=schema).schema.names == ["n"]
    assert list(store.batches("t", schema=schema)) == []
    store.append("t", _ids("a"))
    assert store.read("t", schema=schema, version=0).num_rows == 0, "as it was before its first rows"
    store.drop("nowhere")
    assert store.names() == ["t"]


def reads_choose_columns_and_rows(opened: Opened) -> None:
    """Columns come in the order asked for, filters hold, and a schema fills what is not stored yet."""
    store = opened()
    rows = pa.table({"id": ["a", "b", "c"], "n": pa.array([1, None, 3], pa.int32())})
    store.append("t", rows)
    assert store.read("t", ["n", "id"]).equals(rows.select(["n", "id"]))
    assert store.read("t", []).num_rows == 3
    assert store.read("t", ["id"], where=pc.field("n") > 1).to_pydict() == {"id": ["c"]}
    assert store.read("t", ["id"], where=pc.field("id").isin(["a", "c", "' OR 1=1"])).to_pydict() == {"id": ["a", "c"]}
    assert store.read("t", ["id"], where=pc.field("n").is_null()).to_pydict() == {"id": ["b"]}
    with pytest.raises(UnknownName):
        store.read("t", ["nothing"])
    wanted = _schema(id=pa.string(), box=pa.list_(pa.float32(), 4))
    assert store.read("t", schema=wanted).to_pydict() == {"id": ["a", "b", "c"], "box": [None] * 3}
    assert store.read("t", ["box"], schema=wanted, where=pc.field("n") == 3).to_pydict() == {"box": [None]}
    with pytest.raises(WorkspaceError):
        store.read("t", schema=pa.schema([("n", pa.string())]))
    with pytest.raises(PackshotError):
        store.read("t", where=pc.field("nothing") == 1)


def rows_are_taken_by_their_places(opened: Opened) -> None:
    """In the order asked for, of any append; in a version, whatever was removed later; columns as for reads."""
    store = opened()
    for name in "abc":
        store.append("t", pa.table({"id": [name, name * 2], "n": pa.array([1, None], pa.int32())}))
    pinned = store.version("t")
    assert store.take("t", [5, 0, 2], ["id"]).to_pydict() == {"id": ["cc", "a", "b"]}
    assert store.remove("t", pc.field("id") == "aa") == 1
    assert opened().take("t", [1, 4], ["id"]).to_pydict() == {"id": ["b", "cc"]}
    assert opened().take("t", [1, 4], ["id"], version=pinned).to_pydict() == {"id": ["aa", "c"]}
    wanted = _schema(n=pa.int32(), box=pa.list_(pa.float32(), 4))
    assert store.take("t", [1, 2], schema=wanted).to_pydict() == {"n": [1, None], "box": [None, None]}
    assert store.take("t", [], schema=wanted).equals(wanted.empty_table())
    with pytest.raises(WorkspaceError):
        store.take("t", [5], ["id"])


def batches_give_the_same_rows(opened: Opened) -> None:
    """A stream has the rows of a read, in order, in batches no longer than asked."""
    store = opened()
    for start in range(0, 500, 100):
        store.append("t", pa.table({"n": pa.array(range(start, start + 100))}))
    wanted = _schema(n=pa.int64(), more=pa.string())
    batches = list(store.batches("t", schema=wanted, rows=64))
    assert max(batch.num_rows for batch in batches) <= 64
    assert pa.Table.from_batches(batches).equals(store.read("t", schema=wanted))
    few = list(store.batches("t", ["n"], where=pc.field("n") >= 450, rows=64))
    assert pa.Table.from_batches(few)["n"].to_pylist() == list(range(450, 500))


def a_changed_type_is_refused(opened: Opened) -> None:
    """Rows of another type, of no type, or with doubled columns are refused, and nothing is added."""
    store = opened()
    version = store.append("t", pa.table({"n": pa.array([1], pa.int32())}))
    for bad in (
        pa.table({"n": ["1"]}),
        pa.table({"n": pa.array([1], pa.int64())}),
        pa.table({"n": pa.nulls(1)}),
        pa.Table.from_arrays([pa.array([1], pa.int32())] * 2, names=["n", "n"]),
    ):
        with pytest.raises(WorkspaceError) as caught:
            store.append("t", bad)
        assert caught.value.hint
    assert store.version("t") == version
    required = pa.schema([pa.field("n", pa.int32(), nullable=False, metadata={"a": "b"})], metadata={"c": "d"})
    store.append("t", pa.table({"n": [2]}, schema=required))
    store.append("t", pa.table({"m": pa.array([3], pa.int32())}))
    assert store.read("t").to_pydict() == {"n": [1, 2, None], "m": [None, None, 3]}


def names_stay_inside(opened: Opened) -> None:
    """Names with `/` are listed and dropped one by one; names that lead elsewhere are refused."""
    store = opened()
    for name in ("listings", "judgements/1/verdicts", "judgements/1/findings", "judgements/10/verdicts"):
        store.append(name, _ids(name))
    assert store.names("judgements/1/") == ["judgements/1/findings", "judgements/1/verdicts"]
    store.drop("judgements/1/verdicts")
    assert opened().names() == ["judgements/1/findings", "judgements/10/verdicts", "listings"]
    store.append("judgements/1/verdicts", pa.table({"other": [1]}))
    assert opened().read("judgements/1/verdicts").to_pydict() == {"other": [1]}, "a dropped name can be used anew"
    for name in ("", "..", "../x", "a/../b", "/a", "a/", "a//b", "a\n", "a b", ".a", "a.lance/b", "a\x00", "x" * 999):
        for ask in (store.version, store.schema, store.read, store.drop, lambda n: store.append(n, _ids("a"))):
            with pytest.raises(WorkspaceError):
                ask(name)


def several_may_append_at_once(opened: Opened) -> None:
    """Threads that make, widen and append to one table at once all succeed, and no row is lost or doubled."""
    failed: list[Exception] = []
    together = threading.Barrier(3)

    def append(table: str, writer: int) -> None:
        store = opened()
        together.wait()
        try:
            for turn in range(4):
                column = {"n": pa.array([10 * writer + turn])}
                store.append(table, pa.table(column | ({f"only_{writer}": ["x"]} if turn > 1 else {})))
        except PackshotError as error:
            failed.append(error)

    for table in ("first", "second", "third"):
        threads = [threading.Thread(target=append, args=(table, writer)) for writer in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        rows = opened().read(table)
        assert rows.num_rows == 12
        assert set(rows["n"].to_pylist()) == {10 * writer + turn for writer in range(3) for turn in range(4)}
        assert sorted(rows.column_names) == ["n", "only_0", "only_1", "only_2"]
        assert rows["only_1"].to_pylist().count("x") == 2


def compaction_keeps_rows_and_their_order(opened: Opened) -> None:
    """Small parts are merged; rows, their order and what others append meanwhile stay; older versions stay readable."""
    store = opened()
    assert store.compact("t") is None
    for number in range(4):
        store.append("t", pa.table({"n": [number, 10 + number]}))
    store.append("t", pa.table({"n": [99], "more": ["x"]}))
    before, rows = store.version("t"), store.read("t")
    done = store.compact("t")
    assert done is not None
    assert done.newer == opened().version("t") > done.older >= before
    assert opened().read("t").equals(rows)
    assert opened().read("t", version=done.older).equals(rows)
    assert store.compact("t") is None
    store.append("t", pa.table({"n": [7]}))
    assert opened().read("t", ["n"])["n"].to_pylist() == [*rows["n"].to_pylist(), 7]
    assert store.compact("t") is not None
    assert opened().read("t", ["n"])["n"].to_pylist() == [*rows["n"].to_pylist(), 7]


def compaction_loses_nothing_that_others_append(opened: Opened) -> None:
    """While one compacts again and again, another appends: every row is there once, in the order of the appends."""
    opened().append("t", pa.table({"n": [0]}))
    going = threading.Event()

    def compact() -> None:
        store = opened()
        while not going.is_set():
            store.compact("t")

    other = threading.Thread(target=compact)
    other.start()
    try:
        store = opened()
        for number in range(1, 9):
            store.append("t", pa.table({"n": [number]}))
    finally:
        going.set()
        other.join()
    assert opened().read("t")["n"].to_pylist() == list(range(9))


def removed_rows_are_gone(opened: Opened) -> None:
    """Rows are removed by what they say, from now on; compacted and cleaned, no version has them."""
    store = opened()
    assert store.remove("t", pc.field("n") == 1) == 0
    for number in range(3):
        store.append("t", pa.table({"n": [number, 10 + number, 20]}))
    before = store.version("t")
    assert store.remove("t", (pc.field("n") == 20) | (pc.field("n") == 1)) == 4
    assert opened().read("t")["n"].to_pylist() == [0, 10, 11, 2, 12]
    assert opened().read("t", version=before).num_rows == 9
    assert store.remove("t", pc.field("n") == 20) == 0
    assert store.compact("t") is not None
    assert store.clean("t") > 0
    assert opened().read("t")["n"].to_pylist() == [0, 10, 11, 2, 12]
    assert [version.number for version in opened().versions("t")] == [opened().version("t")]
    assert store.remove("t", pc.field("n") >= 0) == 5
    assert opened().read("t").num_rows == 0
    store.append("t", pa.table({"n": [1]}))
    assert opened().read("t")["n"].to_pylist() == [1]


def cleaning_keeps_what_is_pinned(opened: Opened) -> None:
    """Versions that are kept, that are young, and the newest stay readable; the others are gone."""
    store = opened()
    assert store.versions("t") == []
    assert store.clean("t") == 0
    pins = [store.append("t", _ids(f"{number}")) for number in range(5)]
    assert [version.number for version in store.versions("t")][-5:] == pins
    assert store.clean("t", older_than_s=3600) == 0
    store.compact("t")
    store.clean("t", keep=[pins[1], pins[3]])
    assert [version.number for version in opened().versions("t")] == [pins[1], pins[3], store.version("t")]
    assert opened().read("t", version=pins[1])["id"].to_pylist() == ["0", "1"]
    with pytest.raises(WorkspaceError):
        opened().read("t", version=pins[2])
    assert opened().read("t")["id"].to_pylist() == list("01234")


EVERY = (
    every_type_comes_back,
    every_table_of_the_data_model_can_be_kept,
    each_append_is_a_version,
    an_absent_table_is_said_to_be_absent,
    reads_choose_columns_and_rows,
    rows_are_taken_by_their_places,
    batches_give_the_same_rows,
    a_changed_type_is_refused,
    names_stay_inside,
    several_may_append_at_once,
    compaction_keeps_rows_and_their_order,
    compaction_loses_nothing_that_others_append,
    removed_rows_are_gone,
    cleaning_keeps_what_is_pinned,
)
"""All of them: `@pytest.mark.parametrize("holds", every_store.EVERY)`, then `holds(opened)`."""
