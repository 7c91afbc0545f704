import tracemalloc

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from packshot.core.errors import PluginError
from packshot.match import pairs
from packshot.match.clusters import clusters
from packshot.match.pairs import SCHEMA, VARIANTS_KEPT, find_matches
from packshot.storage.schemas import MATCHES

RNG = np.random.default_rng(11)
HASH = RNG.integers(0, 256, 32, dtype=np.uint8)
LAB = RNG.integers(80, 120, 768, dtype=np.uint8)


def near(hash_, bits):
    unpacked = np.unpackbits(hash_)
    unpacked[:bits] ^= 1
    return np.packbits(unpacked)


def noise():
    return RNG.integers(0, 256, 32, dtype=np.uint8)


def coloured(lab, amount):
    cells = lab.copy().reshape(256, 3)
    cells[100:180, 2] += amount
    return cells.reshape(768)


def assets(*rows):
    """Rows of (asset_id, hash, lab, changes)."""
    frame = [
        {
            "asset_id": name,
            "pdq": None if hash_ is None else hash_.tobytes(),
            "pdq_quality": 100,
            "lab16": None if lab is None else lab.tobytes(),
            "width_px": 1000,
            "height_px": 1250,
            **(more[0] if more else {}),
        }
        for name, hash_, lab, *more in rows
    ]
    kinds = {"pdq": pl.Binary, "lab16": pl.Binary, "width_px": pl.Int32, "height_px": pl.Int32}
    return pl.DataFrame(frame, schema_overrides=kinds)


def placed(*names):
    return pl.DataFrame({"asset_id": list(names)}, schema={"asset_id": pl.String})


def kinds_of(found):
    return [(row["kind"], row["asset_a"], row["asset_b"]) for row in found.iter_rows(named=True)]


def test_a_resized_copy_is_the_same_and_another_colour_is_a_variant():
    table = assets(
        ("c", HASH, LAB),
        ("a", near(HASH, 12), coloured(LAB, 1), {"width_px": 400, "height_px": 500}),
        ("b", near(HASH, 4), coloured(LAB, 40)),
        ("z", RNG.integers(0, 256, 32, dtype=np.uint8), LAB),
    )
    found = find_matches(table, placed())
    assert kinds_of(found) == [("same", "a", "c"), ("variant", "a", "b"), ("variant", "b", "c")]
    assert found["distance"].to_list() == [12, 8, 4]
    assert found["delta_e"][0] < 2
    assert found["delta_e"][1] > 20


def test_the_bytes_of_one_picture_twice_are_one_exact_row():
    found = find_matches(assets(("a", HASH, LAB)), placed("a", "b", "a", None, "a", None))
    assert found.to_dicts() == [{"asset_a": "a", "asset_b": "a", "kind": "exact", "distance": 0, "delta_e": 0.0}]


@pytest.mark.parametrize(
    "change",
    [
        {"pdq_quality": 20},
        {"pdq_quality": None},
        {"width_px": None},
        {"width_px": 0},
        {"pdq": None},
        {"lab16": None},
    ],
)
def test_nothing_is_matched_without_evidence(change):
    assert find_matches(assets(("a", HASH, LAB), ("b", HASH, LAB, change)), placed()).is_empty()


@pytest.mark.parametrize(("amount", "kinds"), [(0, ["same"]), (3, [])])
def test_in_another_frame_it_has_to_agree_closely(amount, kinds):
    squeezed = ("b", HASH, coloured(LAB, amount), {"width_px": 1000, "height_px": 1000})
    assert find_matches(assets(("a", HASH, LAB), squeezed), placed())["kind"].to_list() == kinds


def test_rounding_a_small_picture_changes_no_aspect():
    small = ("b", HASH, coloured(LAB, 3), {"width_px": 53, "height_px": 67})
    assert find_matches(assets(("a", HASH, LAB), small), placed())["kind"].to_list() == ["same"]


def test_a_heap_of_placeholders_gives_a_star_for_each_colour():
    heap = [(f"{i:05}", HASH, coloured(LAB, 40 * (i % 2))) for i in range(3000)]
    found = find_matches(assets(*heap), placed())
    same = found.filter(kind="same")
    assert same.height == 2998
    assert set(same["asset_a"].to_list()) == {"00000", "00001"}
    assert kinds_of(found.filter(kind="variant")) == [("variant", "00000", "00001")]


def test_copies_with_equal_hashes_are_all_told_and_only_in_their_own_colour():
    table = assets(
        ("a", HASH, LAB),
        ("b", HASH, coloured(LAB, 40)),
        ("c", HASH, coloured(LAB, 40)),
        ("d", near(HASH, 6), coloured(LAB, 41)),
    )
    same = find_matches(table, placed()).filter(kind="same")
    assert kinds_of(same) == [("same", "b", "c"), ("same", "b", "d"), ("same", "c", "d")]


def test_two_near_heaps_and_a_copy_make_one_cluster():
    heaps = [(f"{i:03}", HASH if i % 3 else near(HASH, 4), LAB) for i in range(300)]
    table = assets(*heaps, ("copy", near(HASH, 9), LAB))
    found = find_matches(table, placed())
    assert found.height < 3 * 301
    groups = clusters(found, table)
    assert groups["cluster_id"].n_unique() == 1
    assert groups.height == 301


def test_variants_are_bounded_and_never_same():
    shades = [(f"{i:03}", HASH if i % 2 else near(HASH, 2), coloured(LAB, 3 * i)) for i in range(40)]
    found = find_matches(assets(*shades), placed())
    assert found.height <= 40 * VARIANTS_KEPT
    far = found.filter(pl.col("asset_b").cast(pl.Int32) - pl.col("asset_a").cast(pl.Int32) > 4)
    assert "same" not in far["kind"].to_list()


def test_the_order_of_the_rows_changes_nothing():
    rows = [(f"{i:03}", near(HASH, i % 40), coloured(LAB, 10 * (i % 4))) for i in range(120)]
    table, places = assets(*rows), placed("003", "003", "001", "004", "004")
    shuffled = find_matches(table.sample(fraction=1, shuffle=True, seed=3), places.reverse())
    assert_frame_equal(find_matches(table, places), shuffled)


def test_an_asset_listed_twice_does_not_match_itself():
    assert find_matches(assets(("a", HASH, LAB), ("a", HASH, LAB)), placed()).is_empty()


def test_the_columns_are_those_of_the_table():
    found = find_matches(assets(("a", HASH, LAB), ("b", HASH, LAB)), placed("a", "a"))
    assert found.schema == SCHEMA
    assert found.columns == MATCHES.names[:5]


def test_zero_rows_give_zero_rows():
    assert find_matches(assets(("a", HASH, LAB)).clear(), placed()).is_empty()


@pytest.mark.parametrize(("hash_", "lab"), [(HASH[:31], LAB), (HASH, LAB[:767])])
def test_values_of_the_wrong_length_are_named(hash_, lab):
    with pytest.raises(PluginError, match="bytes"):
        find_matches(assets(("a", hash_, lab), ("b", HASH, LAB)), placed())


def traced_peak(table):
    """The most bytes of arrays that matching `table` holds at once."""
    tracemalloc.start()
    try:
        found = find_matches(table, placed())
        return found, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("quality", [0, 100])
def test_a_heap_takes_memory_by_its_size_and_not_by_its_pairs(quality):
    """Blank pictures with nearly equal hashes of noise, and placeholders with one hash."""
    peaks = []
    for count in (1000, 8000):
        bits = np.zeros((count, 256), dtype=np.uint8)
        bits[np.arange(count), RNG.integers(0, 256, count)] = quality == 0
        hashes = HASH ^ np.packbits(bits, axis=1)
        rows = [(f"{i:05}", hash_, LAB, {"pdq_quality": quality}) for i, hash_ in enumerate(hashes)]
        found, peak = traced_peak(assets(*rows))
        assert found.height == (0 if quality == 0 else count - 1)
        peaks.append(peak)
    assert peaks[1] - peaks[0] < 8000 * 8000 / 2  # a byte for each pair; in bytes of the rows: 32 MB


def test_thumbnails_are_asked_for_only_where_hashes_are_near():
    asked = []
    table = assets(("a", HASH, LAB), ("b", near(HASH, 8), LAB), *((f"o{i}", noise(), LAB) for i in range(20)))

    def thumbnails(ids):
        asked.extend(ids)
        return ids.alias("asset_id").to_frame().join(table, on="asset_id", how="left", maintain_order="left")

    found = find_matches(table.drop("lab16"), placed(), thumbnails=thumbnails)
    assert kinds_of(found) == [("same", "a", "b")]
    assert asked == ["a", "b"]


def test_an_asset_without_a_thumbnail_stands_for_no_other():
    heap = [(f"{i:03}", HASH, LAB) for i in range(1, 70)]
    whole = find_matches(assets(*heap), placed())
    assert_frame_equal(find_matches(assets(("000", HASH, None), *heap), placed()), whole)


def test_pairs_that_are_not_held_are_found_again(monkeypatch):
    table = assets(*((f"{i:02}", near(HASH, i), coloured(LAB, 3 * (i % 4))) for i in range(30)))
    held = find_matches(table, placed())
    assert held.height
    monkeypatch.setattr(pairs, "NEAR_HELD", 3)
    assert_frame_equal(find_matches(table, placed()), held)
