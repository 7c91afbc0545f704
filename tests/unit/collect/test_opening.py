import json
import os

import pytest

from packshot.collect.opening import open_source
from packshot.core.errors import SourceError, UnknownName, UsageError
from packshot.core.listing import Listing, Placement, Role
from packshot.core.trouble import Trouble

RSS = (
    '<rss xmlns:g="http://base.google.com/ns/1.0"><channel>'
    "<item><g:id>1</g:id><g:image_link>1.jpg</g:image_link></item></channel></rss>"
)


def test_the_kind_is_chosen_by_content(tmp_path):
    (tmp_path / "a.txt").write_text("id\timage_link\n1\t1.jpg\n")
    (tmp_path / "b.csv").write_text(RSS)
    (tmp_path / "pictures").mkdir()
    assert open_source(tmp_path / "a.txt").kind == "delimited"
    assert open_source(str(tmp_path / "b.csv")).kind == "google_merchant"
    assert open_source(tmp_path / "pictures").kind == "folder"
    assert open_source(f"file://{tmp_path}/a.txt").path == tmp_path / "a.txt"


def test_googles_tab_separated_form_by_its_own_name(tmp_path):
    (tmp_path / "g.tsv").write_text("id\ttitle\timage_link\tlifestyle_image_link\n1\tMug\t1.jpg\troom.jpg\n")
    opened = open_source(tmp_path / "g.tsv", kind="google_merchant")
    roles = [record.role for record in opened.records() if isinstance(record, Placement)]
    assert roles == [Role.MAIN, Role.LIFESTYLE]


def test_a_folder_with_one_feed_is_read_by_it(tmp_path):
    (tmp_path / "catalog.csv").write_text("id,image\n1,1.jpg\n")
    (tmp_path / "scores.csv").write_text("stimulus,rating\n1,2\n")
    (tmp_path / "2.jpg").write_bytes(b"")
    opened = open_source(tmp_path)
    assert (opened.kind, opened.path, opened.base.folder) == ("delimited", tmp_path / "catalog.csv", tmp_path)
    assert len(list(opened.records())) == 2
    assert "catalog.csv" in opened.notes.lines()[0]
    assert open_source(tmp_path, group_by="file").kind == "folder"
    assert open_source(tmp_path, kind="folder").kind == "folder"
    (tmp_path / "more.tsv").write_text("id\timage\n")
    with pytest.raises(SourceError, match=r"catalog\.csv, more\.tsv"):
        open_source(tmp_path)


def test_a_mapping_makes_a_feed_of_a_table(tmp_path):
    (tmp_path / "export.csv").write_text("artikel;foto\n1;1.jpg\n")
    opened = open_source(tmp_path, mapping={"id": "artikel", "image": "foto"})
    assert [type(record) for record in opened.records()] == [Listing, Placement]
    expected = {"group_by": "file", "kind": "delimited", "mapping": {"image": "foto", "listing_id": "artikel"}}
    assert json.loads(opened.mapping_json) == expected


def test_the_source_id_is_that_of_the_place(tmp_path):
    (tmp_path / "a.csv").write_text("id,image\n")
    (tmp_path / "b.csv").write_text("id,image\n")
    ways = [tmp_path / "a.csv", tmp_path / "x" / ".." / "a.csv", f"file://{tmp_path}/a.csv"]
    assert len({open_source(way).source_id for way in ways}) == 1
    assert open_source(tmp_path / "a.csv").source_id != open_source(tmp_path / "b.csv").source_id


def test_what_is_not_there(tmp_path):
    (tmp_path / "catalogue.csv").write_text("id,image\n")
    with pytest.raises(SourceError, match=r"Did you mean catalogue\.csv"):
        open_source(tmp_path / "catalog.csv")
    with pytest.raises(SourceError, match="Nor is there a folder"):
        open_source(tmp_path / "no" / "feed.csv")


def test_what_cannot_be_a_source(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    (tmp_path / "empty.csv").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="packshot check"):
        open_source(tmp_path / "a.jpg")
    with pytest.raises(SourceError, match="empty"):
        open_source(tmp_path / "empty.csv")
    with pytest.raises(SourceError, match="neither a file nor a folder"):
        open_source(tmp_path / "pipe")


@pytest.mark.parametrize("scheme", ["https", "ftp"])
def test_a_feed_that_may_not_be_fetched_keeps_its_secrets(scheme):
    with pytest.raises(SourceError) as caught:
        open_source(f"{scheme}://me:hush@127.0.0.1/feed.csv?token=hush")
    assert "hush" not in str(caught.value)
    assert caught.value.hint


def test_options_that_do_not_go_together(tmp_path):
    (tmp_path / "a.csv").write_text("id,image\n")
    (tmp_path / "pictures").mkdir()
    with pytest.raises(UsageError):
        open_source(tmp_path / "a.csv", group_by="folder")
    with pytest.raises(UsageError):
        open_source(tmp_path / "pictures", mapping={"id": "x"})
    with pytest.raises(UsageError):
        open_source(tmp_path / "a.csv", kind="folder")
    with pytest.raises(UsageError):
        open_source(tmp_path / "pictures", kind="delimited")
    with pytest.raises(UnknownName):
        open_source(tmp_path / "a.csv", kind="delimitd")
    with pytest.raises(UnknownName):
        open_source(tmp_path / "pictures", group_by="day")


def test_a_feed_that_changes_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,image\n" + "".join(f"{i},{i}.jpg\n" for i in range(10)))
    records = open_source(path).records()
    next(records)
    path.write_text("id,image\n1,1.jpg\n")
    with pytest.raises(SourceError, match="changed"):
        list(records)


def test_reading_again_gives_the_same_and_fresh_notes(tmp_path):
    (tmp_path / "a.csv").write_text("id,image,position\n1,a.jpg,x\n,b.jpg,1\n")
    opened = open_source(tmp_path / "a.csv")
    first = list(opened.records())
    notes = opened.notes.lines()
    assert list(opened.records()) == first
    assert opened.notes.lines() == notes
    assert [type(record) for record in first] == [Listing, Placement, Trouble]


def test_an_empty_source_says_so(tmp_path):
    opened = open_source(tmp_path)
    assert list(opened.records()) == []
    assert opened.notes.lines() == ["the source holds no listings"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("feed.csv", "id,image,role\n1,a.jpg,natural\n1,b.jpg,odd\n"),
        ("feed.jsonl", '{"id": "1", "image": "a.jpg", "role": "natural"}\n{"id": "1", "image": "b.jpg"}\n'),
    ],
)
def test_a_column_that_is_mapped_to_none_is_left_out(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    opened = open_source(tmp_path / name, mapping={"role": "-"})
    roles = [record.role.value for record in opened.records() if isinstance(record, Placement)]
    assert (roles, opened.notes.lines()) == (["main", "secondary"], [])


@pytest.mark.parametrize(
    ("name", "head"), [("a.xlsx", b"PK\x03\x04"), ("a.ods", b"PK\x03\x04"), ("a.XLS", b"\xd0\xcf\x11\xe0")]
)
def test_a_workbook_is_said_to_be_one(tmp_path, name, head):
    (tmp_path / name).write_bytes(head + b"\0" * 99)
    with pytest.raises(SourceError, match="This is a workbook; save the sheet as CSV UTF-8"):
        open_source(tmp_path / name)


def test_a_table_called_a_workbook_is_read(tmp_path):
    (tmp_path / "a.xls").write_bytes(b"id,image\n1,a.jpg\n")
    assert len(list(open_source(tmp_path / "a.xls").records())) == 2


def test_names_of_columns_are_mapped_and_shown_in_the_encoding_of_the_feed(tmp_path):
    (tmp_path / "a.csv").write_bytes("Art;Öffentl. Adresse\n1;a.jpg\n".encode("cp1252"))
    opened = open_source(tmp_path / "a.csv", mapping={"listing_id": "Art", "image": "Öffentl. Adresse"})
    assert len(list(opened.records())) == 2
    opened = open_source(tmp_path / "a.csv", mapping={"listing_id": "Art", "image": "Fotto"})
    with pytest.raises(SourceError) as caught:
        list(opened.records())
    assert "'Öffentl. Adresse'" in caught.value.hint
