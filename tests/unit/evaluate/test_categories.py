import polars as pl
import pytest

from packshot.evaluate.categories import all_named, is_of, unknown
from packshot.evaluate.context import is_worn
from packshot.policies.categories import Category, shipped

NAMES = ("apparel", "accessories", "jewelry", "shoes", "children", "underwear", "hosiery")


def kinds(text):
    frame = pl.DataFrame({"category": [text]}, schema={"category": pl.String})
    told = frame.select(is_of(pl.col("category"), (f"@{name}",), shipped()).alias(name) for name in NAMES)
    return {name for name, value in told.row(0, named=True).items() if value}


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("Apparel & Accessories > Clothing > Dresses", {"apparel"}),
        ("Apparel &amp; Accessories > Clothing > Shirts &amp; Tops", {"apparel"}),
        ("Apparel and Accessories/Jewelry/Rings", {"jewelry"}),
        ("Apparel & Accessories > Clothing Accessories > Hats", {"accessories"}),
        ("google: 2271", {"apparel"}),
        ("google: 2271 - Apparel & Accessories > Clothing > Dresses", {"apparel"}),
        ("google: 187", {"shoes"}),
        ("google: 173", {"accessories"}),
        ("google: 5621", {"apparel", "children", "underwear"}),
        ("google: 209", {"apparel", "hosiery"}),
        ("2271", set()),
        ("New in\ngoogle: 187", {"shoes"}),
        ("Kids/Socks", {"children", "hosiery"}),
        ("Mugs", set()),
        ("google: 632", set()),
        (None, set()),
    ],
)
def test_words_and_ids_name_packshots_categories(category, expected):
    assert kinds(category) == expected


def test_words_of_a_rule_and_categories_stand_side_by_side():
    frame = pl.DataFrame({"category": ["Curtains", "Boots", "Women / Tops", "Women > Sale > Tops", None]})
    known = {"shoes": Category("shoes", ("boot",))}
    told = frame.select(is_of(pl.col("category"), ("curtain", "@shoes", "women > tops"), known)).to_series()
    assert told.to_list() == [True, True, True, False, None]


def test_googles_category_stands_beside_the_feeds_own():
    frame = pl.DataFrame({"category": ["Sale", None, "Sale", None], "google_category": ["187", "187", None, None]})
    assert frame.select(all_named(frame)).to_series().to_list() == ["Sale\ngoogle: 187", "google: 187", "Sale", None]
    assert frame.drop("google_category").select(all_named(frame.drop("google_category"))).columns == ["category"]


def test_googles_ids_tell_what_is_worn():
    assert is_worn(pl.DataFrame({"category": ["google: 2271", "Sale\ngoogle: 188", "632", None]})).to_list() == [
        True,
        True,
        False,
        None,
    ]


def test_what_the_map_does_not_know_is_told_once():
    categories = pl.Series("category", ["Mugs", "Gubbins", "Gubbins", None, "google: 632", "Widgets > Left"])
    assert unknown(categories, shipped()).to_list() == ["Gubbins", "Widgets > Left"]
    assert unknown(categories, {}).to_list() == ["Mugs", "Gubbins", "Widgets > Left"]
