import polars as pl
import pytest

from packshot.core.errors import WorkspaceError
from packshot.storage import current
from packshot.storage.current import (
    current_fetches,
    current_listings,
    current_measurements,
    current_placements,
    missing,
    one_per_key,
)

PASSES = {"p1": {"size": 1, "blur": 1}, "p2": {"blur": 2}, "p3": {"size": 1, "blur": 2}}
COLUMNS = {"size": ("width_px", "height_px"), "blur": ("sharpness",), "other": ("unknown",)}
NO_TROUBLE = pl.DataFrame(
    schema={"asset_id": pl.String, "retryable": pl.Boolean, "measure": pl.String, "version": pl.Int32}
)


@pytest.fixture(params=["distinct hashes", "all hashes equal"], autouse=True)
def hashes(request, monkeypatch):
    """Whatever the hashes are, the answers are the same."""
    if request.param == "all hashes equal":
        told = current._hashes
        monkeypatch.setattr(current, "_hashes", lambda keys: told(keys) * 0)


def ops(*rows):
    names = ("source_id", "snapshot_id", "seq", "op", "listing_id", "title")
    return pl.DataFrame(rows, schema=names, orient="row")


def measurements(*rows):
    schema = {"asset_id": pl.String, "pass_id": pl.String, "failed": pl.List(pl.String)}
    schema |= {"width_px": pl.Int64, "height_px": pl.Int64, "sharpness": pl.Float32}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_the_last_op_in_a_committed_snapshot_counts():
    table = ops(
        ("s", "two", 0, "upsert", "a", "a later"),
        ("s", "one", 1, "upsert", "b", "b"),
        ("s", "one", 0, "upsert", "a", "a first"),
        ("t", "one", 2, "upsert", "a", "of another source"),
        ("s", "two", 1, "delete", "b", None),
        ("s", "torn", 9, "upsert", "a", "never committed"),
        ("s", "torn", 9, "delete", "a", None),
    )
    got = current_listings(table, ["one", "two"])
    assert got.select("source_id", "listing_id", "title").rows() == [
        ("t", "a", "of another source"),
        ("s", "a", "a later"),
    ]
    assert current_listings(table, ["one"])["title"].to_list() == ["a first", "b", "of another source"]
    assert current_listings(table, ["two", "one"])["title"].to_list() == ["a first", "b", "of another source"]
    assert current_listings(table, []).height == 0
    assert current_listings(table.clear(), ["one"]).columns == table.columns


def test_a_listing_may_come_back_after_it_was_deleted():
    table = ops(
        ("s", "1", 0, "upsert", "a", "x"), ("s", "2", 0, "delete", "a", None), ("s", "3", 0, "upsert", "a", "again")
    )
    assert current_listings(table, ["1", "2"]).height == 0
    assert current_listings(table, ["1", "2", "3"])["title"].to_list() == ["again"]


def test_later_rows_of_one_snapshot_win():
    table = ops(("s", "1", 5, "upsert", "a", "late"), ("s", "1", 4, "upsert", "a", "early"))
    assert current_listings(table, ["1"])["title"].to_list() == ["late"]


def test_placements_are_kept_by_their_id():
    table = pl.DataFrame({
        "snapshot_id": ["1", "1", "2"],
        "seq": [0, 1, 0],
        "op": ["upsert", "upsert", "delete"],
        "placement_id": ["p", "q", "p"],
        "role": ["main", "main", None],
    })  # fmt: skip
    assert current_placements(table, ["1", "2"])["placement_id"].to_list() == ["q"]
    assert current_placements(table, ["1"])["placement_id"].to_list() == ["p", "q"]


def test_equal_keys_collapse_to_the_last():
    table = pl.DataFrame({"asset_id": ["a", "b", "a"], "n": [1, 2, 3]})
    assert one_per_key(table, "asset_id").rows() == [("b", 2), ("a", 3)]


def fetches(*rows):
    names = ("uri_key", "seq", "asset_id", "status", "at")
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.lit("tag").alias("etag"),
        pl.lit(None, pl.String).alias("last_modified"),
        pl.lit(1).alias("size_bytes"),
        pl.lit(2).alias("mtime_ns"),
    )


def test_the_last_success_wins_and_a_failure_keeps_it():
    table = fetches(
        ("kept", 3, None, "unreachable", 30),
        ("kept", 1, "old", "ok", 10),
        ("kept", 2, "new", "ok", 20),
        ("kept", 4, None, "not_found", 40),
        ("mended", 1, None, "not_found", 11),
        ("mended", 2, "m", "ok", 21),
        ("never", 1, None, "refused", 12),
        ("never", 2, None, "not_found", 22),
    )
    got = {row["uri_key"]: row for row in current_fetches(table).to_dicts()}
    kept, mended, never = got["kept"], got["mended"], got["never"]
    assert (kept["asset_id"], kept["seq"], kept["at"], kept["status"]) == ("new", 2, 20, "not_found")
    assert (kept["stale_since"], kept["failures"], kept["etag"]) == (30, 2, "tag")
    assert (mended["asset_id"], mended["status"], mended["stale_since"], mended["failures"]) == ("m", "ok", None, 0)
    assert (never["asset_id"], never["etag"], never["at"]) == (None, None, None)
    assert (never["status"], never["stale_since"], never["failures"]) == ("not_found", 12, 2)
    assert current_fetches(table.clear()).height == 0


def test_each_measure_comes_from_a_row_that_holds_it():
    table = measurements(
        ("a", "p1", [], 10, 20, 0.1),
        ("a", "p2", [], None, None, 0.9),
        ("b", "p1", None, 30, 40, 0.2),
        ("c", "p2", [], None, None, None),
        ("d", "p3", ["blur"], 50, 60, None),
        ("e", "unknown", [], 70, 80, 0.7),
        ("f", "p3", ["blur", "size"], 1, 1, 1.0),
    )
    got = current_measurements(table, PASSES, {"size": 1, "blur": 2}, COLUMNS)
    assert got.columns == ["asset_id", "width_px", "height_px", "sharpness", "measured:size", "measured:blur"]
    rows = {row[0]: row[1:] for row in got.with_columns(pl.col("sharpness").round(3)).rows()}
    assert rows["a"] == (10, 20, pytest.approx(0.9), True, True)
    assert rows["b"] == (30, 40, None, True, False), "blur 1 is stale"
    assert rows["c"] == (None, None, None, False, True), "measured, with no answer"
    assert rows["d"] == (50, 60, None, True, False), "what failed is not measured"
    assert sorted(rows) == ["a", "b", "c", "d"]


def test_doubled_rows_collapse_and_types_stay():
    table = measurements(("a", "p1", [], 10, 20, 0.5), ("b", "p1", [], 1, 2, 0.25), ("a", "p1", [], 10, 20, 0.5))
    got = current_measurements(table, PASSES, {"size": 1, "blur": 1}, COLUMNS)
    assert got.rows() == [("a", 10, 20, 0.5, True, True), ("b", 1, 2, 0.25, True, True)]
    assert got.schema["sharpness"] == pl.Float32


def test_a_failure_in_one_row_leaves_the_value_of_another():
    table = measurements(("a", "p3", [], 1, 2, 0.5), ("a", "p3", ["blur"], 1, 2, None))
    assert current_measurements(table, PASSES, {"blur": 2}, COLUMNS).rows() == [("a", 0.5, True)]


def test_every_kind_of_column_survives_the_collapse():
    table = measurements(
        ("a", "p2", [], 0, 0, 0.0), ("a", "p1", [], 0, 0, 0.0), ("b", "p2", [], 0, 0, 0.0)
    ).with_columns(
        pl.Series("box", [None, [0.0, 0.25, 0.5, 1.0], None], dtype=pl.Array(pl.Float32, 4)),
        pl.Series("pdq", [None, b"\x00\xff" * 16, None]),
        pl.Series("edges", [None, ["left"], None], dtype=pl.List(pl.String)),
    )
    columns = {"box": ("box", "pdq", "edges"), "blur": ("sharpness",)}
    got = current_measurements(table, {"p1": {"box": 1}, "p2": {"blur": 1}}, {"box": 1, "blur": 1}, columns)
    assert got["box"].to_list() == [[0.0, 0.25, 0.5, 1.0], None]
    assert got["pdq"].to_list() == [b"\x00\xff" * 16, None]
    assert got["edges"].to_list() == [["left"], None]
    assert got["measured:box"].to_list() == [True, False]


def test_nothing_wanted_or_nothing_stored_gives_no_rows():
    table = measurements(("a", "p1", [], 1, 2, 0.5))
    assert current_measurements(table, PASSES, {}, COLUMNS).shape == (0, 1)
    assert current_measurements(table.clear(), PASSES, {"blur": 1}, COLUMNS).height == 0
    assert current_measurements(table, {}, {"blur": 1}, COLUMNS).height == 0
    with pytest.raises(WorkspaceError, match="unknown"):
        current_measurements(table, PASSES, {"other": 1}, COLUMNS)


def test_missing_is_what_is_wanted_less_what_is_there():
    table = measurements(
        ("whole", "p3", [], 1, 1, 0.5),
        ("stale", "p1", [], 1, 1, 0.5),
        ("failed", "p3", ["size"], None, None, 0.5),
        ("gone", "p3", [], 1, 1, 0.5),
    )
    assets = pl.Series(["new", "whole", "stale", "failed", "also new"])
    got = missing(assets, table, PASSES, {"size": 1, "blur": 2}, NO_TROUBLE)
    lists = dict(got.select("asset_id", "missing").rows())
    assert lists == {"new": ["blur", "size"], "stale": ["blur"], "failed": ["size"], "also new": ["blur", "size"]}
    assert got["group"].is_sorted()
    groups = dict(got.select("asset_id", "group").rows())
    assert groups["new"] == groups["also new"]
    assert len({groups["new"], groups["stale"], groups["failed"]}) == 3


def test_trouble_that_no_retry_can_mend_excuses():
    troubles = pl.DataFrame(
        [
            ("broken", False, None, None),
            ("busy", True, None, None),
            ("fails", False, "blur", 2),
            ("failed once", False, "blur", 1),
            (None, False, None, None),
            ("elsewhere", False, None, None),
        ],
        schema=NO_TROUBLE.schema,
        orient="row",
    )
    assets = pl.Series(["broken", "busy", "fails", "failed once"])
    got = missing(assets, measurements(), PASSES, {"size": 1, "blur": 2}, troubles)
    both = ["blur", "size"]
    assert dict(got.select("asset_id", "missing").rows()) == {"busy": both, "fails": ["size"], "failed once": both}


def test_nothing_is_missing():
    table = measurements(("a", "p3", [], 1, 1, 0.5))
    assert missing(pl.Series(["a"]), table, PASSES, {"size": 1}, NO_TROUBLE).height == 0
    assert missing(pl.Series(["a"]), table, PASSES, {}, NO_TROUBLE).height == 0
    assert missing(pl.Series([], dtype=pl.String), table, PASSES, {"size": 1}, NO_TROUBLE).height == 0


def test_more_measures_than_one_word_has_bits():
    wanted = {f"m{number:03}": 1 for number in range(150)}
    passes = {"p": {name: 1 for name in wanted if name != "m149"}}
    got = missing(pl.Series(["a", "b"]), measurements(("a", "p", ["m070"], 0, 0, 0.0)), passes, wanted, NO_TROUBLE)
    assert dict(got.select("asset_id", "missing").rows()) == {"a": ["m070", "m149"], "b": sorted(wanted)}


@pytest.mark.parametrize("columns", [None, ["uri_key", "seq", "status", "asset_id"]])
def test_addresses_that_answered_at_once_give_what_many_attempts_give(columns):
    table = fetches(("b", 1, "x", "ok", 10), ("a", 2, "y", "ok", 20)).select(columns or pl.all())
    again = current_fetches(pl.concat([table, table]))
    assert current_fetches(table).equals(again)
    assert current_fetches(table).schema == again.schema
    assert current_fetches(table).columns == again.columns
