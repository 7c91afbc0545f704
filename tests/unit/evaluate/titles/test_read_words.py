import numpy as np
import pytest

from packshot.evaluate.titles.read_words import LONGEST, agreements, words_of


def agreement(read, *title):
    """Of one picture with these lines, and one title."""
    return float(agreements([words_of(read)], [words_of(title)])[0])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SOMMAR-MJÖLK 1,5% 0.7 l", ("sommar", "mjolk")),
        ("SM0OTH 1000 ml", ("smooth",)),
        ("Łódź łódź", ("lodz",)),
        ("Weißbrot & mehr", ("weissbrot", "mehr")),
        ("Молоко 牛乳", ()),
        (None, ()),
        ("a" * 90, ("a" * LONGEST,)),
    ],
)
def test_words_are_in_one_form_for_all_ways_of_writing_them(text, found):
    assert words_of((text,)) == found


def test_a_title_that_stands_on_the_pack_agrees_and_one_of_another_pack_does_not():
    read = ("Arlo", "MELLAN", "MJOLK", "1,5%")
    assert agreement(read, "Mellanmjölk") == 1
    assert agreement(read, "Arla Mellanmjölk") == pytest.approx(0.75)
    assert agreement(read, "Oatly Havredryck") == 0
    assert agreement(("Tropicana.", "SM0OTH"), "Tropicana Juice Smooth") > agreement(("Tropicana.",), "Tropicana Juice")
    assert agreement(("apple", "juice"), "God Morgon Apple Juice") > agreement(("orange",), "God Morgon Apple Juice")


def test_misread_and_kindred_words_count_less_than_equal_ones():
    equal, misread, kindred = (agreement((word,), "Vanilla") for word in ("VANILLA", "vanil1a vanila", "Vanilj"))
    assert equal == 1
    assert 0 < kindred < misread < 1
    assert agreement(("original",), "Oregano") == 0


def test_the_brand_is_a_part_of_the_title_and_three_words_are_enough():
    assert agreement(("ACME",), "Screwdriver", "Acme") == 0.5
    assert agreement(("one", "two", "six"), "one two six seven eight nine") == 1


def test_without_words_on_one_of_the_two_there_is_no_agreement():
    found = agreements([(), ("milk",), ()], [("milk",), (), ()])
    assert found.dtype == np.float32
    assert np.isnan(found).all()
