import pytest

from packshot.collect.form import Form, form_of
from packshot.collect.opening import open_source
from packshot.collect.rows import Notes
from packshot.collect.table import table_rows
from packshot.core.errors import SourceError, UsageError
from packshot.core.listing import Placement


def rows(tmp_path, content, mapping=None, **form):
    path = tmp_path / "feed.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(table_rows(path, mapping or {}, "feed.csv", Notes(), form_of(form)))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"encoding": "utf-9"}, "no encoding called"),
        ({"encoding": "base64"}, "no encoding of text"),
        ({"delimiter": ";;"}, "not one character"),
        ({"delimiter": '"'}, "not one character"),
        ({"header_line": 0}, "counted from 1"),
        ({"picture_separator": ""}, "empty"),
    ],
)
def test_what_no_feed_can_be_is_refused(given, says):
    with pytest.raises(UsageError, match=says):
        form_of(given)


def test_only_what_is_said_is_told():
    assert form_of({"delimiter": "tab", "encoding": None}) == Form(delimiter="\t")
    assert form_of({"delimiter": "tab"}).said() == {"delimiter": "\t"}


def test_lines_above_the_names_are_passed_over(tmp_path):
    content = 'Export of "today\r\n\r\nid,title,image\r\n1,"a\r\nb",x.jpg\r\n2,c\r\n'
    row, trouble = rows(tmp_path, content, header_line=3)
    assert (row.fields["title"], row.where, trouble.detail[:6]) == ("a\r\nb", "line 4", "line 6")


def test_a_named_delimiter_and_encoding_are_taken(tmp_path):
    (row,) = rows(
        tmp_path,
        "id,x;image;title\n1,y;a.jpg;Größe\n".encode("cp850"),
        {"listing_id": "id,x"},
        delimiter=";",
        encoding="cp850",
    )
    assert (row.fields["listing_id"], row.fields["title"]) == ("1,y", "Größe")
    with pytest.raises(SourceError, match="not valid UTF-8"):
        rows(tmp_path, "id,image\n1,ä.jpg\n".encode("cp850"), encoding="utf-8")
    (row,) = rows(tmp_path, "\ufeffid,image\n1,a.jpg\n".encode(), encoding="utf-8")
    assert row.fields["listing_id"] == "1"


def test_a_separator_parts_the_pictures_of_every_column(tmp_path):
    content = "id,image,role,additional_images\n1,a.jpg | b.jpg,main,c 1.jpg|d.jpg\n2,,,\n"
    row, empty = rows(tmp_path, content, picture_separator="|")
    assert [(picture.uri, picture.role) for picture in row.pictures] == [
        ("a.jpg", "main"),
        ("b.jpg", None),
        ("c 1.jpg", None),
        ("d.jpg", None),
    ]
    assert empty.pictures == ()


def test_several_columns_hold_pictures(tmp_path):
    content = "id,front,side 1,side 2,lookbook\n1,a.jpg,b.jpg,c.jpg,d.jpg\n"
    by_star = {"listing_id": "id", "image": "front", "additional_images": "side*", "lifestyle_image": "lookbook"}
    for mapping in (
        by_star,
        {**by_star, "additional_images": "side 1,side 2"},
        {**by_star, "additional_images": "side 1, front,side_2"},
    ):
        (row,) = rows(tmp_path, content, mapping)
        assert [picture.uri for picture in row.pictures] == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    (row,) = rows(tmp_path, content, {"image": "front,side 1,side 2"})
    assert [picture.uri for picture in row.pictures] == ["a.jpg", "b.jpg", "c.jpg"]
    with pytest.raises(SourceError, match="no column 'back'"):
        rows(tmp_path, content, {"image": "front,back"})


def test_how_it_is_written_belongs_to_how_it_was_read(tmp_path):
    feed = tmp_path / "feed.csv"
    feed.write_text("made today\nid;image\n1;a.jpg|b.jpg\n", encoding="utf-8")
    source = open_source(feed, form=Form(header_line=2, picture_separator="|"))
    assert len([record for record in source.records() if isinstance(record, Placement)]) == 2
    assert '"header_line": 2' in source.mapping_json
    assert '"form"' not in open_source(feed, kind="delimited", mapping={"image": "x", "listing_id": "y"}).mapping_json
