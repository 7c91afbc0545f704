import pytest

from packshot.evaluate.contacts import contacts


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("www.example-shop.com", ["www.example-shop.com"]),
        ("Visit example.com/offers now", ["example.com/offers"]),
        ("https://example.org/a?b=c", ["https://example.org/a?b=c"]),
        ("info@example.com", ["info@example.com"]),
        ("Tel. 030 555 0100", ["Tel. 030 555 0100"]),
        ("+44 20 7946 0123", ["+44 20 7946 0123"]),
        ("WhatsApp: +49 151 5550100", ["WhatsApp: +49 151 5550100"]),
        ("mail@a.de or www.a.de", ["mail@a.de", "www.a.de"]),
    ],
)
def test_ways_to_someone_are_found(line, found):
    assert contacts(line) == found


@pytest.mark.parametrize(
    "line",
    [
        "4006381333931",
        "No. 7",
        "500 g",
        "2.5 l",
        "est. 1921",
        "Dr.Oetker",
        "v2.0",
        "+5 more",
        "A.B.C.",
        "100 % cotton",
        "",
    ],
)
def test_numbers_and_names_of_goods_are_none(line):
    assert contacts(line) == []


@pytest.mark.parametrize(
    "line", ["a" * 5000, "www." * 1000, "1 " * 3000, "a." * 2000 + "com", "@" * 3000, "+1 " * 2000]
)
def test_hostile_lines_end_soon(line):
    contacts(line[:200])
