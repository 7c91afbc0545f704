from dataclasses import dataclass

import pytest

from packshot import plugins
from packshot.core.errors import UnknownName
from packshot.evaluate.bind import load_bound
from packshot.evaluate.check import Check
from packshot.evaluate.explain import (
    explain_check,
    explain_column,
    explain_measure,
    explain_policy,
    explain_rule,
    field_docs,
    parameters,
)
from packshot.evaluate.measure import Measure

CHECKS = plugins.discover("checks", Check)
MEASURES = plugins.discover("measures", Measure)


@dataclass(frozen=True, slots=True)
class Two:
    first: int = 1_000
    """The first
    of two."""
    second: float = 0.5


def test_field_docs_are_the_strings_below_the_fields():
    assert field_docs(Two) == {"first": "The first of two."}
    assert parameters(Two) == ("first = 1,000: The first of two.", "second = 0.50: ")


def test_a_check_explains_itself():
    told = explain_check("blurry", CHECKS["blurry"])
    text = told.text()
    assert text.startswith("blurry (check)\n\nThe product is out of focus.")
    assert "Why it matters:\n  shoppers zoom" in text
    assert "min_sharpness" in told.as_dict()["Parameters"][0]
    assert max(len(line) for line in text.splitlines()) <= 100


def test_a_check_says_where_it_is_blind():
    assert "Blind spots" not in explain_check("blurry", CHECKS["blurry"]).as_dict()
    (told,) = explain_check("wrong_product", CHECKS["wrong_product"]).as_dict()["Blind spots"]
    assert "things of one kind" in told
    assert "Why it matters" not in told


def test_every_measure_explains_itself():
    for name, measure in MEASURES.items():
        told = explain_measure(name, measure).as_dict()
        assert len(told["Columns"]) == len(measure.outputs)
        assert told["title"]


def test_a_column_is_explained_by_what_gives_it():
    told = explain_column("background_uniformity", MEASURES)
    assert (told.kind, told.title) == ("column", "0 (restless) to 1 (one colour).")
    assert dict(told.sections)["Comes from"][0].startswith("the measure background: ")
    assert {"Method", "Blind spots"} <= dict(told.sections).keys()
    assert explain_column("uri_extension", MEASURES).kind == "column"
    assert explain_column("nothing", MEASURES) is None


def test_a_rule_names_its_source_and_a_wrong_name_gets_the_nearest():
    amazon = load_bound("amazon", CHECKS)
    text = explain_rule(amazon, "placeholder").text()
    assert "Evidence:\n  verified, read on 2026-11-22" in text
    assert "https://sellercentral.amazon.com/" in text
    with pytest.raises(UnknownName, match="Did you mean props"):
        explain_rule(amazon, "prop")
    assert "too_few_pixels [block]" in explain_policy(amazon).text()
