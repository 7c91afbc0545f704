import pytest

from packshot.collect import table
from packshot.collect.rows import Notes, Row
from packshot.collect.source import Location
from packshot.collect.table import MAX_FIELD_CHARS, sniff_table, split_uris, table_rows
from packshot.core.errors import SourceError
from packshot.core.trouble import TroubleKind


def read(tmp_path, content, mapping=None):
    path = tmp_path / "feed.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    notes = Notes()
    items = list(table_rows(path, mapping or {}, "feed.csv", notes))
    rows = [item for item in items if isinstance(item, Row)]
    troubles = [item for item in items if not isinstance(item, Row)]
    assert all(trouble.kind is TroubleKind.BAD_ROW and trouble.stage == "collect" for trouble in troubles)
    return rows, [trouble.detail for trouble in troubles], notes


def ids(rows):
    return [row.fields["listing_id"] for row in rows]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path, delimiter, end):
    lines = [["id", "title", "image"], ["1", "a, b; c", "x.jpg"], ["2", "d", "y.jpg"]]
    quoted = end.join(delimiter.join(f'"{field}"' for field in line) for line in lines) + end
    rows, troubles, _ = read(tmp_path, quoted)
    assert [row.fields["title"] for row in rows] == ["a, b; c", "d"]
    assert [row.where for row in rows] == ["line 2", "line 3"]
    assert troubles == []


def test_a_title_full_of_other_delimiters_does_not_mislead(tmp_path):
    rows, troubles, _ = read(tmp_path, "id;title, short;image\n1;a,b,c;x.jpg\n")
    assert rows[0].attributes == {"title, short": "a,b,c"}
    assert troubles == []


def test_quoted_newlines_count_as_lines(tmp_path):
    rows, _, _ = read(tmp_path, 'id,title,image\n1,"two\nlines",x.jpg\n2,b,y.jpg\n')
    assert rows[0].fields["title"] == "two\nlines"
    assert [row.where for row in rows] == ["line 2", "line 4"]


def test_ragged_rows_are_troubles_and_the_rest_goes_on(tmp_path):
    rows, troubles, _ = read(tmp_path, "id,title,image\n1,a\n2,b,c,x.jpg\n\n3,d,z.jpg,,\n , ,\n4,e,w.jpg\n")
    assert ids(rows) == ["3", " ", "4"]
    assert [detail.split(":")[0] for detail in troubles] == ["line 2", "line 3"]
    assert "2 fields where the header has 3" in troubles[0]


def test_an_open_quotation_mark_costs_its_own_row_alone(tmp_path):
    body = "".join(f"{i},t,{i}.jpg\n" for i in range(10))
    rows, troubles, _ = read(tmp_path, "id,title,image\n" + body + 'x,"open,x.jpg\n' + body)
    assert len(rows) == 20
    assert troubles == ["line 12: a quotation mark is left open to the end of the file"]
    rows, troubles, _ = read(tmp_path, 'id,title,image\nx,"open,x.jpg\n' + body + 'y,"closed",y.jpg\n' + body)
    assert ids(rows).count("3") == 2
    assert "y" in ids(rows)
    assert len(troubles) == 1
    assert troubles[0].startswith("line 2:")
    rows, troubles, _ = read(tmp_path, 'id,title,image\nx,"open,x.jpg\n' + body + 'y,12",y.jpg\n' + body)
    assert ids(rows).count("3") == 2
    assert len(troubles) == 1


def test_prose_of_many_lines_is_one_field(tmp_path):
    prose = "a cup,\nwhite, round,\nmade, by, hand, here,\n\nof clay"
    rows, troubles, _ = read(tmp_path, f'id,title,image\n1,"{prose}",x.jpg\n2,b,y.jpg\n')
    assert [row.fields["title"] for row in rows] == [prose, "b"]
    assert troubles == []


def test_a_field_that_swallows_the_file_is_cut(tmp_path):
    body = "".join(f"{i},t,{i}.jpg\n" for i in range(20_000))
    rows, troubles, _ = read(tmp_path, 'id,title,image\nx,"open,x.jpg\n' + body)
    assert len(rows) == 20_000
    assert len(troubles) == 1
    assert "quotation mark left open" in troubles[0]


def test_endless_repairs_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "_MOST_REPAIRS", 5)
    with pytest.raises(SourceError, match="broken quotation marks"):
        read(tmp_path, "id,title,image\n" + '1,"open,x.jpg\n' * 40)


def test_nul_bytes_reach_the_row(tmp_path):
    rows, troubles, _ = read(tmp_path, b"id,title,image\n1,a\0b,x.jpg\n")
    assert rows[0].fields["title"] == "a\0b"
    assert troubles == []


def test_pictures_of_a_row(tmp_path):
    header = "id,image_link,additional_image_link,lifestyle_image_link,role,position\n"
    rows, _, _ = read(tmp_path, header + '1,a.jpg,"b.jpg, c.jpg",d.jpg,main,3\n')
    pictures = [(picture.uri.strip(), picture.role, picture.position) for picture in rows[0].pictures]
    assert pictures == [
        ("a.jpg", "main", "3"),
        ("b.jpg", None, None),
        ("c.jpg", None, None),
        ("d.jpg", "lifestyle", None),
    ]


def test_several_urls_with_commas_in_them():
    text = "https://c.example/w_1,h_2/a.jpg, https://c.example/w_1,h_2/b.jpg"
    assert split_uris(text) == ["https://c.example/w_1,h_2/a.jpg", " https://c.example/w_1,h_2/b.jpg"]
    assert split_uris("a.jpg,,b.jpg,") == ["a.jpg", "b.jpg"]
    assert split_uris("  ") == []


@pytest.mark.parametrize("content", ["", "\n\n", "id\n1\n", '"open\n' + "x,y\n" * 40_000])
def test_what_has_no_usable_header_is_refused(tmp_path, content):
    with pytest.raises(SourceError) as caught:
        read(tmp_path, content)
    assert caught.value.hint


def test_too_many_columns_are_refused(tmp_path):
    with pytest.raises(SourceError, match="columns"):
        read(tmp_path, "id,image," + ",".join("abc"[i % 3] for i in range(5000)) + "\n")


def test_a_header_and_nothing_else_is_noted(tmp_path):
    rows, troubles, notes = read(tmp_path, "id,image\n")
    assert (rows, troubles) == ([], [])
    assert notes.lines() == ["feed.csv has a header and no rows"]


def test_damaged_rows_come_through_with_their_damage_marked(tmp_path):
    rows, _, notes = read(tmp_path, "id,title,image\n1,größe,a.jpg\n".encode() + b"2,\xf6,b.jpg\n")
    assert rows[1].fields["title"] == "\udcf6"
    assert "1 damaged" in notes.lines()[0]


@pytest.mark.parametrize(
    ("name", "head", "least", "most"),
    [
        ("a.csv", b"id,image\n", 0.9, 0.96),
        ("a", b"sku\timage_link\n", 0.9, 0.96),
        ("a.csv", b"x,y\n", 0.4, 0.6),
        ("a.bin", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", 0.0, 0.2),
        ("a.xml", b"<rss><id>,<image>", 0.0, 0.0),
        ("a.csv", b"", 0.0, 0.0),
        ("a.csv", b"PK\x03\x04id,image", 0.0, 0.0),
    ],
)
def test_how_surely_a_file_is_a_table(tmp_path, name, head, least, most):
    assert least <= sniff_table(Location(tmp_path / name, is_folder=False, head=head), {}) <= most


def test_an_address_of_many_commas_is_one_and_takes_no_time():
    text = "http://a.example/x" + ",y" * 40_000  # put together piece by piece, more of them would take hours
    assert split_uris(f"{text}, https://b.example/z") == [text, " https://b.example/z"]


def test_a_list_as_python_writes_it_is_read_up_to_the_size_of_a_field():
    assert split_uris("['a.jpg', 'b.jpg']") == ["a.jpg", "b.jpg"]
    many = "[" + "'a'," * (MAX_FIELD_CHARS // 4) + "'a']"
    assert split_uris(many)[0] == "['a'"
    assert len(split_uris(many.replace("'", '"'))) == MAX_FIELD_CHARS // 4 + 1
