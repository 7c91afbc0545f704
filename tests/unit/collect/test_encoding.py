import codecs

import pytest

from packshot.collect import encoding
from packshot.collect.encoding import find_encoding
from packshot.core.errors import SourceError

TEXT = "id,title,image\n1,Größe – Füße,a.jpg\n"


def found(tmp_path, content):
    path = tmp_path / "feed.csv"
    path.write_bytes(content)
    return find_encoding(path, "feed.csv"), path


@pytest.mark.parametrize(
    ("content", "noted"),
    [
        (TEXT.encode(), False),
        (codecs.BOM_UTF8 + TEXT.encode(), False),
        (TEXT.encode("utf-16"), False),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), False),
        (TEXT.encode("utf-32"), False),
        (TEXT.encode("utf-16-le"), True),
        (TEXT.encode("utf-16-be"), True),
        (TEXT.encode("cp1252"), True),
    ],
)
def test_the_text_comes_back(tmp_path, content, noted):
    how, path = found(tmp_path, content)
    assert path.read_text(encoding=how.name, errors=how.errors).lstrip("\ufeff") == TEXT
    assert bool(how.note) is noted


def test_latin_1_where_windows_has_no_such_letter(tmp_path):
    how, _ = found(tmp_path, b"id,image\n\xe9\x81,a.jpg\n")
    assert how.name == "latin-1"
    assert "latin-1" in how.note


def test_a_little_damage_leaves_utf8_what_it_is(tmp_path):
    how, path = found(tmp_path, TEXT.encode() + b"2,Gr\xf6sse,b.jpg\n")
    assert (how.name, how.errors) == ("utf-8", "surrogateescape")
    assert "1 damaged" in how.note
    assert path.read_text(encoding=how.name, errors=how.errors).endswith("2,Gr\udcf6sse,b.jpg\n")


def test_letters_cut_by_a_chunk_are_no_damage(tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "_CHUNK", 7)
    assert found(tmp_path, TEXT.encode())[0].note == ""
    assert found(tmp_path, TEXT.encode()[:25])[0].note == ""
    assert "damaged" in found(tmp_path, TEXT.encode() + "ü".encode()[:1])[0].note


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"PK\x03\x04...", "Excel"), (b"\x1f\x8b...", "gzip"), (b"%PDF-1.4", "PDF"), (b"PAR1", "Parquet")],
)
def test_what_is_no_text_is_named(tmp_path, content, word):
    with pytest.raises(SourceError) as caught:
        found(tmp_path, content)
    assert word in caught.value.hint


def test_broken_utf16_is_refused(tmp_path):
    with pytest.raises(SourceError, match="UTF-16"):
        found(tmp_path, codecs.BOM_UTF16_LE + b"a\0b\0\x00\xdc" + b"c\0")


def test_a_line_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "MAX_LINE_BYTES", 1 << 20)
    monkeypatch.setattr(encoding, "_CHUNK", 1 << 16)
    with pytest.raises(SourceError, match="a line of more than"):
        found(tmp_path, b"id,image\n" + b"x" * (2 << 20))
