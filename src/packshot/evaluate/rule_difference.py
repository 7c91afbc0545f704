"""How two rules, or two policies, differ in what they ask."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from packshot.evaluate.check import words
from packshot.policies.categories import MARK, meant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packshot.evaluate.bind import BoundPolicy, BoundRule

ASKED = (
    "check", "roles", "categories", "also_categories", "except_categories", "on_fail", "require", "effective_from",
    "until",
)  # fmt: skip
"""The fields of a rule that say what it asks; the others are words about it."""
OF_ALL = frozenset({"roles", "categories"})
"""The fields that mean everything where they are empty."""
SAID = ("says", "source", "read_on", "evidence", "question")
"""The words about a rule."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule that both policies have and that differs."""

    rule: str
    fields: dict[str, tuple[str, str]]
    """Field or parameter → how it is written before and after."""


@dataclass(frozen=True, slots=True)
class PolicyDifference:
    """What lies between two policies."""

    before: str
    after: str
    added: tuple[BoundRule, ...]
    removed: tuple[BoundRule, ...]
    changed: tuple[RuleChange, ...]
    gallery: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether both ask the same, in the same words."""
        return not (self.added or self.removed or self.changed or self.gallery)


def policy_difference(before: BoundPolicy, after: BoundPolicy) -> PolicyDifference:
    """Compare two policies rule by rule, by the rules' ids, every parameter spelt out."""
    old, new = before.by_id(), after.by_id()
    both = ((id_, differences(old[id_], new[id_], (*ASKED, *SAID))) for id_ in new if id_ in old)
    one, other = asdict(before.policy.gallery), asdict(after.policy.gallery)
    return PolicyDifference(
        before=before.policy.id,
        after=after.policy.id,
        added=tuple(rule for id_, rule in new.items() if id_ not in old),
        removed=tuple(rule for id_, rule in old.items() if id_ not in new),
        changed=tuple(RuleChange(id_, found) for id_, found in both if found),
        gallery=_pairs(one, other),
    )


def differences(old: BoundRule, new: BoundRule, names: Iterable[str] = ASKED) -> dict[str, tuple[str, str]]:
    """The fields `names`, the parameters and the meant categories in which two rules differ, before and after."""
    names = tuple(names)
    return _pairs(_asked(old, names), _asked(new, names))


def _asked(bound: BoundRule, names: tuple[str, ...]) -> dict[str, Any]:
    asked = {name: getattr(bound.rule, name) for name in names} | {"on_fail": bound.rule.on_fail.word}
    meaning = {f"{MARK}{name}": _members(bound, name) for name in meant(bound.rule)}
    return asked | (asdict(bound.params) if bound.check else {}) | meaning


def _members(bound: BoundRule, name: str) -> tuple[str, ...]:
    one = bound.categories[name]
    return (*one.words, *(str(id_) for id_ in one.google))


def _pairs(one: dict[str, Any], other: dict[str, Any]) -> dict[str, tuple[str, str]]:
    names = [name for name in dict.fromkeys([*one, *other]) if one.get(name) != other.get(name)]
    return {name: _sides(name, one.get(name), other.get(name)) for name in names}


def _sides(name: str, one: Any, other: Any) -> tuple[str, str]:
    """Both sides in words; of what a category means, which may be long, only what the other side lacks."""
    if name.startswith(MARK) and one is not None and other is not None:
        one, other = tuple(w for w in one if w not in other), tuple(w for w in other if w not in one)
    return _word(name, one), _word(name, other)


def _word(name: str, value: object) -> str:
    """As a person would write it, with every digit that tells two bounds apart."""
    if name in OF_ALL and value == ():
        return "all"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str):
        return " ".join(value.split()) or "none"
    return "none" if value is None or value == () else words(value)
