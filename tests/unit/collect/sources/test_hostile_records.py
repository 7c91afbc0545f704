from datetime import date

import pyarrow as pa
import pytest
from pyarrow import parquet

from packshot.collect.opening import open_source
from packshot.collect.sources import parquet as parquet_source
from packshot.core.errors import SourceError
from packshot.core.listing import Listing
from packshot.core.trouble import Trouble


@pytest.fixture
def read(tmp_path):
    """The listings by id, the details of troubles, and the notes of a feed of this name and content."""

    def give(name, content):
        path = tmp_path / name
        if isinstance(content, pa.Table):
            parquet.write_table(content, path)
        else:
            path.write_text(content, encoding="utf-8")
        opened = open_source(path)
        records = list(opened.records())
        listings = {one.listing_id: one for one in records if isinstance(one, Listing)}
        return listings, [one.detail for one in records if isinstance(one, Trouble)], opened.notes.lines()

    return give


def test_no_depth_of_a_record_is_too_much(read):
    depths = range(800, 1000)  # somewhere there lies what can be read and not be written
    lines = "".join(f'{{"id": {depth}, "deep": {"[" * depth}{"]" * depth}}}\n' for depth in depths)
    listings, troubles, _ = read("a.jsonl", '{"id": 1, "image": "a.jpg"}\n' + lines)
    assert len(listings) + len(troubles) == 1 + len(depths)
    assert troubles


def test_names_that_are_no_text_are_replaced(read):
    listings, _, _ = read("a.jsonl", '{"id": 1, "image": "a.jpg", "a\\ud800": "x", "b\\u0000": "y"}\n')
    assert listings["1"].attributes == {"a\ufffd": "x", "b\ufffd": "y"}


@pytest.mark.parametrize("first", ['{"id": 0, "image": "z.jpg"', '{"id": ' + "9" * 5000 + "}", '{"a":' * 2000])
def test_a_first_line_that_is_broken_is_one_bad_line(read, first):
    listings, troubles, _ = read("a.jsonl", first + '\n{"id": 1, "image": "a.jpg"}\n')
    assert list(listings) == ["1"]
    assert [detail.partition(":")[0] for detail in troubles] == ["line 1"]


@pytest.mark.parametrize(
    "values",
    [
        pa.array([2**62, 1], pa.timestamp("us")),
        pa.array([2**30, 1], pa.date32()),
        pa.array([1, 2], pa.timestamp("us", tz="Mars/Phobos")),
    ],
    ids=["far", "days", "zone"],
)
def test_dates_that_no_calendar_has_do_not_cost_the_feed(read, values):
    table = pa.table({"id": ["1", "2"], "image": ["a.jpg", "b.jpg"], "made": values})
    listings, troubles, notes = read("a.parquet", table)
    assert (list(listings), troubles) == (["1", "2"], [])
    assert listings["1"].attributes == {}
    assert any("'made'" in note for note in notes)


def test_dates_are_kept_as_text(read):
    table = pa.table({"id": ["1"], "image": ["a.jpg"], "made": pa.array([date(2026, 1, 2)])})
    assert read("a.parquet", table)[0]["1"].attributes == {"made": "2026-01-02"}


def test_a_column_that_cannot_be_taken_apart_refuses_the_whole(read):
    twice = pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], names=["x", "x"])
    with pytest.raises(SourceError, match="Parquet"):
        read("a.parquet", pa.table({"id": ["1"], "image": ["a.jpg"], "both": twice}))


def test_a_broken_row_does_not_part_a_product(read):
    header = "Handle,Title,Option1 Name,Variant SKU,Variant Barcode,Image Src,Image Position\n"
    rows = "mug,Mug,Colour,M-1,4001,https://c.example/1.jpg,1\nmug,oops\nmug,,,M-2,4002,https://c.example/2.jpg,2\n"
    listings, troubles, _ = read("a.csv", header + rows)
    assert (listings["mug"].gtin, len(troubles)) == (None, 1)


def bomb(path, values):
    """A file of a few kilobytes whose rows all hold the same large text."""
    count = len(values)
    table = pa.table({"id": [str(number) for number in range(count)], "image": ["a.jpg"] * count, "text": values})
    parquet.write_table(table, path, compression="zstd", store_schema=False)
    assert path.stat().st_size < 50_000
    return path


def test_a_text_that_is_stored_once_is_read_once(tmp_path):
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 40 + [None]), pa.array(["a" * 1_000_000]))
    opened = open_source(bomb(tmp_path / "a.parquet", text))
    rows = list(opened._source.rows(opened._location, opened.options, opened.notes))
    assert [len(row.attributes.get("text", "")) for row in rows] == [1_000_000] * 40 + [0]


@pytest.mark.parametrize("nested", [False, True])
def test_a_file_that_unpacks_beyond_reason_is_refused(tmp_path, monkeypatch, nested):
    monkeypatch.setattr(parquet_source, "FREE_BYTES", 1 << 20)
    text = "a" * 100_000
    values = (
        pa.array([[text]] * 300) if nested else pa.DictionaryArray.from_arrays(pa.array([0] * 300), pa.array([text]))
    )
    with pytest.raises(SourceError, match="packed so small"):
        list(open_source(bomb(tmp_path / "a.parquet", values)).records())


def test_texts_of_every_kind_come_as_they_are(read):
    values = ["b", None, "a", "b"]
    table = pa.table(
        {
            "id": ["1", "2", "3", "4"],
            "image": pa.array(["a.jpg"] * 4, pa.large_string()),
            "plain": values,
            "coded": pa.array(values).dictionary_encode(),
            "numbers": pa.array([7, None, 7, 8]).dictionary_encode(),
        }
    )
    listings, _, _ = read("a.parquet", table)
    found = [{"plain": value, "coded": value, "numbers": number} for value, number in zip(values, "7 78", strict=True)]
    assert [listings[str(number)].attributes for number in (1, 3, 4)] == [found[0], found[2], found[3]]
    assert listings["2"].attributes == {}
