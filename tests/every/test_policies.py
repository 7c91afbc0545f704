import re

import pytest

from packshot import plugins
from packshot.core.verdict import Verdict
from packshot.evaluate.bind import load_bound
from packshot.evaluate.check import Check
from packshot.policies.evidence import unfounded
from packshot.policies.load import load, names

CHECKS = plugins.discover("checks", Check)


@pytest.mark.parametrize("name", names())
def test_shipped_policy_binds_and_its_rules_bear_their_evidence(name):
    bound = load_bound(name, CHECKS)
    assert bound.rules
    assert unfounded(bound.policy) == ()
    assert bound.policy.title
    assert bound.policy.says


@pytest.mark.parametrize("name", [name for name in names() if name != "house"])
def test_what_a_channel_asks_names_a_page(name):
    pages = {rule.id: rule.source for rule in load(name).rules}
    assert [rule for rule, source in pages.items() if not re.search(r"https://\S+", source)] == []


def test_house_takes_every_check_and_blocks_only_nudity_and_what_shows_nothing():
    bound = load_bound("house", CHECKS)
    assert {rule.rule.check for rule in bound.rules} == set(CHECKS)
    blocking = [rule.rule.id for rule in bound.rules if rule.rule.on_fail is Verdict.BLOCK]
    assert blocking == ["blank_picture", "nudity_shown"]


def test_amazon_asks_what_the_fact_sheet_says():
    rules = load("amazon").rules
    params = {rule.id: dict(rule.params) for rule in rules}
    on_fail = {rule.id: rule.on_fail.word for rule in rules}
    assert params["too_few_pixels"]["min_longest_px"] == 500
    assert params["too_many_pixels"]["max_longest_px"] == 10_000
    assert params["product_too_small"]["min_product_fill_share"] == 0.85
    assert params["no_zoom"] == {"min_longest_px": 1000, "recommended_longest_px": 1600}
    wanted = {"too_few_pixels": "block", "placeholder": "block", "background_not_white": "fix", "bordered": "fix"}
    assert {rule: on_fail[rule] for rule in wanted} == wanted
    assert {on_fail[rule] for rule in ("blurry", "product_cut_off", "props", "overlay", "several_views")} == {"review"}
    others = ("too_few_pixels_others", "too_many_pixels_others")
    assert {on_fail[rule] for rule in others} == {"fix"}, "a larger or smaller export mends it"
