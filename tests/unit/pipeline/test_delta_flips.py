from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import polars as pl
import pytest

from packshot.app.policies import bound_policy
from packshot.pipeline.delta_flips import flips, objections
from packshot.pipeline.delta_galleries import gallery_changes
from packshot.pipeline.delta_rules import rule_changes
from packshot.pipeline.delta_sides import Side
from packshot.storage.catalog_tables import JudgementRow, JudgementState
from packshot.storage.schemas import FINDINGS, GALLERIES, LISTINGS, MATCHES, PLACEMENTS, TROUBLES, VERDICTS

TEXT = """
id = "ours"
title = "Ours"
[[rules]]
check = "blurry"
on_fail = "{on_fail}"
params = {{ min_sharpness = {least} }}
effective_from = {day}
[[rules]]
check = "repeated_picture"
on_fail = "fix"
[[rules]]
check = "background_not_white"
roles = ["main"]
on_fail = "fix"
{more}
"""


def frame(schema, *rows):
    table = schema.empty_table() if not rows else None
    if table is not None:
        return pl.from_arrow(table)
    found = pl.DataFrame(list(rows))
    lacking = [pl.lit(None).alias(name) for name in schema.names if name not in found.columns]
    return found.with_columns(lacking).select(schema.names).cast(dict(pl.from_arrow(schema.empty_table()).schema))


@dataclass
class Made:
    """One side in short: what stands on it, and what was found."""

    places: list = field(default_factory=lambda: [("p0", "L0", "a0", "main"), ("p1", "L0", "a1", "secondary")])
    verdicts: dict = field(default_factory=dict)
    found: list = field(default_factory=list)
    troubles: list = field(default_factory=list)
    pairs: list = field(default_factory=list)
    mains: list = field(default_factory=list)
    policy: dict = field(default_factory=dict)
    rules_as_of: date = date(2026, 11, 1)
    versions: dict = field(default_factory=lambda: {"sharpness": 1})
    judging: int = 1


@pytest.fixture
def side(tmp_path):
    def make(made):
        path = tmp_path / "ours.toml"
        path.write_text(
            TEXT.format(**({"on_fail": "review", "least": 0.35, "day": "2020-01-01", "more": ""} | made.policy))
        )
        bound = bound_policy(path)
        judgement = JudgementRow(
            "j", bound.hash, made.rules_as_of, {"version": made.judging}, made.versions, 0, JudgementState.COMMITTED,
            datetime(2026, 11, 1, tzinfo=UTC),
        )  # fmt: skip
        names = ("placement_id", "listing_id", "asset_id", "role")
        places = [dict(zip(names, place, strict=True)) for place in made.places]
        listings = [{"source_id": "s", "listing_id": name} for name in sorted({p["listing_id"] for p in places})]
        told = {"verdict_as_main": "show", "not_assessed": []}
        verdicts = [p | told | {"verdict": made.verdicts.get(p["placement_id"], "show")} for p in places]
        found = [{"placement_id": p, "listing_id": "L0", "rule": r, "status": s} for p, r, s in made.found]
        troubles = [{"stage": "fetch", "kind": kind, "placement_id": p} for p, kind in made.troubles]
        pairs = [{"asset_a": a, "asset_b": b, "kind": "same"} for a, b in made.pairs]
        mains = [{"listing_id": "L0", "slot": "main", "reason": "best"} | main for main in made.mains]
        return Side(
            judgement, bound, frame(VERDICTS, *verdicts), frame(FINDINGS, *found), frame(GALLERIES, *mains),
            frame(MATCHES, *pairs), frame(LISTINGS, *listings), frame(PLACEMENTS, *places), frame(TROUBLES, *troubles),
            (),
        )  # fmt: skip

    return make


@pytest.fixture
def why(side):
    def tell(before, after):
        one, other = side(before), side(after)
        found = flips(one, other, rule_changes(one, other))
        rows = {row["placement_id"]: row for row in found.changes.rows(named=True)}
        causes = {(row["placement_id"], row["cause"]) for row in found.reasons.rows(named=True)}
        return rows, causes

    return tell


def blurry(**more):
    return Made(verdicts={"p1": "review"}, found=[("p1", "blurry", "fail")], **more)


def test_equal_sides_have_no_flips(why):
    assert why(blurry(), blurry()) == ({}, set())


@pytest.mark.parametrize(
    ("before", "after", "cause", "words"),
    [
        (Made(), blurry(places=[("p0", "L0", "a0", "main"), ("p1", "L0", "a9", "secondary")]), "picture", "replaced"),
        (Made(), blurry(policy={"least": 0.5}), "policy", "min_sharpness 0.35 → 0.5"),
        (
            Made(policy={"day": "2027-01-01"}),
            blurry(policy={"day": "2027-01-01"}, rules_as_of=date(2027, 1, 2)),
            "day",
            "in force now: the rules of 2027-01-02",
        ),
        (Made(), blurry(versions={"sharpness": 2}), "measure", "sharpness 1 → 2"),
        (Made(), blurry(judging=2), "judging", "version 1 → 2"),
        (Made(), blurry(), "unexplained", "nothing that is recorded"),
    ],
    ids=["picture", "policy", "day", "measure", "judging", "nothing"],
)
def test_each_cause_is_told_by_itself(why, before, after, cause, words):
    rows, causes = why(before, after)
    assert list(rows) == ["p1"]
    assert (rows["p1"]["change"], causes) == ("worse", {("p1", cause)})
    (text,) = rows["p1"]["why"]
    assert words in text
    was = "not asked" if cause == "day" else "passes"
    assert f"blurry {was} → fails" in text


def test_a_rule_that_was_not_in_the_policy_was_not_asked(why):
    before = Made(policy={"more": ""})
    after = Made(
        verdicts={"p1": "fix"}, found=[("p1", "too_dark", "fail")], policy={"more": '[[rules]]\ncheck = "too_dark"'}
    )
    rows, causes = why(before, after)
    assert causes == {("p1", "policy")}
    assert rows["p1"]["why"] == ["the policy changed (the rule is new in the policy): too_dark not asked → fails"]
    rows, _ = why(after, before)
    assert "too_dark fails → not asked" in rows["p1"]["why"][0]


def test_a_picture_that_could_not_be_opened_was_not_judged(why):
    rows, _ = why(Made(verdicts={"p1": "review"}, troubles=[("p1", "truncated")]), blurry(policy={"least": 0.5}))
    assert rows == {}
    rows, _ = why(Made(verdicts={"p1": "block"}, troubles=[("p1", "truncated")]), blurry(policy={"least": 0.5}))
    assert "blurry not judged → fails" in " ".join(rows["p1"]["why"])


def test_a_cause_that_the_rule_does_not_read_is_not_named(why):
    _, causes = why(Made(), blurry(versions={"sharpness": 1, "noise": 2}, pairs=[("a1", "a0")]))
    assert causes == {("p1", "unexplained")}


def test_all_causes_that_may_be_behind_it_are_named(why):
    places = [("p0", "L0", "a0", "main"), ("p1", "L0", "a9", "secondary")]
    _, causes = why(Made(), blurry(places=places, policy={"least": 0.5}, versions={"sharpness": 2}))
    assert causes == {("p1", "picture"), ("p1", "policy"), ("p1", "measure")}


def test_another_consequence_of_the_same_finding_is_the_policy(why):
    after = Made(verdicts={"p1": "block"}, found=[("p1", "blurry", "fail")], policy={"on_fail": "block"})
    rows, causes = why(blurry(), after)
    assert causes == {("p1", "policy")}
    assert "on_fail review → block" in rows["p1"]["why"][0]


def test_trouble_and_its_end(why):
    after = Made(verdicts={"p1": "review"}, troubles=[("p1", "not_found")])
    rows, causes = why(Made(), after)
    assert (rows["p1"]["why"], causes) == (["trouble came: not_found"], {("p1", "trouble")})
    rows, causes = why(after, Made())
    assert (rows["p1"]["change"], rows["p1"]["why"]) == ("better", ["trouble went: not_found"])


def test_a_changed_role_is_behind_a_rule_of_that_role(why):
    swapped = [("p0", "L0", "a0", "secondary"), ("p1", "L0", "a1", "main")]
    after = Made(swapped, {"p1": "fix"}, [("p1", "background_not_white", "fail")])
    rows, causes = why(Made(), after)
    assert causes == {("p1", "role")}
    assert rows["p1"]["why"] == ["the role changed: background_not_white not asked → fails"]


def test_a_duplicate_that_appeared(why):
    after = Made(verdicts={"p1": "fix"}, found=[("p1", "repeated_picture", "fail")], pairs=[("a0", "a1")])
    _, causes = why(Made(), after)
    assert causes == {("p1", "duplicates")}


def test_who_began_and_ceased_to_object_leaves_out_what_is_new_or_gone(side):
    before = Made(found=[("p0", "blurry", "fail"), ("p1", "blurry", "unsure")])
    after = Made(
        places=[("p0", "L0", "a0", "main"), ("p2", "L0", "a2", "secondary")],
        found=[("p2", "blurry", "fail"), ("p0", "background_not_white", "fail"), ("p0", "blurry", "warn")],
    )
    told = {row["rule"]: row for row in objections(side(before), side(after)).rows(named=True)}
    assert told["blurry"] == {"rule": "blurry", "before": 2, "after": 1, "began": 0, "ceased": 1}
    assert told["background_not_white"]["began"] == 1


def test_a_main_that_changed_for_no_recorded_reason_says_so(side):
    made = [Made(mains=[{"placement_id": f"p{n}", "asset_id": f"a{n}", "score": 0.5}]) for n in (0, 1)]
    before, after = (side(one) for one in made)
    changed, reordered = gallery_changes(before, after, rule_changes(before, after))
    assert reordered.is_empty()
    (row,) = changed.rows(named=True)
    assert (row["change"], row["why"][0]) == ("main changed", "nothing that is recorded explains it")
    empty = side(Made(mains=[{"placement_id": None, "asset_id": None}]))
    assert gallery_changes(before, empty, rule_changes(before, empty))[0]["change"].to_list() == ["emptied"]
