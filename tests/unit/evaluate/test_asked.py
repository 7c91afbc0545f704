"""What is not measured because no rule reads it changes no verdict: tried on random policies and catalogues."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import pytest

from packshot.core.listing import Role
from packshot.core.verdict import Verdict
from packshot.evaluate import asked as asked_module
from packshot.evaluate import suite
from packshot.evaluate.asked import asked, asked_of_one, costly_of, is_costly, unseen
from packshot.evaluate.bind import BoundPolicy, BoundRule
from packshot.evaluate.check import Check, Scope
from packshot.evaluate.context import CONTEXT
from packshot.evaluate.judge import judge
from packshot.evaluate.judge_one import TYPES
from packshot.evaluate.related import RELATED
from packshot.plugins import discover
from packshot.policies.policy import Policy, Rule

DAY = date(2026, 1, 1)
CATEGORIES = (None, "Shoes > Trainers", "Kitchen > Mugs", "Clothing > T-shirts")
WORDS = ((), (), ("shoe",), ("clothing",), ("mug", "shoe"))
VERDICTS = ["verdict", "verdict_as_main", "verdict_as_secondary"]


@pytest.fixture(autouse=True)
def _everything_can_be_measured(monkeypatch):
    known = suite.known_measures()
    monkeypatch.setattr(asked_module, "all_measures", lambda: known)


def outputs():
    return {output.name: output for measure in suite.known_measures().values() for output in measure.outputs} | RELATED


def policy(random):
    """Some rules of checks that read what is costly, and of some that do not, for random roles and categories."""
    checks = discover("checks", Check)
    names = [name for name, check in checks.items() if check.scope is Scope.PLACEMENT]
    rules = []
    for number in range(int(random.integers(2, 9))):
        name = str(random.choice(names))
        roles = tuple(Role(str(role)) for role in random.choice([r.value for r in Role], random.integers(0, 3)))
        rule = Rule(
            id=f"r{number}",
            check=name,
            roles=roles,
            categories=WORDS[random.integers(len(WORDS))],
            except_categories=WORDS[random.integers(len(WORDS))],
            on_fail=Verdict(int(random.integers(4))),
            require=bool(random.integers(2)),
        )
        rules.append(BoundRule(rule, checks[name](), checks[name].params()))
    return BoundPolicy(Policy(id="random", title="Random", rules=tuple(one.rule for one in rules)), tuple(rules), "")


def catalogue(random, bound, rows=60):
    """Placements with the values of the checks' own examples, mixed."""
    kinds = {**CONTEXT, **outputs()}
    pool = {}
    for rule in bound.rules:
        for example in rule.check.examples:
            for column, value in example.row.items():
                pool.setdefault(column, []).append(value)
    ids = [str(number) for number in range(rows)]
    frame = {"placement_id": ids, "source_id": ["s"] * rows, "listing_id": ids, "asset_id": ids, "source_uri": ids}
    frame["role"] = [str(random.choice([role.value for role in Role])) for _ in ids]
    frame["category"] = [CATEGORIES[random.integers(len(CATEGORIES))] for _ in ids]
    frame |= {column: [values[random.integers(len(values))] for _ in ids] for column, values in pool.items()}
    schema = dict.fromkeys(list(frame)[:7], pl.String()) | {column: TYPES[kinds[column].kind] for column in pool}
    return pl.DataFrame(frame, schema=schema)


def flags():
    known = suite.known_measures()
    return {output.name: f"measured:{name}" for name, measure in known.items() for output in measure.outputs}


@pytest.mark.parametrize("seed", range(40))
def test_what_nobody_reads_changes_no_verdict(seed):
    random = np.random.default_rng([seed, 7])
    bound = policy(random)
    rows = catalogue(random, bound)
    has = flags()
    whole = rows.with_columns(pl.lit(True).alias(flag) for flag in set(has.values()))
    wanted = asked(bound, rows)
    spared = whole.with_columns(wanted[name].alias(f"measured:{name}") for name in wanted)
    for name in wanted:
        columns = [o.name for o in suite.known_measures()[name].outputs if o.name in rows.columns]
        spared = spared.with_columns(pl.when(f"measured:{name}").then(column).alias(column) for column in columns)
    told = [
        judge(facts, bound, rules_as_of=DAY, assessable=frozenset(outputs()), has=has).verdicts.select(VERDICTS)
        for facts in (whole, spared)
    ]
    assert told[0].equals(told[1])


def test_most_of_it_can_be_spared_and_some_cannot():
    """The test above would hold as well if everything were always asked for, or nothing could be."""
    shares = []
    for seed in range(40):
        random = np.random.default_rng([seed, 7])
        bound = policy(random)
        shares += [flag.mean() for flag in asked(bound, catalogue(random, bound)).values()]
    assert 0.02 < np.mean(shares) < 0.6
    assert any(0 < share < 1 for share in shares)


def test_one_picture_asks_what_its_row_asks():
    for seed in range(20):
        random = np.random.default_rng([seed, 7])
        bound = policy(random)
        for role in (Role.MAIN, Role.SECONDARY):
            for category in CATEGORIES:
                row = pl.DataFrame(
                    {"source_id": "s", "listing_id": "l", "role": [role.value], "category": [category]},
                    schema_overrides={"category": pl.String},
                )
                one = BoundPolicy(bound.policy, _of_role(bound, role), "")
                of_row = {name for name, flag in asked(one, row).items() if flag[0]}
                assert asked_of_one(bound, role, category) == of_row


def _of_role(bound, role):
    return tuple(rule for rule in bound.rules if not rule.rule.roles or role in rule.rule.roles)


def test_for_a_rule_that_cannot_be_judged_here_nothing_is_measured(monkeypatch):
    check = discover("checks", Check)["url_or_contact"]
    rule = BoundRule(Rule(id="r", check="url_or_contact"), check(), check.params())
    bound = BoundPolicy(Policy(id="one", title="One", rules=(rule.rule,)), (rule,), "")
    row = pl.DataFrame({"source_id": "s", "listing_id": "l", "role": ["main"], "category": ["Mugs"]})
    assert {name for name, flag in asked(bound, row).items() if flag[0]} == {"codes", "text"}
    without = {name: one for name, one in suite.known_measures().items() if name != "text"}
    monkeypatch.setattr(asked_module, "all_measures", lambda: without)
    assert not any(flag[0] for flag in asked(bound, row).values())
    assert asked_of_one(bound, Role.MAIN, "Mugs") == frozenset()


def test_what_the_choice_reads_is_measured_where_there_is_something_to_choose():
    nothing = BoundPolicy(Policy(id="none", title="None", rules=()), (), "")
    rows = pl.DataFrame({"source_id": ["s", "s", "s", "t"], "listing_id": ["a", "a", "b", "b"], "role": "main"})
    found = asked(nothing, rows.with_columns(category=pl.lit(None, pl.String)))
    read = {"faces", "shot_type", "view"}
    assert all(found[name].to_list() == [True, True, False, False] for name in read)
    assert not any(flag.any() for name, flag in found.items() if name not in read)


def test_what_has_models_is_costly_and_what_has_none_is_not():
    known = suite.known_measures()
    assert is_costly(known["embedding"])
    assert not is_costly(known["sharpness"])


@dataclass(frozen=True, slots=True)
class NoParams:
    pass


class SaysNothing(Check[NoParams]):
    """The picture says nothing of the title."""

    params = NoParams
    needs = ("words_agreement",)

    def fails(self, column, params):  # noqa: ARG002 - the contract's
        return column.words_agreement == 0

    def expected(self, params):  # noqa: ARG002 - the contract's
        return "something of the title"


def test_a_rule_of_read_words_asks_for_reading_and_says_what_it_lacks(monkeypatch):
    rule = BoundRule(Rule(id="r", check="says_nothing"), SaysNothing(), NoParams())
    bound = BoundPolicy(Policy(id="one", title="One", rules=(rule.rule,)), (rule,), "")
    assert costly_of(rule) == {"text"}
    without = {name: one for name, one in suite.known_measures().items() if name != "text"}
    monkeypatch.setattr(asked_module, "all_measures", lambda: without)
    monkeypatch.setattr(asked_module, "lacking", lambda models, libraries=(): (*models, *libraries))
    assert costly_of(rule) == frozenset()
    assert unseen(bound) == {"r": ("ppocr-det-tiny", "ppocr-rec-tiny")}
