import pytest

from packshot.collect.head_text import decoded
from packshot.core.errors import SourceError

TEXTS = {
    "cp1252": "Größe;Schüssel „weiß“;Müller & Söhne;Crème brûlée;Ø 12 cm\n",
    "cp1250": "Krzesło dębowe żółte;Zdjęcie główne;Łąka;Świat mebli\n",
    "cp1251": "Артикул;Стул дубовый;Цена\n",
    "mac-roman": "Größe;Schlüssel;Büromöbel\n",
    "cp850": "Größe;Schlüssel;Büromöbel\n",
    "cp932": "商品番号,湯呑み 青,サンプル\n",
    "gb18030": "商品编号,蓝色的杯子,家具\n",
    "euc_kr": "상품코드,파란 머그컵,의자\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_an_encoding_is_told_by_the_letters_of_a_language(name):
    found = decoded(TEXTS[name].encode(name), "feed.csv", whole=True)
    assert (found.text, found.encoding, found.doubts) == (TEXTS[name], name, ())
    assert "--encoding" in found.notes[0]


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_unicode_needs_no_word(name):
    found = decoded(TEXTS["cp1252"].encode(name), "feed.csv", whole=True)
    assert (found.text.lstrip("\ufeff"), found.encoding, found.notes) == (TEXTS["cp1252"], None, ())


def test_a_cut_inside_a_letter_is_no_damage():
    head = ("a;b\n" + "ü" * 99).encode()[:-1]
    assert decoded(head, "feed.csv", whole=False).text == "a;b\n"
    assert "damaged" in decoded(head, "feed.csv", whole=True).notes[0]


def test_what_two_encodings_read_alike_well_is_asked():
    found = decoded("Stuhl ø 3;ø\n".encode("cp1252"), "feed.csv", whole=True)
    ((name, choices, why),) = found.doubts
    assert (name, choices[0], "cp1250" in choices) == ("encoding", "cp1252", True)
    assert why


@pytest.mark.parametrize(("head", "says"), [(b"", "empty"), (b"PK\x03\x04", "ZIP"), (b"a\0\0\1" * 99, "no text")])
def test_what_is_no_text_is_told(head, says):
    with pytest.raises(SourceError) as told:
        decoded(head, "feed.csv", whole=True)
    assert says in str(told.value)
