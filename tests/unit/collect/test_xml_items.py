import pytest

from packshot.collect import xml_items
from packshot.collect.rows import Notes, Row
from packshot.collect.xml_items import item_rows
from packshot.core.errors import SourceError

OPEN = '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>\n'
CLOSE = "</channel></rss>"
ITEM = "<item><g:id>1</g:id><g:image_link>1.jpg</g:image_link></item>\n"


def read(tmp_path, text, mapping=None, encoding="utf-8"):
    path = tmp_path / "feed.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return list(item_rows(path, mapping or {}, "feed.xml", Notes()))


def test_fields_attributes_and_line(tmp_path):
    item = (
        "<item><title>plain</title><g:id> 7 </g:id><g:title>for Google</g:title>"
        "<g:product_type>A &gt; B</g:product_type>"
        "<g:image_link><![CDATA[7 & 8.jpg]]></g:image_link><g:price>3 EUR</g:price>"
        "<g:shipping><g:country>DE</g:country></g:shipping><g:size>S</g:size><g:size>M</g:size></item>"
    )
    (row,) = read(tmp_path, OPEN + "\n\n" + item + CLOSE)
    expected = {"listing_id": "7", "title": "for Google", "category": "A > B"}
    assert dict(row.fields) == expected
    assert [picture.uri for picture in row.pictures] == ["7 & 8.jpg"]
    assert row.attributes == {"price": "3 EUR", "shipping.country": "DE", "size": "S, M"}
    assert row.where == "line 4"


def test_googles_category_is_known_as_such_beside_another_and_alone(tmp_path):
    google = "<g:google_product_category>2271</g:google_product_category>"
    items = (
        ITEM.replace("</item>", f"{extra}</item>")
        for extra in (google, f"{google}<g:product_type>Sale</g:product_type>")
    )
    alone, beside = read(tmp_path, OPEN + "".join(items) + CLOSE)
    assert (alone.fields["category"], alone.fields["google_category"]) == ("2271", "2271")
    assert (beside.fields["category"], beside.fields["google_category"]) == ("Sale", "2271")


def test_names_without_any_namespace(tmp_path):
    (row,) = read(tmp_path, "<rss><channel><item><id>1</id><image_link>a.jpg</image_link></item></channel></rss>")
    assert row.fields["listing_id"] == "1"


def test_mapping_names_elements(tmp_path):
    text = (
        OPEN + "<item><g:mpn>m</g:mpn><g:id>1</g:id><g:image_link>a.jpg</g:image_link><g:rank>4</g:rank></item>" + CLOSE
    )
    (row,) = read(tmp_path, text, {"listing_id": "mpn", "position": "g:rank"})
    assert row.fields["listing_id"] == "m"
    assert row.pictures[0].position == "4"
    assert row.attributes == {"id": "1"}


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252"])
def test_declared_encodings(tmp_path, encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + OPEN + ITEM.replace(">1<", ">größe<") + CLOSE
    assert read(tmp_path, text, encoding=encoding)[0].fields["listing_id"] == "größe"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OPEN + ITEM + "<item><g:id>2", "line 3"),
        (OPEN + ITEM + "<item></wrong></item>" + CLOSE, "mismatched tag: line 3"),
        (OPEN.replace("xmlns:g", "xmlns:x") + ITEM + CLOSE, "xmlns:g="),
        ('<!DOCTYPE rss SYSTEM "http://h.example/x.dtd">' + OPEN + ITEM + CLOSE, "DOCTYPE"),
        (
            '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + OPEN + ITEM.replace("1.jpg", "&x;") + CLOSE,
            "refused",
        ),
        (OPEN + ITEM.replace("1.jpg", "&nbsp;") + CLOSE, "line 2"),
        ('<?xml version="1.0" encoding="nonsense"?>' + OPEN + ITEM + CLOSE, "encoding"),
        ("<catalog><product/></catalog>", "no items"),
        ("", "no element found"),
        (OPEN + "<item><title>News</title><link>https://h.example</link></item>" + CLOSE, "image_link"),
    ],
)
def test_what_cannot_be_trusted_as_a_whole_is_refused(tmp_path, text, words):
    with pytest.raises(SourceError) as caught:
        read(tmp_path, text)
    assert words in str(caught.value)


def test_bytes_that_are_not_the_declared_encoding(tmp_path):
    with pytest.raises(SourceError, match="line 2"):
        read(tmp_path, (OPEN + ITEM.replace("1.jpg", "\xe9.jpg") + CLOSE).encode("latin-1"))


def test_a_mapped_element_that_no_item_has(tmp_path):
    with pytest.raises(SourceError, match="brand"):
        read(tmp_path, OPEN + ITEM + CLOSE, {"brand": "maker"})


def test_no_items_is_an_empty_feed(tmp_path):
    assert read(tmp_path, OPEN + CLOSE) == []


def test_an_item_of_unreasonable_size_is_a_bad_row(tmp_path, monkeypatch):
    monkeypatch.setattr(xml_items, "MAX_ITEM_CHARS", 1000)
    monkeypatch.setattr(xml_items, "MAX_ITEM_FIELDS", 50)
    long = ITEM.replace("1.jpg", "x" * 5000)
    many = ITEM.replace("</item>", "<g:x>1</g:x>" * 100 + "</item>")
    items = read(tmp_path, OPEN + long + many + ITEM + CLOSE)
    assert [isinstance(item, Row) for item in items] == [False, False, True]
    assert "line 2" in items[0].detail


def test_deep_nesting_is_read_through(tmp_path):
    deep = "<g:a>" * 20_000 + "</g:a>" * 20_000
    assert len(read(tmp_path, OPEN + ITEM.replace("</item>", deep + "</item>") + ITEM + CLOSE)) == 2


def test_items_come_while_the_file_is_read(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_text(OPEN + ITEM * 20_000)  # never closed: an error, but only at its end
    rows = item_rows(path, {}, "feed.xml", Notes())
    assert isinstance(next(rows), Row)
    with pytest.raises(SourceError):
        list(rows)
