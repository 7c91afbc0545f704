import json
import re
import tomllib

import pytest

from packshot.evaluate.bind import load_bound
from packshot.evaluate.check import Check
from packshot.plugins import discover


def test_a_policy_is_shown_whole_as_of_a_day(command):
    found = json.loads(command("policy", "show", "google", "--json", "--rules-as-of", "2027-01-31").out)
    held = {rule["id"] for rule in found["rules"] if rule["in_force"]}
    assert "too_few_pixels" in held
    assert "too_few_pixels_until_2027" not in held
    first = next(rule for rule in found["rules"] if rule["id"] == "too_few_pixels")
    assert (first["params"]["min_shortest_px"], first["effective_from"]) == (500, "2027-01-31")
    told = command("policy", "show", "google", "--rules-as-of", "2026-12-01").out
    assert "not in force: too_few_pixels (from 2027-01-31)" in told


def test_all_policies_are_listed_and_those_of_the_workspace_file(command, tmp_path, monkeypatch):
    (tmp_path / "mine.toml").write_text('title = "Mine"\nextends = "amazon"\n', encoding="utf-8")
    (tmp_path / "wrong.toml").write_text('[[rules]]\ncheck = "blury"\n', encoding="utf-8")
    (tmp_path / "packshot.toml").write_text('policies = ["house", "mine.toml", "wrong.toml"]\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = {one["id"]: one for one in json.loads(command("policy", "list", "--json").out)}
    whole = json.loads(command("policy", "show", "amazon", "--json").out)["rules"]
    assert found["amazon"]["rules"] == len(whole)
    for evidence, count in found["amazon"]["evidence"].items():
        assert count == len([rule for rule in whole if rule["evidence"] == evidence]) > 0
    assert (found["mine"]["extends"], found["mine"]["rules"]) == ("amazon", len(whole))
    assert found["mine"]["file"] == str(tmp_path / "mine.toml")
    assert found[str(tmp_path / "wrong.toml")]["fault"].startswith("1 mistake:")
    told = command("policy", "list").out
    assert re.search(rf"(?m)^amazon +Amazon +{len(whole)} ", told)
    assert "packshot policy lint" in told


def test_what_it_extends_is_in_it_and_it_stands_alone_as_toml(command, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text('extends = "amazon"\nremove = ["no_zoom"]\n', encoding="utf-8")
    found = json.loads(command("policy", "show", mine, "--json").out)
    ids = [rule["id"] for rule in found["rules"]]
    assert "too_few_pixels" in ids
    assert "no_zoom" not in ids
    alone = tmp_path / "alone.toml"
    alone.write_text(command("policy", "show", mine, "--toml").out, encoding="utf-8")
    assert "extends" not in tomllib.loads(alone.read_text(encoding="utf-8"))
    assert command("policy", "diff", mine, alone).out.endswith("They ask the same.\n")


def test_all_mistakes_come_at_once_with_the_nearest_names(command, tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        '[[rules]]\ncheck = "blury"\n[[rules]]\ncheck = "noisy"\ncategories = ["@shoos"]\nroles = ["mian"]\n',
        encoding="utf-8",
    )
    ended = command("policy", "lint", wrong, "amazon", "--json")
    first, second = json.loads(ended.out)
    assert (ended.code, len(first["mistakes"]), second["mistakes"]) == (1, 3, [])
    told = "\n".join(first["mistakes"])
    assert all(near in told for near in ("blurry", "shoes", "main"))
    assert command("policy", "lint", "amazon", "google").code == 0
    assert command("policy", "lint", tmp_path / "none.toml").code == 2
    assert "Did you mean amazon" in command("policy", "lint", "amazn").err
    taken = tmp_path / "amazon.toml"
    taken.write_text('[[rules]]\ncheck = "blurry"\n', encoding="utf-8")
    assert "give this one an id of its own" in command("policy", "lint", taken).out


def test_notes_are_no_mistakes(command, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text('[[rules]]\ncheck = "blurry"\non_fail = "block"\nuntil = 2020-01-01\n', encoding="utf-8")
    ended = command("policy", "lint", mine, "--rules-as-of", "2026-11-22")
    assert ended.code == 0
    assert "no mistakes" in ended.out
    assert "it held until 2020-01-01" in ended.out
    assert "unverified evidence allows show at most" in ended.out


def test_two_policies_are_compared_as_text_and_as_json(command, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(
        'extends = "ebay"\nremove = ["bordered"]\n[gallery]\nmax_pictures = 12\n'
        '[[rules]]\ncheck = "animated"\nparams = { max_frames = 3 }\non_fail = "block"\n[[rules]]\ncheck = "tinted"\n',
        encoding="utf-8",
    )
    found = json.loads(command("policy", "diff", "ebay", mine, "--json").out)
    assert [rule["rule"] for rule in found["added"]] == ["tinted"]
    assert [rule["rule"] for rule in found["removed"]] == ["bordered"]
    (changed,) = found["changed"]
    assert (changed["rule"], changed["fields"]["max_frames"]) == ("animated", {"before": "1", "after": "3"})
    assert found["gallery"] == {"max_pictures": {"before": "24", "after": "12"}}
    told = command("policy", "diff", "ebay", mine).out
    assert "+ tinted [fix]" in told
    assert "- bordered [fix]: No added borders." in told
    assert "    on_fail: fix → block" in told


def test_a_day_can_make_two_policies_ask_the_same(command, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text('extends = "google"\nremove = ["too_few_pixels"]\n', encoding="utf-8")
    assert "- too_few_pixels [block]" in command("policy", "diff", "google", mine).out
    assert "They ask the same." in command("policy", "diff", "google", mine, "--rules-as-of", "2026-12-01").out


@pytest.mark.parametrize("extends", ["house", "amazon", "zalando_like"])
def test_a_new_policy_loads_and_asks_what_it_extends(command, tmp_path, extends):
    mine = tmp_path / "our_shop.toml"
    assert command("policy", "new", mine, "--extends", extends).code == 0
    bound = load_bound(mine, discover("checks", Check))
    assert (bound.policy.id, len(bound.rules)) == (
        "our_shop",
        len(load_bound(extends, discover("checks", Check)).rules),
    )
    text = mine.read_text(encoding="utf-8")
    uncommented = re.sub(r"^# (?!remove)(\[|\w+ = )", r"\1", text, flags=re.MULTILINE)
    mine.write_text(uncommented, encoding="utf-8")
    ended = command("policy", "lint", mine)
    assert (ended.code, ended.err) == (0, ""), "its examples hold as they are"
    assert "our_logo" in load_bound(mine, discover("checks", Check)).by_id()
    again = command("policy", "new", mine, "--extends", extends)
    assert (again.code, "is there already" in again.err) == (2, True)
    assert mine.read_text(encoding="utf-8") == uncommented


def test_what_cannot_be_a_policy_of_ones_own_is_refused(command, tmp_path):
    for name in ("amazon.toml", "shop.txt", "my shop!.toml"):
        ended = command("policy", "new", tmp_path / name)
        assert ended.code == 2, name
        assert not (tmp_path / name).exists()
    assert command("policy", "new", tmp_path / "shop.toml", "--extends", "amazn").code == 2
    assert 'extends = "ebay"' in command("policy", "new", "-", "--extends", "ebay").out


def test_the_schema_is_json(command):
    assert json.loads(command("policy", "schema").out)["definitions"]["rule"]


def test_a_map_of_ones_own_is_known_to_rules(command, tmp_path, monkeypatch):
    mine = tmp_path / "mine.toml"
    mine.write_text('[[rules]]\ncheck = "blurry"\ncategories = ["@clogs"]\n', encoding="utf-8")
    own = tmp_path / "map.toml"
    own.write_text('[clogs]\nwords = ["clog"]\n', encoding="utf-8")
    assert command("policy", "lint", mine).code == 1
    assert command("policy", "lint", mine, "--categories", own).code == 0
    monkeypatch.setenv("PACKSHOT_CATEGORIES", str(own))
    assert command("policy", "lint", mine).code == 0


def test_a_policy_goes_on_from_whatever_name_another_has(command, tmp_path):
    other = tmp_path / 'the "other".toml'
    other.write_text('id = "other"\nextends = "house"\ntitle = """Ours \\\\ and\n"theirs\\""""\n', encoding="utf-8")
    mine = tmp_path / "mine.toml"
    assert command("policy", "new", mine, "--extends", other).code == 0
    assert command("policy", "lint", mine).code == 0
    assert tomllib.loads(mine.read_text(encoding="utf-8"))["title"] == 'Our shop, after: Ours \\ and "theirs"'
