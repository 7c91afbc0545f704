import pyarrow as pa
import pytest
from pyarrow import parquet

from packshot.collect.opening import open_source
from packshot.collect.sources import parquet as parquet_source
from packshot.core.errors import SourceError
from packshot.core.listing import Listing

SHOPIFY_OLD = "Handle,Title,Vendor,Option1 Name,Variant SKU,Variant Price,Image Src,Image Position\n"
SHOPIFY_NEW = "Title,URL handle,Vendor,Published on online store,Option1 name,Price,Product image URL,Image position\n"
WOO = "ID,Type,SKU,Name,Published,Is featured?,Images,Parent\n"


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.csv", "id,image\n1,a.jpg\n", "delimited"),
        ("a.csv", "handle,image_src,title\nmug,a.jpg,Mug\n", "delimited"),
        ("a.csv", SHOPIFY_OLD, "shopify"),
        ("a.csv", SHOPIFY_NEW, "shopify"),
        ("a.csv", "\ufeff" + WOO, "woocommerce"),
        ("a.csv", WOO.replace(",", ";"), "woocommerce"),
        ("a.tsv", "id\tadditional_image_link\n", "google_supplemental"),
        ("a.csv", "g:id,lifestyle_image_link,price\n", "google_supplemental"),
        ("a.csv", "id,image_link,additional_image_link\n", "delimited"),
        ("a.txt", "https://h.example/a.jpg\nhttp://h.example/b.jpg\n", "url_list"),
        ("a", "# mine\ns3://shop/a.jpg\n", "url_list"),
        ("a.txt", "a.jpg\npics/b c.png\n", "url_list"),
        ("a.txt", "id,image\n1,a.jpg\n", "delimited"),
        ("a.jsonl", '{"id": 1}\n', "json_lines"),
        ("a", '  {"id": 1, "image": "a.jpg"}', "json_lines"),
        ("a.xml", '<rss xmlns:g="http://base.google.com/ns/1.0"><channel>', "google_merchant"),
    ],
)
def test_what_a_feed_is_its_content_says(tmp_path, name, text, kind):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert open_source(tmp_path / name).kind == kind


def test_a_list_of_names_is_not_the_feed_of_its_folder(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "files.txt").write_text("a.jpg\n", encoding="utf-8")
    assert open_source(tmp_path).kind == "folder"
    (tmp_path / "urls.txt").write_text("https://h.example/a.jpg\n", encoding="utf-8")
    assert open_source(tmp_path).kind == "url_list"


def test_parquet_is_read_piece_by_piece_or_not_at_all(tmp_path, monkeypatch):
    rows = [{"id": float(number), "image_url": f"{number}.jpg", "bytes": b"x"} for number in range(2500)]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "feed")
    opened = open_source(tmp_path / "feed")
    assert opened.kind == "parquet"
    listings = [one for one in opened.records() if isinstance(one, Listing)]
    assert [one.listing_id for one in listings[:2]] == ["0", "1"]
    assert (len(listings), dict(listings[0].attributes)) == (2500, {})
    monkeypatch.setattr(parquet_source, "MOST_GROUP_BYTES", 1000)
    with pytest.raises(SourceError, match="row group"):
        list(opened.records())


@pytest.mark.parametrize("text", ["[1, 2]\n", '"id"\n', "{]\n", "{" * 5000])
def test_other_json_is_no_feed(tmp_path, text):
    (tmp_path / "a").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError):
        list(open_source(tmp_path / "a").records())


def test_hostile_lines_of_json_are_bad_rows(tmp_path):
    deep = "[" * 100_000 + "]" * 100_000
    long = "9" * 5000
    lines = [
        '{"id": 1, "image": "a.jpg"}',
        f'{{"id": 2, "image": {deep}}}',
        f'{{"id": {long}}}',
        '{"id": NaN}',
        "\x00",
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    records = list(open_source(tmp_path / "a.jsonl").records())
    assert [record.detail[:7] for record in records if hasattr(record, "detail")] == ["line 2:", "line 3:", "line 5:"]


def test_a_file_of_anything_but_objects_is_refused_before_long(tmp_path):
    (tmp_path / "a.jsonl").write_text("{}\n" + "no\n" * 1500, encoding="utf-8")
    with pytest.raises(SourceError):
        list(open_source(tmp_path / "a.jsonl").records())
