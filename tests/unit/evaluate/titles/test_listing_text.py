import pytest

from packshot.evaluate.titles.listing_text import LONGEST, leaf, normal


def test_a_text_is_the_same_however_it_is_written():
    assert normal(" Mars\tHeatTech&amp;trade;\u00a0Pullover\x00 ") == "Mars HeatTechTM Pullover"
    assert normal("ﬁne") == normal("fine")
    assert normal(None) == normal("\u200b") == ""
    assert len(normal("a" * 5000)) == LONGEST


@pytest.mark.parametrize(
    ("category", "last"),
    [
        ("Men/Tops/Hoodies & Sweatshirts", "Hoodies & Sweatshirts"),
        ("Home > Garden &gt; Garden-Gnomes", "Garden Gnomes"),
        ("Milk", "Milk"),
        ("Home / ", "Home"),
        (" / ", ""),
        (None, ""),
    ],
)
def test_the_last_step_of_a_category_counts(category, last):
    assert leaf(category) == last
