import pytest

from packshot import plugins
from packshot.core.errors import PolicyError
from packshot.core.listing import Role
from packshot.core.verdict import Verdict
from packshot.evaluate.bind import bind, limits, load_bound
from packshot.evaluate.check import Check
from packshot.policies.policy import Policy, Rule

CHECKS = plugins.discover("checks", Check)


def policy(*rules, **more):
    return Policy(id="p", title="P", rules=rules, **more)


def mistakes(*rules, **more):
    with pytest.raises(PolicyError) as caught:
        bind(policy(*rules, **more), CHECKS)
    return caught.value.mistakes


def test_parameters_are_filled_in_and_whole_numbers_serve_as_numbers():
    rule, _ = bind(policy(Rule(id="blurry", check="blurry", params={"min_sharpness": 1})), CHECKS).rules
    assert rule.params.min_sharpness == 1.0
    assert isinstance(rule.params.min_sharpness, float)
    assert rule.needs == ("sharpness",)
    assert rule.shows == ("sharpness", "product_box")


@pytest.mark.parametrize(
    ("check", "params", "expected"),
    [
        ("blury", {}, "rule r: There is no check called 'blury'. Did you mean blurry?"),
        (
            "blurry",
            {"min_sharpnes": 1.0},
            "params: There is no parameter called 'min_sharpnes'. Did you mean min_sharpness?",
        ),
        ("blurry", {"min_sharpness": "high"}, "params: min_sharpness must be a number, not 'high'"),
        ("blurry", {"min_sharpness": True}, "params: min_sharpness must be a number, not true"),
        ("blurry", {"min_sharpness": float("nan")}, "params: min_sharpness must be a number, not nan"),
        ("too_few_pixels", {"min_longest_px": 500.5}, "min_longest_px must be a whole number, not 500.5"),
        ("too_few_pixels", {"min_longest_px": -1}, "min_longest_px must be 0 or more, not -1"),
        (
            "background_not_white",
            {"min_white_share": 99},
            "min_white_share must be between 0 and 1 (0.85 is 85 %), not 99",
        ),
        ("blurry", {"min_sharpness": 35}, "min_sharpness must be between 0 and 1 (0.85 is 85 %), not 35"),
        ("text_over_picture", {"max_overlay_text_confidence": 65.0}, "must be between 0 and 1"),
        ("unaccepted_format", {"accepted": "jpeg"}, "accepted must be a list of texts, not 'jpeg'"),
        ("unaccepted_format", {"accepted": ("jpg",)}, "There is no format called 'jpg'. Did you mean jpeg"),
    ],
)
def test_a_mistake_is_named(check, params, expected):
    assert any(expected in line for line in mistakes(Rule(id="r", check=check, params=params)))


def test_all_mistakes_come_at_once():
    wrong = Rule(id="a", check="blurry", params={"x": 1, "min_sharpness": "y"})
    assert len(mistakes(wrong, Rule(id="b", check="nothing_like_it"))) == 3


def test_roles_mean_nothing_for_listings():
    found = mistakes(Rule(id="main_missing", check="main_missing", roles=("main",)))
    assert found == ("rule main_missing: roles have no meaning: main_missing speaks of listings",)


def test_mistakes_of_the_file_and_of_its_rules_come_together(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('titel = "x"\n[[rules]]\ncheck = "blurry"\nparams = { min_sharp = 1 }\n')
    with pytest.raises(PolicyError) as caught:
        load_bound(path, CHECKS)
    assert len(caught.value.mistakes) == 2


def test_every_check_joins_unless_named_or_removed():
    named = Rule(id="soft", check="blurry")
    bound = bind(policy(named, every_check=True, removed=("noisy",)), CHECKS)
    ids = [rule.rule.id for rule in bound.rules]
    assert ids[0] == "soft"
    assert set(ids) == {"soft"} | set(CHECKS) - {"blurry", "noisy"}
    joined = bound.by_id()["background_not_white"].rule
    assert (joined.roles, joined.on_fail) == (
        CHECKS["background_not_white"].roles,
        CHECKS["background_not_white"].on_fail,
    )


def test_a_removed_name_must_be_a_check():
    assert "There is no check called 'noisi'. Did you mean noisy?" in mistakes(every_check=True, removed=("noisi",))[0]


def test_the_hash_spells_out_the_defaults():
    silent = bind(policy(Rule(id="blurry", check="blurry")), CHECKS)
    spelt = bind(policy(Rule(id="blurry", check="blurry", params={"min_sharpness": 0.9})), CHECKS)
    assert silent.hash == bind(policy(Rule(id="blurry", check="blurry")), CHECKS).hash
    assert silent.hash != spelt.hash


def test_limits_for_plots():
    bound = bind(policy(Rule(id="blurry", check="blurry"), Rule(id="noisy", check="noisy")), CHECKS)
    assert [(limit.column, limit.lowest) for limit in limits(bound)] == [("sharpness", True), ("noise_sigma", False)]


def test_what_a_bank_knows_is_blocked_by_every_policy_and_shown_by_none():
    (always,) = (
        one for one in bind(policy(Rule(id="b", check="blurry")), CHECKS).rules if one.rule.check == "known_bad"
    )
    assert always.rule.on_fail is Verdict.BLOCK
    milder = bind(policy(Rule(id="k", check="known_bad", on_fail=Verdict.REVIEW)), CHECKS).rules
    assert [one.rule.id for one in milder] == ["k"]
    narrowed = bind(policy(Rule(id="k", check="known_bad", on_fail=Verdict.REVIEW, roles=(Role.MAIN,))), CHECKS).rules
    assert [one.rule.id for one in narrowed] == ["k", "known_bad_always"]
    with pytest.raises(PolicyError, match="never shown"):
        bind(policy(Rule(id="k", check="known_bad", on_fail=Verdict.SHOW)), CHECKS)
