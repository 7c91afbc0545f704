from datetime import date

import pytest

from packshot.core.errors import PolicyError, UnknownName, UsageError
from packshot.core.listing import Role
from packshot.core.verdict import Verdict
from packshot.policies.categories import load_map
from packshot.policies.load import draft, load
from packshot.policies.policy import Evidence


def written(folder, text, name="mine.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


RULE = '[[rules]]\ncheck = "blurry"\n'


def test_a_rule_is_read_with_all_its_fields(tmp_path):
    path = written(
        tmp_path,
        """
        title = "Mine"
        [gallery]
        max_pictures = 5
        wanted_roles = ["detail"]
        [[rules]]
        id = "sharp"
        check = "blurry"
        params = { min_sharpness = 0.5 }
        roles = ["main", "detail"]
        categories = ["shoes"]
        also_categories = ["kids"]
        except_categories = ["slippers"]
        on_fail = "block"
        says = "Sharp."
        source = "our handbook"
        read_on = 2026-01-02
        evidence = "verified"
        effective_from = 2026-02-01
        until = 2027-02-01
        require = true
        """,
    )
    policy = load(path)
    (rule,) = policy.rules
    assert (policy.id, policy.title, policy.gallery.max_pictures) == ("mine", "Mine", 5)
    assert policy.gallery.wanted_roles == (Role.DETAIL,)
    assert (rule.id, rule.check, rule.params) == ("sharp", "blurry", {"min_sharpness": 0.5})
    assert (rule.roles, rule.on_fail, rule.evidence) == ((Role.MAIN, Role.DETAIL), Verdict.BLOCK, Evidence.VERIFIED)
    assert (rule.categories, rule.also_categories) == (("shoes",), ("kids",))
    assert rule.except_categories == ("slippers",)
    assert (rule.effective_from, rule.until, rule.require) == (date(2026, 2, 1), date(2027, 2, 1), True)


def test_every_mistake_is_listed_at_once_with_the_nearest_name(tmp_path):
    path = written(
        tmp_path,
        """
        titel = "Mine"
        [gallery]
        max_pictures = 0
        [[rules]]
        check = "blurry"
        roles = ["mian"]
        on_fail = "blok"
        evidence = "hearsay"
        read_on = "2026-01-02"
        colour = 3
        [[rules]]
        check = "blurry"
        [[rules]]
        id = "look"
        manual = true
        [[rules]]
        says = "Nothing."
        [[rules]]
        id = "late"
        check = "noisy"
        effective_from = 2027-01-01
        until = 2026-01-01
        """,
    )
    with pytest.raises(PolicyError) as caught:
        load(path)
    mistakes = "\n".join(caught.value.mistakes)
    for expected in (
        "There is no key called 'titel'. Did you mean title?",
        "gallery: max_pictures must be a whole number from 1, not 0",
        "rule 1 (blurry): roles is wrong. There is no role called 'mian'. Did you mean main?",
        "rule 1 (blurry): on_fail is wrong. There is no verdict called 'blok'. Did you mean block?",
        "rule 1 (blurry): evidence is wrong. There is no evidence called 'hearsay'.",
        "rule 1 (blurry): read_on must be a date such as 2026-11-22 (no quotes), not '2026-01-02'",
        "rule 1 (blurry): There is no key called 'colour'.",
        "rule 2 (blurry): an earlier rule has this id",
        "rule 3 (look): a manual rule needs a question",
        "rule 4: names no check",
        "rule 5 (late): it never holds",
    ):
        assert expected in mistakes
    assert len(caught.value.mistakes) == 11


def test_a_policy_extends_another_and_replaces_removes_and_adds(tmp_path):
    written(tmp_path, RULE + '[[rules]]\ncheck = "noisy"\n[[rules]]\ncheck = "tinted"\n', "parent.toml")
    child = written(
        tmp_path,
        'extends = "parent.toml"\nremove = ["noisy"]\n[gallery]\nmax_pictures = 3\n'
        + RULE
        + 'on_fail = "block"\n[[rules]]\ncheck = "animated"\n',
    )
    policy = load(child)
    assert [rule.id for rule in policy.rules] == ["blurry", "tinted", "animated"]
    assert policy.rules[0].on_fail is Verdict.BLOCK
    assert (policy.gallery.max_pictures, policy.gallery.wanted_pictures) == (3, 4)
    assert "# --- extends parent ---" in policy.toml


def test_every_check_is_inherited_and_a_removed_check_stays_out(tmp_path):
    policy = load(written(tmp_path, 'extends = "house"\nremove = ["noisy"]\n'))
    assert policy.every_check
    assert set(policy.removed) == {*load("house").removed, "noisy"}
    assert policy.gallery == load("house").gallery


def test_removing_an_inherited_rule_keeps_its_check_from_joining_again(tmp_path):
    written(tmp_path, 'every_check = true\n[[rules]]\nid = "soft"\ncheck = "blurry"\n', "parent.toml")
    policy = load(written(tmp_path, 'extends = "parent.toml"\nremove = ["soft"]\n'))
    assert policy.rules == ()
    assert policy.removed == ("blurry",)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            'remove = ["noise"]\nextends = "parent.toml"\n',
            "There is no inherited rule called 'noise'. Did you mean noisy?",
        ),
        ('extends = "hause"\n' + RULE, "There is no policy called 'hause'. Did you mean house?"),
        ('extends = "nowhere.toml"\n' + RULE, "cannot be read"),
        ('extends = "mine.toml"\n' + RULE, "extends goes in a circle: mine.toml → mine.toml"),
        ("", "it has no rules"),
        ("rules = 3", "rules must be written as [[rules]] tables"),
        ("a = = 3", "it is not valid TOML"),
    ],
)
def test_one_mistake(tmp_path, text, mistake):
    written(tmp_path, '[[rules]]\ncheck = "noisy"\n', "parent.toml")
    with pytest.raises(PolicyError) as caught:
        load(written(tmp_path, text))
    assert mistake in str(caught.value)


def test_a_longer_circle_is_seen(tmp_path):
    written(tmp_path, 'extends = "b.toml"\n' + RULE, "a.toml")
    written(tmp_path, 'extends = "a.toml"\n' + RULE, "b.toml")
    assert any("a.toml → b.toml → a.toml" in mistake for mistake in draft(tmp_path / "a.toml").mistakes)


def test_names_and_files_that_are_not_there(tmp_path):
    with pytest.raises(UnknownName, match="Did you mean amazon"):
        load("amazone")
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path / "none.toml")
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match="not UTF-8"):
        load(tmp_path / "bytes.toml")


def test_the_hash_follows_what_is_asked_and_not_how_it_is_written(tmp_path):
    plain = load(written(tmp_path, RULE + "require = true\n", "p.toml"))
    spaced = load(written(tmp_path, "# a remark\n\n" + RULE.replace(" ", "  ") + "require = true", "p.toml"))
    changed = load(written(tmp_path, RULE + "require = false\n", "p.toml"))
    assert plain.hash == spaced.hash
    assert plain.hash != changed.hash


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("x = " + "[" * 2000 + "]" * 2000, "nested too deep"),
        ("x = " + "{a = " * 2000 + "1" + "}" * 2000, "nested too deep"),
        ("x = " + "9" * 5000, "not valid TOML"),
        (f"{RULE}params = {{ min_sharpness = {'9' * 400} }}", "params must have numbers"),
        (f"{RULE}params = {{ min_sharpness = [{{ a = 0x{'f' * 9000} }}] }}", "params must have numbers"),
        (f"x = 0x{'f' * 9000}", "no key called 'x'"),
        (f"title = [0x{'f' * 9000}]", "so many digits"),
        (f"[gallery]\nmax_pictures = {1 << 63}", "max_pictures must be"),
        (f"[categories.hats]\ngoogle = [{1 << 63}]", "google must be"),
    ],
    ids=["arrays", "tables", "digits", "huge", "hexadecimal", "unknown", "shown", "count", "id"],
)
def test_no_depth_and_no_number_is_too_much(tmp_path, more, told):
    with pytest.raises(PolicyError, match=told):
        load(written(tmp_path, f'extends = "house"\n{more}'))


def test_a_chain_of_policies_has_an_end(tmp_path):
    before = written(tmp_path, 'extends = "house"', "p0.toml")
    for number in range(1, 60):
        before = written(tmp_path, f'extends = "{before.name}"', f"p{number}.toml")
    with pytest.raises(PolicyError, match="more than 20"):
        load(before)
    assert load(tmp_path / "p9.toml").rules == load("house").rules


def test_a_map_of_categories_is_held_to_the_same(tmp_path):
    path = written(tmp_path, "[hats]\nwords = " + "[" * 2000 + "]" * 2000, "map.toml")
    with pytest.raises(PolicyError, match="nested too deep"):
        load_map(path)


def test_a_device_without_an_end_is_no_policy(tmp_path, monkeypatch):
    monkeypatch.setattr("packshot.policies.load.MOST_BYTES", 20)
    with pytest.raises(PolicyError, match="more than 20 bytes"):
        load(written(tmp_path, "says = 'longer than twenty bytes'"))
