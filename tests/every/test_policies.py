import re
from datetime import date

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


def test_house_takes_every_check_and_blocks_only_nudity_what_a_bank_knows_and_what_shows_nothing():
    bound = load_bound("house", CHECKS)
    costly = {"copied_picture", "low_quality"}
    assert {rule.rule.check for rule in bound.rules} == set(CHECKS) - costly
    blocking = [rule.rule.id for rule in bound.rules if rule.rule.on_fail is Verdict.BLOCK]
    assert blocking == ["blank_picture", "known_bad", "nudity_shown"]


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


def asked(policy, day):
    """The rules in force on a day: id → (on_fail, params)."""
    bound = load_bound(policy, CHECKS).on(date.fromisoformat(day))
    return {one.rule.id: (one.rule.on_fail.word, dict(one.rule.params)) for one in bound.rules}


def test_every_channel_says_what_it_takes_of_the_main_picture():
    """Written by hand from the fact sheet: fewest pixels, formats, bytes."""
    fewest = {"min_longest_px": 500, "min_shortest_px": 500}
    assert asked("google", "2027-02-01")["too_few_pixels"] == ("block", fewest)
    assert asked("ebay", "2026-12-01")["too_few_pixels"] == ("block", {"min_longest_px": 500})
    assert asked("etsy", "2026-12-01")["too_few_pixels"] == ("fix", {"min_longest_px": 635})
    zalando = asked("zalando_like", "2026-12-01")
    assert zalando["too_few_pixels"] == ("block", {"min_longest_px": 1100, "min_shortest_px": 762})
    assert zalando["unaccepted_format"] == ("fix", {"accepted": ("jpeg",)})
    walmart = asked("walmart", "2026-12-01")
    assert walmart["unaccepted_format"] == ("fix", {"accepted": ("jpeg", "png", "bmp")})
    most = {
        name: asked(name, "2026-12-01")["file_too_large"] for name in ("google", "walmart", "ebay", "etsy", "shopify")
    }
    assert most == {
        "google": ("fix", {"max_bytes": 16_000_000}),
        "walmart": ("fix", {"max_bytes": 5_000_000}),
        "ebay": ("fix", {"max_bytes": 12_000_000}),
        "etsy": ("fix", {"max_bytes": 10_000_000}),
        "shopify": ("show", {"max_bytes": 20_000_000}),
    }


def test_the_larger_pictures_of_google_begin_on_their_day():
    before, after = asked("google", "2027-01-30"), asked("google", "2027-01-31")
    until = {"too_few_pixels_until_2027", "too_few_pixels_apparel_until_2027"}
    assert set(before) - set(after) == until
    assert set(after) - set(before) == {"too_few_pixels"}
