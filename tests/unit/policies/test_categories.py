import tomllib

import pytest

from packshot.core.errors import PolicyError, UsageError
from packshot.policies.categories import Category, laid_over, load_map, meant, parse, shipped, unknown_names
from packshot.policies.load import draft, load
from packshot.policies.policy import Rule


def test_the_shipped_map_holds_what_rules_depend_on():
    known = shipped()
    assert {"apparel", "children", "underwear", "swimwear", "hosiery", "accessories", "shoes", "jewelry"} <= set(known)
    assert 1604 in known["apparel"].google  # Apparel & Accessories > Clothing
    assert 187 in known["shoes"].google
    assert all(one.words and len(set(one.google)) == len(one.google) for one in known.values())
    below = [set(known[name].google) for name in ("apparel", "shoes", "jewelry")]
    assert not set.intersection(*below), "an id of one kind of thing is of no other"


def test_every_mistake_of_a_map_is_told():
    table = tomllib.loads('apparel = 3\n[shoes]\nword = ["boot"]\ngoogle = ["187"]\n["a b"]\nwords = ["x"]')
    found, mistakes = parse(table, "")
    assert set(found) == {"shoes"}
    assert len(mistakes) == 4
    assert "Did you mean words?" in "\n".join(mistakes)


def test_a_map_adds_to_the_one_below_or_replaces_it():
    below = {"shoes": Category("shoes", ("shoe",), (187,)), "home": Category("home", ("home",))}
    added = laid_over(below, {"shoes": Category("shoes", ("clog", "shoe"), (1,)), "tea": Category("tea", ("tea",))})
    assert added["shoes"] == Category("shoes", ("shoe", "clog"), (187, 1))
    assert set(added) == {"shoes", "home", "tea"}
    assert laid_over(below, {"shoes": Category("shoes", ("clog",), replace=True)})["shoes"].words == ("clog",)


def test_a_map_from_a_file(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text('[shoes]\nwords = ["clog"]\n', encoding="utf-8")
    assert {"shoe", "clog"} <= set(load_map(path)["shoes"].words)
    with pytest.raises(UsageError, match="cannot be read"):
        load_map(tmp_path / "none.toml")
    path.write_text("[shoes\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="not valid TOML"):
        load_map(path)
    path.write_text("[shoes]\nwords = 3\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="must be a list"):
        load_map(path)


def test_a_rule_names_categories_and_an_unknown_one_is_a_mistake(tmp_path):
    rule = Rule("r", "blurry", categories=("@apparel", "hat"), except_categories=("@children",))
    assert meant(rule) == ("apparel", "children")
    assert unknown_names([rule], {"apparel": Category("apparel")})[0].startswith("rule r: There is no category")
    path = tmp_path / "mine.toml"
    path.write_text('[[rules]]\ncheck = "blurry"\ncategories = ["@shoos"]\n', encoding="utf-8")
    assert any("Did you mean shoes" in line for line in draft(path).mistakes)


def test_a_policy_adds_to_the_map_for_itself_and_for_what_extends_it(tmp_path):
    (tmp_path / "parent.toml").write_text(
        '[categories.shoes]\nwords = ["clog"]\n[[rules]]\ncheck = "blurry"\ncategories = ["@shoes"]\n', encoding="utf-8"
    )
    child = tmp_path / "child.toml"
    child.write_text(
        'extends = "parent.toml"\n[categories.shoes]\nwords = ["pump"]\nreplace = true\n'
        '[categories.tea]\nwords = ["tea"]\n',
        encoding="utf-8",
    )
    assert {"clog", "shoe"} <= set(load(tmp_path / "parent.toml").categories["shoes"].words)
    joined = load(child)
    assert joined.categories["shoes"].words == ("pump",)
    assert joined.categories["tea"].words == ("tea",)
    before = joined.hash
    child.write_text(child.read_text(encoding="utf-8").replace("pump", "sandal"), encoding="utf-8")
    assert load(child).hash != before, "what a rule's category means is part of what the policy asks"
    child.write_text(child.read_text(encoding="utf-8").replace('"tea"', '"coffee"'), encoding="utf-8")
    unread = load(child).hash
    child.write_text(child.read_text(encoding="utf-8").replace('"coffee"', '"cocoa"'), encoding="utf-8")
    assert load(child).hash == unread, "a category that no rule names changes nothing"
