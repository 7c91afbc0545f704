from __future__ import annotations

from packshot.core.listing import Role
from packshot.core.verdict import Verdict
from packshot.policies.policy import Policy, Rule
from packshot.present.report_data import CheckDoc, Threshold
from packshot.present.report_thresholds import thresholds

CHECKS = {
    "white": CheckDoc("white", needs=("background_white_share", "background_rgb")),
    "small": CheckDoc("small", needs=("width_px", "height_px")),
    "centre": CheckDoc("centre", needs=("product_centering", "product_confidence")),
}


def test_limits_are_read_from_the_names_of_parameters():
    policy = Policy(
        "p",
        "P",
        (
            Rule("white_main", "white", roles=(Role.MAIN,)),
            Rule("small", "small", on_fail=Verdict.SHOW),
            Rule("centre", "centre"),
            Rule("manual", None, manual=True),
        ),
    )
    params = {
        "white_main": {"min_white_share": 0.99},
        "small": {"min_longest_px": 500, "min_shortest_px": 1, "recommended_longest_px": 1600},
        "centre": {"min_product_centering": 0.0, "min_confidence": 0.5, "max_product_centering": True},
    }
    assert thresholds(policy, params, CHECKS) == (
        Threshold("background_white_share", 0.99, "min", "white_main", ("main",)),
        Threshold("long_side_px", 500, "min", "small", advice=True),
    )


def test_the_same_limit_in_two_rules_is_drawn_once():
    policy = Policy("p", "P", (Rule("a", "white"), Rule("b", "white"), Rule("c", "unknown")))
    found = thresholds(policy, {name: {"min_white_share": 0.9} for name in "abc"}, CHECKS)
    assert [limit.rule for limit in found] == ["a"]
