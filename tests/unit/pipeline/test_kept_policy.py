from dataclasses import asdict

import pytest

from packshot.evaluate.bind import load_bound
from packshot.evaluate.check import Check
from packshot.pipeline.kept_policy import kept_policy, kept_text
from packshot.plugins import discover
from packshot.policies.load import names

ODD = '''
id = "odd"
extends = "house"
says = "Größe \\u007f \\t \\\\ \\" ' # [x]"
remove = ["too_dark"]
[gallery]
wanted_roles = ["main", "packaging"]
[[rules]]
check = "background_not_white"
on_fail = "show"
roles = ["main", "swatch"]
categories = ["*kleidung", "Käse"]
effective_from = 2026-01-31
until = 2027-01-31
require = true
[[rules]]
id = "by-hand"
manual = true
question = """Two
lines?"""
'''


def asked(bound):
    """What the rules ask, with every parameter spelt out."""
    return [
        (rule.rule.id, rule.rule.check, rule.params and asdict(rule.params), *fixed(rule.rule)) for rule in bound.rules
    ]


def fixed(rule):
    return [getattr(rule, name) for name in type(rule).__slots__ if name not in {"id", "check", "params"}]


@pytest.mark.parametrize("id_", names())
def test_every_shipped_policy_comes_back_as_it_was(id_):
    bound = load_bound(id_, discover("checks", Check))
    again = kept_policy(kept_text(bound))
    assert asked(again) == asked(bound)
    assert (again.policy.id, again.policy.title, again.policy.says, again.policy.gallery) == (
        bound.policy.id, bound.policy.title, bound.policy.says, bound.policy.gallery,
    )  # fmt: skip


def test_odd_texts_dates_and_manual_rules_come_back_as_they_were(tmp_path):
    path = tmp_path / "odd.toml"
    path.write_text(ODD)
    bound = load_bound(path, discover("checks", Check))
    again = kept_policy(kept_text(bound))
    assert asked(again) == asked(bound)
    assert again.policy.says == bound.policy.says
    assert again.policy.gallery == bound.policy.gallery
    assert "too_dark" not in again.by_id()
    assert again.by_id()["by-hand"].rule.question == "Two\nlines?"


def test_it_needs_no_other_file():
    bound = load_bound("amazon", discover("checks", Check))
    assert "extends" not in kept_text(bound)
