import json
from datetime import timedelta

import lance
import polars as pl
import pytest

import packshot


def whole(shop, **options):
    with shop.opened() as place:
        return place.delta(**options)


def only(found, what):
    return found.changes.filter(pl.col("what") == what).rows(named=True)


def test_the_first_run_has_nothing_to_compare_with(run_shop):
    with pytest.raises(packshot.UsageError) as error:
        whole(run_shop)
    assert "Run again" in error.value.hint


def test_a_rerun_in_which_nothing_changed_has_an_empty_delta(run_shop, command):
    first, _, last = run_shop.first, run_shop.run(), run_shop.run()
    found = whole(run_shop)
    assert found.is_empty
    assert found.changes.is_empty()
    assert (found.since.run_id == first.run_id, found.until.run_id) == (False, last.run_id)
    assert "Nothing changed" in command("delta", "-w", run_shop.workspace).out
    told = json.loads(command("delta", "-w", run_shop.workspace, "--json").out)
    assert (told["changed"], told["changes"], told["counts"]) == (False, [], {})


def test_a_replaced_picture_flips_its_verdict_and_says_why(run_shop, pictures):
    run_shop.put("watch.jpg", pictures["soft"])
    run_shop.run()
    found = whole(run_shop)
    (picture,) = only(found, "picture")
    assert (picture["change"], picture["source_uri"]) == ("replaced", "watch.jpg")
    assert picture["asset_before"] != picture["asset_after"]
    (flip,) = only(found, "verdict")
    assert (flip["change"], flip["before"]) == ("worse", "show")
    assert any("blurry" in why and "the picture was replaced" in why for why in flip["why"])
    assert found.causes == {"picture": 1}
    blurry = next(rule for rule in found.rules if rule["rule"] == "blurry")
    assert (blurry["began"], blurry["ceased"], blurry["before"], blurry["after"]) == (1, 0, 0, 1)


def test_it_is_told_against_any_earlier_run_or_judgement(run_shop, pictures):
    first = run_shop.first
    run_shop.put("watch.jpg", pictures["soft"])
    run_shop.run()
    run_shop.run()
    assert whole(run_shop).is_empty
    against_run = whole(run_shop, since=first.run_id)
    assert against_run.counts["picture"] == {"replaced": 1}
    against = whole(run_shop, since=against_run.since.judgement_id)
    assert against.changes.equals(against_run.changes)
    with pytest.raises(packshot.UnknownName):
        whole(run_shop, since="20200101T000000-00000000")


def test_new_and_gone_and_moved(run_shop, pictures):
    run_shop.put("soft.jpg", pictures["soft"])
    run_shop.list(("A", "watch.jpg"), ("A", "vase.jpg"), ("B", "pan.jpg"), ("D", "soft.jpg"), ("D", "lamp.jpg"))
    run_shop.run(accept_removals=True)
    found = whole(run_shop)
    assert found.counts["listing"] == {"new": 1, "gone": 1}
    assert found.counts["placement"] == {"new": 2, "gone": 1, "moved": 2}
    rows = only(found, "placement")
    (lamp,) = [row for row in rows if row["source_uri"] == "lamp.jpg" and row["change"] == "new"]
    assert lamp["why"] == ["on the listing C before"]
    (vase,) = [row for row in rows if row["source_uri"] == "vase.jpg"]
    assert (vase["before"], vase["after"]) == ("main 0", "secondary 1")
    (main,) = [row for row in only(found, "gallery") if row["listing_id"] == "A"]
    assert main["change"] == "main changed"


def test_a_file_that_goes_and_comes_back(run_shop):
    path = run_shop.folder / "watch.jpg"
    data = path.read_bytes()
    path.unlink()
    run_shop.run()
    found = whole(run_shop)
    assert found.counts["picture"] == {"missing": 1}
    assert found.counts["trouble"] == {"new": 1}
    (flip,) = only(found, "verdict")
    assert (flip["before"], flip["after"]) == ("show", "review")
    assert flip["why"] == ["trouble came: not_found"]
    path.write_bytes(data)
    run_shop.run()
    found = whole(run_shop)
    assert found.counts["picture"] == {"back": 1}
    assert found.counts["trouble"] == {"solved": 1}
    assert [row["change"] for row in only(found, "verdict")] == ["better"]
    assert found.causes == {"trouble": 1}


def test_a_changed_policy_names_the_rule_and_the_value(small_shop, tmp_path):
    policy = tmp_path / "ours.toml"
    rule = '[[rules]]\ncheck = "too_few_pixels"\nparams = { min_longest_px = %s }\n'
    text = f'id = "ours"\ntitle = "Ours"\nextends = "house"\n{rule}'
    policy.write_text(text % 500, encoding="utf-8")
    small_shop.run(policy=str(policy))
    policy.write_text(text % 1500, encoding="utf-8")
    small_shop.run(policy=str(policy))
    found = whole(small_shop)
    assert found.policy == "ours"
    assert found.policy_changes == ["too_few_pixels: the policy changed (min_longest_px 500 → 1,500)"]
    assert set(found.causes) == {"policy"}
    assert found.count("verdict", "worse") == found.causes["policy"] > 0
    assert all("min_longest_px 500 → 1,500" in row["why"][0] for row in only(found, "verdict"))


def test_a_run_ends_with_what_changed(small_shop, pictures, command):
    run = ("run", small_shop.feed, "-w", small_shop.workspace, "--workers", 1, "--no-report")
    assert json.loads(command(*run, "--json").out)["delta"] is None
    small_shop.put("watch.jpg", pictures["soft"])
    told = json.loads(command(*run, "--json").out)["delta"]
    assert told["counts"]["verdict"] == {"worse": 1}
    assert "changes" not in told
    out = command(*run).out
    assert "nothing changed" in out
    rows = command("delta", "-w", small_shop.workspace, "--since", told["since"]["run_id"], "--format", "csv").out
    assert rows.startswith("what,change,listing_id")
    assert "the picture was replaced" in rows


def test_old_states_that_were_cleaned_away_are_told_by_time_and_that_is_said(small_shop):
    small_shop.list(("A", "vase.jpg"), ("A", "watch.jpg"), ("B", "pan.jpg"), ("C", "gone.jpg"))
    small_shop.run()
    (small_shop.folder / "watch.jpg").unlink()
    small_shop.run()
    exact = whole(small_shop)
    for name in ("troubles", "fetches", "measurements"):
        lance.dataset(small_shop.workspace / f"tables/{name}.lance").cleanup_old_versions(timedelta(0))
    found = whole(small_shop)
    assert found.changes.equals(exact.changes)
    assert exact.counts["trouble"] == {"new": 1}
    assert (exact.notes, any("table troubles" in note for note in found.notes)) == ([], True)
