import pytest

from packshot.evaluate.checks.product_cut_off import ProductCutOff, ProductCutOffParams


def told(*, spare=False, **row):
    row = {"cut_off_edges": ["bottom"], "product_confidence": 0.9, "is_worn": None, "skin_share": 0.0} | row
    return ProductCutOff().measured(row, ProductCutOffParams(spare_wearers=spare))


@pytest.mark.parametrize(
    "row",
    [{"is_worn": False, "skin_share": 0.5}, {}, {"is_worn": True, "spare": True}, {"skin_share": None, "spare": True}],
    ids=["a teapot in a hand", "a teapot without a category", "a shirt that lies", "nothing known of skin"],
)
def test_of_what_is_judged_as_the_product_no_wearer_is_spoken_of(row):
    assert told(**row) == "touches: bottom (confidence 0.90)"


def test_it_says_why_somebody_may_be_what_is_cut():
    assert told(is_worn=True).endswith("; people wear such things, and a wearer may be what is cut")
    copper = told(skin_share=0.3)
    assert "colours of skin over 30 %" in copper
    assert "wear" not in copper, "a copper kettle has the colour of skin, and nobody wears it"
    assert "is not known" in told(skin_share=None)
    assert "wear" not in told(is_worn=True, cut_off_edges=[])
