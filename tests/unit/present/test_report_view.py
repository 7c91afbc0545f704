from __future__ import annotations

from dataclasses import replace

import polars as pl

from packshot.core.listing import Role
from packshot.core.trouble import TroubleKind
from packshot.policies.policy import Rule
from packshot.present.report_faults import faults
from packshot.present.report_overview import WHAT_TO_DO, categories, coverage, trouble_groups
from packshot.present.report_view import View


def test_what_choosing_did_to_each_listing(make_data):
    view = View(make_data())
    assert dict(view.listing_states.iter_rows()) == {"L0": "changed", "L1": "empty", "L2": "kept"}
    assert [row["listing_id"] for row in view.shown_listings] == ["L1", "L0", "L2"]


def test_a_gallery_that_leaves_a_picture_out_is_trimmed(make_data):
    data = make_data()
    kept = data.galleries.filter(pl.col("slot") != "main").with_columns(slot=pl.lit("rejected"), asset_id=pl.lit("x"))
    main = data.galleries.filter(pl.col("slot") == "main").with_columns(asset_id=pl.lit("0" * 64))
    view = View(make_data(galleries=pl.concat([main.head(1), kept])))
    assert dict(view.listing_states.iter_rows())["L0"] == "reordered"


def test_faults_stand_in_the_order_in_which_they_matter(make_data):
    found = faults(View(make_data()))
    assert [(fault.rule, fault.serious, fault.total, fault.severity) for fault in found] == [
        ("blurry", 2, 2, "review"),
        ("white_main", 1, 1, "fix"),
        ("few", 0, 1, "advice"),
    ]
    assert [fault.of_listings for fault in found] == [False, False, True]
    assert found[0].counts == {"fail": 1, "unsure": 1}
    assert found[2].strip == (f"{2:064x}",)


def test_faults_of_one_title_say_which_pictures_they_speak_of(make_data):
    data = make_data()
    assert {fault.speaks_of for fault in faults(View(data))} == {""}
    others = tuple(set(Role) - {Role.MAIN})
    rules = [
        Rule("main", "blurry", roles=(Role.MAIN,)),
        Rule("others", "blurry", roles=others),
        Rule("shoes", "blurry", roles=(Role.SWATCH,), categories=("@shoes",)),
        Rule("bags", "blurry", roles=(Role.SWATCH,), categories=("@bags",)),
    ]
    found = data.findings.filter(pl.col("rule") == "blurry").head(1)
    same = pl.concat([found.with_columns(rule=pl.lit(rule.id)) for rule in rules])
    told = faults(View(make_data(findings=same, policy=replace(data.policy, rules=tuple(rules)))))
    assert {fault.rule: fault.speaks_of for fault in told} == {
        "main": "main pictures",
        "others": "all but main pictures",
        "shoes": "shoes",
        "bags": "bags",
    }


def test_more_findings_than_are_shown_are_counted(make_data):
    counts = pl.DataFrame({"rule": ["blurry"], "pass": [2], "fail": [900], "unsure": [70]})
    (fault,) = [fault for fault in faults(View(make_data(counts=counts))) if fault.rule == "blurry"]
    assert (fault.counts, fault.total, fault.passed) == ({"fail": 900, "unsure": 70}, 970, 2)


def test_rules_with_names_that_collide_get_pages_of_their_own(make_data):
    data = make_data()
    same = pl.concat([data.findings.head(1).with_columns(rule=pl.lit(name)) for name in ("A b", "a b", "a/b")])
    paths = [fault.path for fault in faults(View(make_data(findings=same)))]
    assert len(set(paths)) == 3


def test_rules_that_nobody_could_assess_are_counted_with_their_question(make_data):
    (row,) = coverage(View(make_data()))
    assert (row["id"], row["count"], row["rule"].question) == ("props", 5, "Are there props in the picture?")


def test_verdicts_by_category(make_data):
    rows = categories(View(make_data()))
    assert [(row["category"], row["total"], row["show"], row["block"]) for row in rows] == [
        ("Mugs", 3, 1, 1),
        ("", 2, 1, 0),
    ]


def test_small_categories_are_summed_up(make_data):
    listings = pl.DataFrame({"listing_id": [f"n{i}" for i in range(15)], "category": [f"c{i}" for i in range(15)]})
    verdicts = listings.select("listing_id", placement_id="listing_id", asset_id=pl.lit("a")).with_columns(
        source_uri=pl.lit("x"), role=pl.lit("main"), verdict=pl.lit("show")
    )
    rows = categories(View(make_data(listings=listings, verdicts=verdicts)))
    assert len(rows) == 13
    assert (rows[-1]["others"], rows[-1]["total"]) == (3, 3)


def test_every_kind_of_trouble_says_what_to_do():
    assert set(WHAT_TO_DO) == set(TroubleKind)
    assert all(title and todo for title, todo in WHAT_TO_DO.values())


def test_troubles_find_their_listing_through_the_placement(make_data):
    (group,) = trouble_groups(View(make_data()), rows=True)
    assert (group["count"], group["rows"][0]["listing_id"]) == (1, "L2")


def test_an_unknown_kind_of_trouble_is_shown_all_the_same(make_data):
    troubles = pl.DataFrame({"stage": ["x"], "kind": ["meteor"], "source_uri": ["y"], "detail": ["z"]})
    (group,) = trouble_groups(View(make_data(troubles=troubles)), rows=True)
    assert group["title"] == "meteor"
