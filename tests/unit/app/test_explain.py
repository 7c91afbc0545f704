import pytest

from packshot.app import explain
from packshot.core.errors import UnknownName
from packshot.evaluate.bind import bind
from packshot.plugins import discover
from packshot.policies.policy import Policy, Rule


def bound(name, says):
    rules = (Rule(id="soft", check="blurry", says=says),)
    return bind(Policy(id=name, title=name, rules=rules), discover("checks", explain.Check))


@pytest.fixture
def two(monkeypatch):
    """Two policies that have a rule of one name."""
    policies = {"one": bound("one", "Crisp."), "two": bound("two", "Very crisp.")}
    monkeypatch.setattr(explain, "names", lambda: list(policies))
    monkeypatch.setattr(explain, "bound_policy", policies.__getitem__)


@pytest.mark.usefixtures("two")
def test_a_rule_that_two_policies_have_is_told_of_both():
    told = explain.explained("soft")
    assert (told.id, told.kind) == ("soft", "rule")
    assert dict(told.sections)["one/soft, Says"] == ("Crisp.",)
    assert dict(told.sections)["two/soft, Says"] == ("Very crisp.",)
    assert explain.explained("two/soft").as_dict()["Says"] == ("Very crisp.",)
    assert explain.explained("blurry").as_dict()["Rules"] == (
        "one/soft [fix]: Crisp.",
        "two/soft [fix]: Very crisp.",
    )
    with pytest.raises(UnknownName, match="soft"):
        explain.explained("sofd")
