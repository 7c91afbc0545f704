import csv
import io
import json
from datetime import date

import pytest

from packshot.core.errors import UsageError
from packshot.testing.drawing import draw_product, encode, on_white

BOTH = ("amazon", "google")
DAY_BEFORE = date(2027, 1, 30)
"""The last on which Google takes pictures below 500 px."""


@pytest.fixture
def drawn():
    """A drawn vase, its longer side `px` long."""

    def draw(px):
        return encode(on_white(*draw_product("vase", 1, px // 2), 0.88, (px, px)))

    return draw


def run_both(shop, pictures):
    """A listing of each kind: what both take, what neither wants, what only one does."""
    for name in ("vase", "soft"):
        shop.put(f"{name}.jpg", pictures[name])
    shop.list(("A", "vase.jpg"), ("A", "soft.jpg"), ("B", "soft.jpg"))
    return shop.run(policy=BOTH, report=True)


@pytest.fixture
def both(prepared, pictures):
    return prepared(run_both, pictures)


def test_policies_judge_by_the_same_measurements(both):
    first, (second,) = both.first, both.first.also
    assert (first.policy, second.policy, first.decoded) == ("amazon", "google", 2)
    assert sum(first.verdicts.values()) == sum(second.verdicts.values()) == 3
    table = both.table("verdicts")
    assert table.group_by("policy").len().sort("policy").rows() == [("amazon", 3), ("google", 3)]
    assert table.filter(policy="google").equals(both.table("verdicts", policy="google"))
    assert set(both.table("findings")["policy"]) <= set(BOTH)
    assert set(both.table("galleries")["policy"]) == set(BOTH)
    assert both.table("measurements").height == 2


def test_each_policy_has_its_report(both):
    (second,) = both.first.also
    assert both.first.report == str(both.workspace / "report" / "index.html")
    assert second.report == str(both.workspace / "report" / "by-policy" / "google" / "index.html")
    page = (both.workspace / "report" / "by-policy" / "google" / "policy.html").read_text(encoding="utf-8")
    assert "Google Merchant Center" in page
    both.run(policy="amazon", report=True)
    assert (both.workspace / "report" / "by-policy" / "google" / "index.html").is_file(), "it stays beside the new one"


def test_each_policy_is_compared_with_its_own_run_before(both, pictures):
    both.put("soft.jpg", pictures["pan"])
    told = both.run(policy=("google", "amazon"))
    assert told.delta["policy"] == "google"
    assert told.also[0].delta["policy"] == "amazon"
    assert told.delta["counts"]["picture"] == {"replaced": 2}
    with both.opened() as place:
        assert [row["policies"] for row in place.runs()] == [["google", "amazon"], ["amazon", "google"]]
        assert place.delta(policy="amazon").counts["picture"] == {"replaced": 2}


def test_a_run_that_judges_by_one_shows_that_one(both):
    both.run(policy="google")
    assert set(both.table("verdicts")["policy"]) == {"google"}
    with both.opened() as place:
        assert set(place.table("verdicts", policy=("google", "amazon"))["policy"]) == set(BOTH)


def test_through_the_command_line(command, both):
    run = ("run", both.feed, "-w", both.workspace, "--no-report")
    ended = command(*run, "-p", "google", "-p", "etsy", "--json")
    told = json.loads(ended.out)
    assert (told["policy"], told["decoded"], [one["policy"] for one in told["also"]]) == ("google", 0, ["etsy"])
    rows = csv.DictReader(io.StringIO(command("table", "verdicts", "-w", both.workspace).out))
    assert {row["policy"] for row in rows} == {"google", "etsy"}
    blocking = both.folder / "strict.toml"
    blocking.write_text('[[rules]]\ncheck = "too_few_pixels"\non_fail = "block"\nparams = { min_longest_px = 9000 }\n')
    ended = command(*run, "-p", "etsy", "-p", blocking, "--fail-on", "block")
    assert ended.code == 1, "the second policy blocks"
    assert "Verdicts by the policy etsy" in ended.out
    assert "Verdicts by the policy strict" in ended.out
    twice = command(*run, "-p", "etsy", "-p", "etsy")
    assert (twice.code, "named twice" in twice.err) == (2, True)
    plan = json.loads(command(*run, "-p", "etsy", "-p", "google", "--dry-run").out)
    assert plan["policies"] == ["etsy", "google"]


def test_no_policy_at_all_is_refused(small_shop):
    with pytest.raises(UsageError, match="No policy is named"):
        small_shop.run(policy=())


def test_whatif_lays_policies_beside_one_another(command, both):
    asked = ("whatif", "-w", both.workspace, "-p", "google", "-p", "zalando_like", "--against", "amazon")
    google, zalando = json.loads(command(*asked, "--json").out)
    assert (google["to"], zalando["to"]) == ("google", "zalando_like")
    assert zalando["verdicts"] == {"show": 0, "fix": 0, "review": 0, "block": 3}, "640 px are too few for it"
    assert sum(google["verdicts"].values()) == 3
    assert {"too_few_pixels"} <= set(zalando["examples"][0]["why"])
    assert [one["after"] for one in zalando["examples"]] == ["block"] * zalando["flipped"]
    shown = command(*asked, "--limit", 1).out
    assert "zalando_like" in shown.splitlines()[-1]
    assert f"Pictures (1 of {zalando['flipped']})" in shown


def test_whatif_writes_the_report_as_it_would_be(command, both):
    before = both.table("verdicts")
    folder = both.folder / "tried"
    asked = ("whatif", "-w", both.workspace, "-p", "zalando_like", "--against", "amazon", "--report", folder)
    told = json.loads(command(*asked, "--json").out)
    assert told["report"] == str(folder / "index.html")
    page = (folder / "changes.html").read_text(encoding="utf-8")
    assert "What would change" in page
    assert "the policy zalando_like by the rules of" in page
    assert "too_few_pixels" in page
    assert "<img" in page, "the pictures that flip are shown"
    assert "emptied" in page, "no main picture is left"
    assert "A fashion platform such as Zalando" in (folder / "policy.html").read_text(encoding="utf-8")
    assert both.table("verdicts").equals(before), "nothing of it is kept"
    assert command(*asked, "-p", "etsy").code == 2


def test_a_rule_begins_on_its_day(command, shop, drawn):
    shop.put("vase.jpg", drawn(400))
    shop.list(("A", "vase.jpg"))
    shop.run(policy="google", rules_as_of=DAY_BEFORE)
    asked = ("whatif", "-w", shop.workspace, "-p", "google", "--json", "--rules-as-of")
    assert json.loads(command(*asked, "2027-01-30").out)["verdicts"]["block"] == 0
    after = json.loads(command(*asked, "2027-01-31").out)
    assert (after["verdicts"]["block"], after["by_rule"]) == (1, [{"rule": "too_few_pixels", "before": 0, "after": 1}])
    picture = shop.folder / "vase.jpg"
    check = ("check", picture, "-p", "google", "--json", "--rules-as-of")
    assert json.loads(command(*check, "2027-01-31").out)["verdict"] == "block"
    assert "too_few_pixels" not in [one["rule"] for one in json.loads(command(*check, "2027-01-30").out)["findings"]]


def feed(shop, header, *rows):
    with shop.feed.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def test_googles_category_decides_beside_the_feeds_own(shop, drawn):
    """240 px: too few for apparel (250 px), enough for the rest (100 px)."""
    shop.put("tiny.jpg", drawn(240))
    feed(
        shop,
        ("id", "title", "image_link", "product_type", "google_product_category"),
        ("shirt", "One", "tiny.jpg", "New in", "212"),
        ("mug", "Two", "tiny.jpg", "New in", "2169"),
        ("ring", "Three", "tiny.jpg", "New in", "Apparel & Accessories > Jewelry > Rings"),
        ("word", "Four", "tiny.jpg", "Women > Dresses", ""),
    )
    told = shop.run(policy="google", rules_as_of=DAY_BEFORE)
    found = dict(shop.table("verdicts").select("listing_id", "verdict").rows())
    assert {name for name, verdict in found.items() if verdict == "block"} == {"shirt", "ring", "word"}
    assert dict(shop.table("listings").select("listing_id", "google_category").rows())["shirt"] == "212"
    assert not any("to packshot, such as" in note for note in told.notes), "an id that it lacks is of nothing it knows"


def test_a_category_that_the_map_lacks_is_told_once_and_can_be_added(shop, drawn):
    shop.put("tiny.jpg", drawn(240))
    feed(
        shop,
        ("id", "title", "image_link", "category"),
        *((f"{n}", f"Thing {n}", "tiny.jpg", "Gubbins") for n in range(3)),
        ("x", "Thing x", "tiny.jpg", "Kitchen"),
    )
    notes = [note for note in shop.run(policy=("google", "amazon"), rules_as_of=DAY_BEFORE).notes if "categor" in note]
    assert len(notes) == 1
    assert notes[0].startswith("1 category of 3 listings means nothing to packshot, such as 'Gubbins': ")
    own = shop.folder / "map.toml"
    own.write_text('[apparel]\nwords = ["gubbins"]\n', encoding="utf-8")
    told = shop.run(policy="google", rules_as_of=DAY_BEFORE, categories=own)
    assert not any("to packshot, such as" in note for note in told.notes)
    assert told.verdicts["block"] == 3
    assert shop.run(policy="google", rules_as_of=DAY_BEFORE).verdicts["block"] == 0, "without it, it is as it was"


def test_why_and_delta_tell_of_each_policy(both, command, pictures):
    with both.opened() as place:
        records = place.why("soft.jpg")
        assert [row["policy"] for row in records] == ["amazon", "google"] * 2
        assert records[0]["placement_id"] == records[1]["placement_id"]
        assert [row["policy"] for row in place.why("vase.jpg", policy="google")] == ["google"]
    at = ("-w", both.workspace)
    assert "on listing A by google" in command("why", "vase.jpg", *at).out
    assert "no earlier run" in command("delta", *at).err
    both.put("soft.jpg", pictures["vase"])
    both.run(policy=BOTH)
    told = json.loads(command("delta", *at, "--json").out)
    assert (told["policy"], [one["policy"] for one in told["also"]]) == ("amazon", ["google"])
    rows = list(csv.DictReader(io.StringIO(command("delta", *at, "--format", "csv").out)))
    assert {row["policy"] for row in rows} == set(BOTH)
    assert "google: since the run" in command("delta", *at).out
