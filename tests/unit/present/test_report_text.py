from __future__ import annotations

import pytest

from packshot.present import report_text as text


def test_hidden_characters_become_visible():
    assert text.visible("a\nb\x7f\u202ec\ud800d") == "a␊b␡�c�d"
    assert text.visible(None) == ""
    assert text.visible("at https://me:word@example.org/x") == "at https://…@example.org/x"


def test_the_lines_of_prose_are_joined():
    assert text.prose("\nWhat is asked,\n\tand why.\n\nNo\u202e more.\n") == "What is asked, and why. No\ufffd more."
    assert text.prose(None) == ""
    assert text.prose("a\n" * 300, 5) == "a a a…"


def test_long_texts_are_cut():
    assert text.visible("x" * 10_000, 10) == "x" * 10 + "…"
    assert text.tail("folder/" * 10 + "name.jpg", 12) == "…er/name.jpg"
    assert text.tail("name.jpg") == "name.jpg"


@pytest.mark.parametrize("address", ["https://example.org/a?b=c#d", "http://example.org"])
def test_plain_addresses_may_be_linked(address):
    assert text.safe_link(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org",
        "https://user:secret@example.org/",
        "https://",
        "https://[broken/",
        "https://example.org/\u202egpj",
        'https://example.org/"onclick=',
        "https://example.org/a\nb",
        None,
    ],
)
def test_nothing_else_is_linked(address):
    assert text.safe_link(address) is None


def test_sources_are_split_into_words_and_addresses():
    assert text.sources("Guide p. 3, https://www.example.org/a; javascript:x") == [
        ("Guide p. 3,", None),
        ("example.org/a", "https://www.example.org/a"),
        ("javascript:x", None),
    ]


def test_file_names_of_rules_are_plain_and_different():
    assert text.slug("too_small") == "too_small"
    assert text.slug("../../etc/passwd") == "etc-passwd"
    assert text.slug("A b", {"a-b"}).startswith("a-b-")
    assert text.slug("index") != "index"
    assert text.slug("商品").startswith("rule-")


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 5, "0%"), (1, 1000, "<1%"), (999, 1000, ">99%"), (5, 5, "100%"), (1, 3, "33%"), (0, 0, "–")],
)
def test_a_share_is_never_rounded_to_nothing_or_all(part, whole, said):
    assert text.percent(part, whole) == said


def test_numbers_and_words():
    assert text.number(1234567) == "1\u202f234\u202f567"
    assert text.number(0.12345) == "0.123"
    assert text.number(None) == "–"
    assert text.plural(1, "category", "categories") == "1 category"
    assert text.plural(2, "category", "categories") == "2 categories"
    assert text.label("own_measure_px") == "Own measure"
    assert (text.unit("width_px"), text.unit("bytes"), text.unit("sharpness")) == ("px", "bytes", "")
