import numpy as np
import polars as pl
import pytest

from packshot.evaluate.titles.colour_words import ATTRIBUTE, agreements, shares, stated, words

RED, BLUE, GREY, NAVY = (50, 62, 44), (40, 10, -45), (50, 0, 1), (14, 6, -22)


def agreement(ids, *colours):
    """Of a product with these colours, equal parts of each."""
    flat = [value for colour in colours for value in (*colour, 1 / len(colours))]
    (found,) = agreements(shares(pl.Series([flat], dtype=pl.List(pl.Float32))), [ids])
    return float(found)


@pytest.mark.parametrize(
    ("title", "ids"),
    [
        ("Red mug", ("red",)),
        ("Rotes T-Shirt", ("red",)),
        ("Camiseta roja", ("red",)),
        ("Robe bleue", ("blue",)),
        ("Giacca nera", ("black",)),
        ("Vestido amarelo", ("yellow",)),
        ("Groene trui", ("green",)),
        ("Sukienka żółta", ("yellow",)),
        ("Hellblaues Hemd, grün abgesetzt", ("blue", "green")),
        ("Shirt navy/white", ("navy", "white")),
        ("Ring rose gold", ("rose gold",)),
        ("Running Jacket Orange", ("orange",)),
        ("Orange juicer of steel", ()),
        ("God Morgon Orange Juice", ()),
        ("Johnnie Walker Black Label 0.7 l", ()),
        ("Black & Decker drill", ()),
        ("Multicolour red and blue scarf", ()),
        ("Face Cream", ()),
        ("Orange", ()),
        ("", ()),
    ],
)
def test_only_what_is_surely_a_colour_of_the_thing_is_stated(title, ids):
    assert stated(title) == ids


def test_a_brand_is_no_colour_and_a_column_of_colours_goes_before_the_title():
    assert stated("Red Valentino bag", "Red Valentino") == ()
    assert stated("Red Valentino bag", "Red Valentino", "olive") == ("olive",)
    assert stated("Red bag", None, "assorted") == ()


@pytest.mark.parametrize(
    ("attributes", "colour"),
    [
        ('{"size": "M", "Color": "dark red"}', "dark red"),
        ('{"g:color": "blue", "price": "3"}', "blue"),
        ('{"farbe":"gr\\u00fcn"}', "gr\\u00fcn"),
        ('{"discolouration": "blue"}', None),
        ('{"color": ""}', None),
    ],
)
def test_the_column_of_colours_is_found_among_attributes(attributes, colour):
    assert pl.Series([attributes]).str.extract(ATTRIBUTE, 1)[0] == colour


def test_agreement_is_high_where_no_other_colour_fits_better():
    assert agreement(("red",), RED) == 1
    assert agreement(("red",), RED, GREY) == 1
    assert agreement(("blue",), NAVY) > 0.9
    assert agreement(("red",), BLUE) < 0.05
    assert agreement(("red", "blue"), BLUE) == 1


def test_without_a_colour_or_a_product_there_is_no_agreement():
    assert np.isnan(agreement((), RED))
    found = agreements(shares(pl.Series([None, []], dtype=pl.List(pl.Float32))), [("red",), ("red",)])
    assert np.isnan(found).all()


def test_what_is_asked_together_is_what_is_asked_alone():
    lists = [[*RED, 1.0], None, [*BLUE, 0.5, *GREY, 0.5]]
    together = agreements(shares(pl.Series(lists, dtype=pl.List(pl.Float32))), [("red",), ("red",), ("grey", "red")])
    assert together[0] == agreement(("red",), RED)
    assert np.isnan(together[1])
    assert together[2] == agreement(("grey", "red"), BLUE, GREY)


def test_every_colour_of_the_table_is_itself():
    table = words()
    assert len(table.basic) == 11
    assert all(region.light[0] < region.light[1] for region in table.regions.values())
    assert {name for ids in table.doubtful.values() for name in ids} == set(table.regions)
