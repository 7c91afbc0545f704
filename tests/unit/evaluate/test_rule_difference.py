from dataclasses import replace

from packshot import plugins
from packshot.core.listing import Role
from packshot.core.verdict import Verdict
from packshot.evaluate.bind import bind
from packshot.evaluate.check import Check
from packshot.evaluate.rule_difference import differences, policy_difference
from packshot.policies.categories import Category
from packshot.policies.policy import GalleryRules, Policy, Rule

CHECKS = plugins.discover("checks", Check)
SHARP = Rule("sharp", "blurry", params={"min_sharpness": 0.4}, categories=("@shoes",), says="Sharp.")
SHOES = {"shoes": Category("shoes", ("shoe",))}


def bound(*rules, **more):
    return bind(Policy("p", "P", rules, **{"categories": SHOES, **more}), CHECKS)


def test_rules_are_told_as_added_removed_and_changed():
    before = bound(SHARP, Rule("noisy", "noisy"))
    changed = replace(SHARP, params={"min_sharpness": 0.5}, roles=(Role.MAIN,), on_fail=Verdict.BLOCK, says="Sharper.")
    after = bound(changed, Rule("tinted", "tinted"), gallery=GalleryRules(max_pictures=5))
    found = policy_difference(before, after)
    assert [rule.rule.id for rule in found.added] == ["tinted"]
    assert [rule.rule.id for rule in found.removed] == ["noisy"]
    (change,) = found.changed
    assert change.fields == {
        "roles": ("all", "main"),
        "on_fail": ("fix", "block"),
        "says": ("Sharp.", "Sharper."),
        "min_sharpness": ("0.4", "0.5"),
    }
    assert found.gallery == {"max_pictures": ("9", "5")}
    assert not found.is_empty


def test_the_same_differs_in_nothing():
    assert policy_difference(bound(SHARP), bound(SHARP)).is_empty


def test_words_about_a_rule_are_not_what_it_asks():
    one, other = bound(SHARP).rules[0], bound(replace(SHARP, says="Other words.")).rules[0]
    assert differences(one, other) == {}
    assert not policy_difference(bound(SHARP), bound(replace(SHARP, says="Other words."))).is_empty


def test_another_meaning_of_a_category_is_a_change_told_by_what_the_other_lacks():
    other = bound(SHARP, categories={"shoes": Category("shoes", ("shoe", "clog"), (187,))})
    assert differences(bound(SHARP).rules[0], other.rules[0]) == {"@shoes": ("none", "clog, 187")}
