from datetime import date

import polars as pl
import pytest

from packshot import plugins
from packshot.core.errors import UnknownName
from packshot.core.listing import Role
from packshot.core.measurement import Kind, Output
from packshot.core.verdict import Status, Verdict
from packshot.evaluate.bind import bind
from packshot.evaluate.check import Check
from packshot.evaluate.context import add_context
from packshot.evaluate.judge import judge
from packshot.evaluate.judge_one import judge_one
from packshot.evaluate.wording import TEXTS, describe
from packshot.policies.policy import Policy, Rule

DAY = date(2026, 11, 22)
OUTPUTS = {
    name: Output(name, kind, "")
    for name, kind in {
        "width_px": Kind.INT,
        "height_px": Kind.INT,
        "sharpness": Kind.FLOAT,
        "format": Kind.TEXT,
        "product_box": Kind.BOX,
        "cut_off_edges": Kind.TEXTS,
        "product_confidence": Kind.FLOAT,
        "skin_share": Kind.FLOAT,
    }.items()
}
RULES = (
    Rule(id="small", check="too_few_pixels", on_fail=Verdict.BLOCK, source="https://example.com"),
    Rule(id="blurry", check="blurry", on_fail=Verdict.REVIEW),
    Rule(id="wrong_extension", check="wrong_extension", on_fail=Verdict.FIX),
    Rule(id="cut", check="product_cut_off", on_fail=Verdict.REVIEW, roles=(Role.MAIN,)),
    Rule(id="repeated", check="repeated_picture"),
    Rule(id="noisy", check="noisy"),
    Rule(id="alone", check="main_missing"),
    Rule(id="look", check=None, manual=True, question="Is there a logo?"),
)
BOUND = bind(Policy(id="p", title="P", rules=RULES), plugins.discover("checks", Check))
GOOD = {
    "width_px": 900,
    "height_px": 700,
    "sharpness": 0.8,
    "format": "jpeg",
    "product_box": (0.1, 0.2, 0.5, 0.5),
    "cut_off_edges": (),
    "product_confidence": 0.9,
    "skin_share": 0.0,
    "source_uri": "a.jpg",
    "category": "Kitchen",
}


def one(role=Role.MAIN, **changes):
    more = {name: changes.pop(name) for name in ("has_trouble", "passes") if name in changes}
    row = {name: value for name, value in {**GOOD, **changes}.items() if value != "left out"}
    return judge_one(row, BOUND, role=role, rules_as_of=DAY, outputs=OUTPUTS, **more)


def test_a_good_picture_has_no_findings_and_what_cannot_be_assessed_is_named():
    told = one()
    assert (told.verdict, told.findings, told.not_assessed) == (Verdict.SHOW, [], ("repeated", "noisy", "look"))


def test_a_finding_has_its_words():
    told = one(width_px=300, height_px=200)
    (finding,) = told.findings
    assert told.verdict is Verdict.BLOCK
    assert (finding.check, finding.rule, finding.status, finding.on_fail) == (
        "too_few_pixels",
        "small",
        Status.FAIL,
        "block",
    )
    assert (finding.expected, finding.measured) == ("at least 500 px on the longer side", "300 × 200 px")
    assert finding.source == "https://example.com"
    assert finding.how_to_fix.startswith("export the picture again")


def test_a_box_says_where_to_look():
    (finding,) = one(sharpness=0.1).findings
    assert finding.box == pytest.approx((0.1, 0.2, 0.5, 0.5))


def test_the_name_is_judged_against_the_content():
    (finding,) = one(source_uri="a.png").findings
    assert (finding.check, finding.measured) == ("wrong_extension", "named as PNG, content is JPEG")
    assert one(source_uri=None).findings == []


def test_the_category_decides_whether_an_edge_may_cut_the_wearer():
    assert [f.status for f in one(cut_off_edges=("bottom",)).findings] == [Status.FAIL]
    worn = one(cut_off_edges=("bottom",), category="Men/Jackets")
    assert (worn.findings[0].status, worn.verdict) == (Status.UNSURE, Verdict.REVIEW)
    assert one(cut_off_edges=("bottom",), role=Role.SECONDARY).findings == []


def test_what_was_not_measured_is_said():
    told = one(sharpness="left out")
    assert [(f.rule, f.status, f.measured) for f in told.findings] == [
        ("blurry", Status.UNMEASURED, "not measured yet")
    ]
    assert told.verdict is Verdict.REVIEW


def test_trouble_is_never_shown():
    assert one(has_trouble=True).verdict is Verdict.REVIEW


def test_passes_on_request():
    assert [(f.rule, f.status) for f in one(passes=True).findings] == [
        ("small", Status.PASS),
        ("blurry", Status.PASS),
        ("wrong_extension", Status.PASS),
        ("cut", Status.PASS),
    ]


def test_one_picture_and_a_table_get_the_same_words():
    rows = [
        {**GOOD, "sharpness": 0.1},
        {**GOOD, "cut_off_edges": ("left", "top")},
        {**GOOD, "width_px": 10, "height_px": 9},
    ]
    frame = pl.DataFrame(
        [
            {**row, "placement_id": str(n), "listing_id": "L", "asset_id": str(n), "role": "main", "position": n}
            for n, row in enumerate(rows)
        ],
        schema_overrides={
            "sharpness": pl.Float32,
            "product_confidence": pl.Float32,
            "product_box": pl.Array(pl.Float32, 4),
        },
    )
    facts = add_context(frame)
    told = judge(facts, BOUND, rules_as_of=DAY, assessable=frozenset(OUTPUTS))
    texts = describe(told.findings, facts, BOUND)
    assert set(TEXTS) <= set(texts.columns)
    assert texts.select(told.findings.columns).equals(told.findings)
    alone = [judge_one(row, BOUND, role=Role.MAIN, rules_as_of=DAY, outputs=OUTPUTS).findings for row in rows]
    for number, findings in enumerate(alone):
        in_table = texts.filter(placement_id=str(number))
        assert in_table["rule"].to_list() == [f.rule for f in findings]
        assert in_table["measured"].to_list() == [f.measured for f in findings]
        assert in_table["expected"].to_list() == [f.expected for f in findings]
    assert texts.filter(rule="blurry")["box"].to_list()[0] == pytest.approx([0.1, 0.2, 0.5, 0.5])


def test_findings_of_listings_are_worded_too():
    findings = pl.DataFrame(
        [(None, "L", "alone", "main_missing", "fail")],
        schema={
            "placement_id": pl.String,
            "listing_id": pl.String,
            "rule": pl.String,
            "check": pl.String,
            "status": pl.String,
        },
        orient="row",
    )
    listings = pl.DataFrame({"listing_id": ["L"], "gallery_mains": [0]})
    facts = pl.DataFrame(schema={"placement_id": pl.String, "listing_id": pl.String})
    assert describe(findings, facts, BOUND, listings)["measured"].to_list() == ["0 main pictures"]
    assert describe(findings.clear(), facts, BOUND).height == 0
    with pytest.raises(UnknownName, match="Did you mean alone"):
        describe(findings.with_columns(rule=pl.lit("alon")), facts, BOUND)
