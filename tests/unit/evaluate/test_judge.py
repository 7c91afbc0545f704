from dataclasses import dataclass, replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.core.listing import Role
from packshot.core.verdict import VERDICT_ON_TROUBLE, Status, Verdict, contribution
from packshot.evaluate.bind import BoundPolicy, BoundRule
from packshot.evaluate.check import Check, Scope
from packshot.evaluate.judge import judge
from packshot.policies.policy import Policy, Rule
from packshot.storage import schemas

DAY = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class AtLeast:
    least: float = 0.5


class Low(Check[AtLeast]):
    """Too low."""

    params = AtLeast
    needs = ("value", "sure")

    def applies(self, column, _params):
        return column.value != 9

    def fails(self, column, params):
        return column.value < params.least

    def warns(self, column, params):
        return column.value < params.least + 0.2

    def unsure(self, column, _params):
        return column.sure < 0.5

    def expected(self, _params):
        return "enough"


class Few(Check[AtLeast]):
    """Too few."""

    params = AtLeast
    needs = ("gallery_pictures",)
    scope = Scope.LISTING

    def fails(self, column, _params):
        return column.gallery_pictures < 2

    def expected(self, _params):
        return "two"


def bound(*rules):
    return BoundPolicy(Policy(id="p", title="P", rules=tuple(rule.rule for rule in rules)), rules, "")


def low(**changes):
    return BoundRule(replace(Rule(id="low", check="low", on_fail=Verdict.FIX), **changes), Low(), AtLeast())


def facts(*rows, **columns):
    defaults = {"role": "main", "asset_id": "a", "category": None, "value": 1.0, "sure": 1.0}
    filled = [{**defaults, "listing_id": "L", **row} for row in rows]
    frame = pl.DataFrame(
        [{"placement_id": str(n), "source_uri": f"{n}.jpg", **row} for n, row in enumerate(filled)],
        schema_overrides={"value": pl.Float32, "sure": pl.Float32, "category": pl.String, "asset_id": pl.String},
        infer_schema_length=None,
    )
    return frame.with_columns(**columns)


def judged(frame, *rules, assessable=frozenset({"value", "sure"}), day=DAY, **more):
    return judge(frame, bound(*rules), rules_as_of=day, assessable=assessable, **more)


def statuses(judgement):
    return dict(judgement.findings.select("placement_id", "status").iter_rows())


def test_every_status_and_its_verdict():
    frame = facts(
        {"value": 1.0},
        {"value": 0.6},
        {"value": 0.1},
        {"value": 0.1, "sure": 0.2},
        {"value": None},
        {"value": float("nan")},
        {"value": 9.0, "sure": 0.1},
    )
    told = judged(frame, low())
    assert statuses(told) == {"1": "warn", "2": "fail", "3": "unsure", "4": "unsure", "5": "unsure"}
    assert told.verdicts["verdict"].to_list() == ["show", "show", "fix", "fix", "fix", "fix", "show"]
    counts = told.counts.row(0, named=True)
    assert {name: counts[name] for name in ("pass", "warn", "fail", "unsure", "unmeasured")} == {
        "pass": 2,
        "warn": 1,
        "fail": 1,
        "unsure": 3,
        "unmeasured": 0,
    }


def test_advice_warns_and_changes_nothing():
    told = judged(facts({"value": 0.1}), low(on_fail=Verdict.SHOW))
    assert (statuses(told), told.verdicts["verdict"].to_list()) == ({"0": "warn"}, ["show"])


def test_unsure_of_a_block_is_a_review():
    told = judged(facts({"sure": 0.1}), low(on_fail=Verdict.BLOCK))
    assert told.verdicts["verdict"].to_list() == ["review"]


def test_a_missing_row_is_unmeasured_and_a_missing_column_too():
    frame = facts({"value": 0.9}, {"value": None}, has_value=pl.Series([True, False]))
    told = judged(frame, low(), has={"value": "has_value"})
    assert (statuses(told), told.verdicts["verdict"].to_list()) == ({"1": "unmeasured"}, ["show", "review"])
    nothing = judged(frame.drop("value"), low())
    assert set(statuses(nothing).values()) == {"unmeasured"}
    assert nothing.counts["unmeasured"].to_list() == [2]


@pytest.mark.parametrize(("require", "verdict"), [(False, "show"), (True, "review")])
def test_what_no_measure_gives_is_listed_and_counts_only_where_required(require, verdict):
    told = judged(facts({}), low(require=require), assessable=frozenset({"value"}))
    assert told.verdicts["not_assessed"].to_list() == [["low"]]
    assert told.verdicts["verdict"].to_list() == [verdict]
    assert told.findings.height == 0
    assert told.counts["not_assessed"].to_list() == [1]


def test_a_manual_rule_is_listed_where_it_speaks():
    manual = BoundRule(Rule(id="look", check=None, roles=(Role.MAIN,), categories=("shoe",), manual=True, question="?"))
    frame = facts({"category": "Shoes"}, {"category": "Hats"}, {"category": "Shoes", "role": "secondary"})
    assert judged(frame, manual).verdicts["not_assessed"].to_list() == [["look"], [], []]


def test_roles_decide_whose_verdict_a_rule_changes():
    frame = facts({"value": 0.1}, {"value": 0.1, "role": "secondary"}, {"value": 0.1, "role": "detail"})
    told = judged(frame, low(roles=(Role.MAIN,)))
    assert told.verdicts["verdict"].to_list() == ["fix", "show", "show"]
    assert told.verdicts["verdict_as_main"].to_list() == ["fix"] * 3
    assert told.verdicts["verdict_as_secondary"].to_list() == ["show"] * 3
    assert statuses(told) == {"0": "fail"}


def test_the_highest_verdict_wins():
    rules = (low(), low(id="other", on_fail=Verdict.BLOCK), low(id="third", on_fail=Verdict.REVIEW))
    assert judged(facts({"value": 0.1}), *rules).verdicts["verdict"].to_list() == ["block"]


@pytest.mark.parametrize(
    ("category", "speaks"),
    [
        ("Home > Shoes", True),
        ("SHOES/Men", True),
        ("Horseshoe", False),
        ("Home", False),
        (None, False),
        ("shoes slippers", False),
    ],
)
def test_categories_by_whole_words(category, speaks):
    told = judged(
        facts({"value": 0.1, "category": category}), low(categories=("shoe",), except_categories=("slipper",))
    )
    assert bool(statuses(told)) is speaks


@pytest.mark.parametrize(
    ("category", "speaks"),
    [("Kids > Shoes", True), ("Shoes for kids", True), ("Shoes", False), ("Kids", False), (None, False)],
)
def test_a_rule_may_ask_for_words_of_two_kinds(category, speaks):
    told = judged(facts({"value": 0.1, "category": category}), low(categories=("shoe",), also_categories=("kid",)))
    assert bool(statuses(told)) is speaks


def test_an_exception_alone_speaks_of_listings_without_a_category():
    told = judged(facts({"value": 0.1}, {"value": 0.1, "category": "kids"}), low(except_categories=("kid",)))
    assert statuses(told) == {"0": "fail"}


def test_rules_hold_from_their_first_day_and_until_the_last():
    rule = low(effective_from=date(2026, 1, 1), until=date(2027, 1, 1))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [judged(facts({"value": 0.1}), rule, day=day).findings.height for day in days] == [0, 1, 1, 0]


def test_trouble_is_a_review_and_its_gaps_are_no_findings():
    frame = facts({"asset_id": None, "value": None}, {"value": 0.1}, {}, has_value=pl.Series([False, True, True]))
    frame = frame.with_columns(has_trouble=pl.Series([True, True, None]))
    told = judged(frame, low(), has={"value": "has_value"})
    assert told.verdicts["verdict"].to_list() == ["review", "review", "show"]
    assert statuses(told) == {"1": "fail"}
    assert told.counts["unmeasured"].to_list() == [0]


def test_what_blocks_also_blocks_in_trouble():
    frame = facts({"value": 0.1}).with_columns(has_trouble=pl.lit(True))
    assert judged(frame, low(on_fail=Verdict.BLOCK)).verdicts["verdict"].to_list() == ["block"]


def test_rules_of_listings_give_findings_and_no_verdicts():
    few = BoundRule(Rule(id="few", check="few", on_fail=Verdict.BLOCK), Few(), AtLeast())
    frame = facts({"listing_id": "A"}, {"listing_id": "B"}, gallery_pictures=pl.Series([1, 2]))
    told = judged(frame, few)
    assert told.findings.rows() == [(None, "A", "few", "few", "fail")]
    assert told.verdicts["verdict"].to_list() == ["show", "show"]
    listings = pl.DataFrame({"listing_id": ["A", "B", "empty"], "gallery_pictures": [1, 2, 0]})
    assert judged(frame, few, listings=listings).findings["listing_id"].to_list() == ["A", "empty"]
    assert judged(frame.drop("gallery_pictures"), few).counts["not_assessed"].to_list() == [2]


def test_no_rows_and_no_rules_give_empty_tables_of_the_right_columns():
    for told in (judged(facts({}).clear(), low()), judged(facts({}).clear())):
        assert told.verdicts.columns == schemas.VERDICTS.names
        assert told.findings.columns == schemas.FINDINGS.names
        assert told.verdicts.height == told.findings.height == 0
    assert judged(facts({})).verdicts["verdict"].to_list() == ["show"]


VALUES = st.one_of(st.none(), st.just(float("nan")), st.sampled_from([0.1, 0.5, 0.6, 0.9, 9.0]))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "value": VALUES,
            "sure": VALUES,
            "role": st.sampled_from(["main", "secondary", "swatch"]),
            "category": st.sampled_from([None, "shoes", "hats"]),
            "has_trouble": st.booleans(),
            "has_value": st.booleans(),
        }
    ),
    min_size=1,
    max_size=12,
)
RULES = st.lists(
    st.fixed_dictionaries(
        {
            "on_fail": st.sampled_from(list(Verdict)),
            "roles": st.sampled_from([(), (Role.MAIN,), (Role.SECONDARY, Role.SWATCH)]),
            "categories": st.sampled_from([(), ("shoe",)]),
            "except_categories": st.sampled_from([(), ("hat",)]),
        }
    ),
    max_size=3,
)


def by_hand(row, rule, role):
    """The rule of the design, one row at a time."""
    category = row["category"] or ""
    if rule.roles and role not in rule.roles:
        return None
    if (rule.categories and "shoe" not in category) or (rule.except_categories and "hat" in category):
        return None
    if not row["has_value"]:
        return Status.UNMEASURED
    value, sure = (None if row[name] is None or row[name] != row[name] else row[name] for name in ("value", "sure"))
    if value == 9.0:
        return Status.PASS
    if (sure is not None and sure < 0.5) or value is None:
        return Status.UNSURE
    failed = Status.WARN if rule.on_fail is Verdict.SHOW else Status.FAIL
    return failed if value < 0.5 else Status.WARN if value < 0.7 else Status.PASS


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, rules=RULES, slice_rows=st.sampled_from([1, 3, 100]))
def test_the_columnar_judge_says_what_the_rule_says_by_hand(rows, rules, slice_rows):
    made = [low(id=f"r{number}", **rule) for number, rule in enumerate(rules)]
    told = judged(facts(*rows), *made, has={"value": "has_value"}, slice_rows=slice_rows)
    found = {(p, r): s for p, r, s in told.findings.select("placement_id", "rule", "status").iter_rows()}
    for number, row in enumerate(rows):
        floor = VERDICT_ON_TROUBLE if row["has_trouble"] else Verdict.SHOW
        for role, column in (
            (row["role"], "verdict"),
            ("main", "verdict_as_main"),
            ("secondary", "verdict_as_secondary"),
        ):
            said = {rule.rule.id: by_hand(row, rule.rule, role) for rule in made}
            added = [contribution(status, rule.rule.on_fail) for rule in made if (status := said[rule.rule.id])]
            assert told.verdicts[column][number] == max([floor, *added]).word
            if column == "verdict":
                heard = {r: s for r, s in said.items() if s and s is not Status.PASS}
                silent = {r for r, s in heard.items() if s is Status.UNMEASURED and row["has_trouble"]}
                mine = {r: s for (p, r), s in found.items() if p == str(number)}
                assert mine == {r: s.value for r, s in heard.items() if r not in silent}


def said(*rows):
    return pl.DataFrame(rows, schema=["placement_id", "asset_id", "rule", "status"], orient="row")


def test_a_persons_word_stands_in_place_of_the_rules():
    frame = facts({"value": 0.1}, {"value": 0.1, "asset_id": "new"}, {"value": 1.0}, {"value": None})
    word = said(*((str(place), "a", "low", status) for place, status in enumerate(("pass", "pass", "fail", "pass"))))
    told = judged(frame, low(), said=word)
    assert statuses(told) == {"1": "fail", "2": "fail"}, (
        "another picture in the place is judged as if nobody had spoken"
    )
    assert told.verdicts["verdict"].to_list() == ["show", "fix", "fix", "show"]
    assert told.verdicts["verdict_as_main"].to_list() == ["show", "fix", "fix", "show"]
    assert told.counts.row(0, named=True)["pass"] == 2


def test_a_persons_word_counts_where_the_rule_speaks_and_no_further():
    frame = facts(
        {"value": 1.0, "role": "secondary"}, {"value": 1.0, "category": "Shoes"}, {"value": 1.0, "asset_id": None}
    )
    word = said(
        ("0", "a", "low", "fail"), ("1", "a", "low", "fail"), ("2", "a", "low", "pass"), ("9", "a", "no", "pass")
    )
    told = judged(frame, low(roles=(Role.MAIN,), categories=("mugs",)), said=word)
    assert told.verdicts["verdict"].to_list() == ["show", "show", "review"], "trouble is not talked away"
    told = judged(frame, low(roles=(Role.MAIN,)), said=word)
    assert told.verdicts["verdict"].to_list() == ["show", "fix", "review"]
    assert told.verdicts["verdict_as_main"].to_list() == ["fix", "fix", "review"]
    assert statuses(judged(frame, low(on_fail=Verdict.SHOW), said=word))["1"] == "warn"


def test_a_person_answers_what_nothing_measures():
    manual = [BoundRule(Rule(id=name, check=None, manual=True, on_fail=Verdict.REVIEW)) for name in ("props", "tags")]
    must = BoundRule(Rule(id="must", check=None, manual=True, on_fail=Verdict.FIX, require=True))
    word = said(("0", "a", "props", "fail"), ("1", "a", "tags", "pass"), ("1", "a", "must", "pass"))
    told = judged(facts({}, {}, {}), *manual, must, said=word)
    assert told.verdicts["not_assessed"].to_list() == [["tags", "must"], ["props"], ["props", "tags", "must"]]
    assert told.verdicts["verdict"].to_list() == ["review", "show", "review"]
    assert told.findings.select("placement_id", "rule", "check", "status").rows() == [("0", "props", None, "fail")]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.1, 0.6, 1.0, None]), st.sampled_from(["pass", "fail", None])), max_size=8))
def test_words_change_what_they_speak_of_and_nothing_else(rows):
    frame = facts(*({"value": value} for value, _ in rows)) if rows else facts({"value": 1.0}).clear()
    word = said(*((str(n), "a", "low", answer) for n, (_, answer) in enumerate(rows) if answer))
    plain, told = (judged(frame, low(), said=one) for one in (None, word))
    for number, (_, answer) in enumerate(rows):
        expected = {"pass": "show", "fail": "fix", None: plain.verdicts["verdict"][number]}[answer]
        assert told.verdicts["verdict"][number] == expected
    assert judged(frame, low(), said=word, slice_rows=3).verdicts.equals(told.verdicts)
