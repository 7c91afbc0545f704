"""Policies as people work on them: shown whole, checked, compared, and begun."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packshot.app.policies import bound_policy
from packshot.app.whole_file import write_file
from packshot.core.errors import PolicyError, UsageError
from packshot.core.verdict import Verdict
from packshot.evaluate.asked import unseen
from packshot.evaluate.bind import holds
from packshot.evaluate.check import Check
from packshot.evaluate.policy_schema import policy_schema
from packshot.evaluate.rule_difference import policy_difference
from packshot.evaluate.wording import title
from packshot.plugins import discover
from packshot.policies import fields
from packshot.policies.evidence import unfounded
from packshot.policies.load import names

if TYPE_CHECKING:
    from datetime import date

    from packshot.evaluate.bind import BoundPolicy, BoundRule

SAID = ("says", "source", "question")
WIDTH = 100


@dataclass(frozen=True, slots=True)
class Linted:
    """What is wrong with one policy, and what is worth a word."""

    policy: str
    mistakes: tuple[str, ...]
    notes: tuple[str, ...] = ()


def shown(bound: BoundPolicy, day: date) -> dict[str, Any]:
    """A policy with all that it extends, as JSON values: every parameter spelt out, and which rules hold on `day`."""
    policy = bound.policy
    gallery = asdict(policy.gallery) | {"wanted_roles": [role.value for role in policy.gallery.wanted_roles]}
    return {
        "id": policy.id,
        "title": policy.title,
        "says": " ".join(policy.says.split()),
        "rules_as_of": day.isoformat(),
        "gallery": gallery,
        "rules": [_rule(one, in_force=holds(one.rule, day)) for one in bound.rules],
    }


def lint(policy: str | Path, day: date, categories: str | Path | None = None) -> Linted:
    """All mistakes of a policy at once, with the nearest names; where there are none, what is worth a word.

    Raises UnknownName and UsageError where there is no such policy or file.
    """
    try:
        bound = bound_policy(policy, categories)
    except PolicyError as error:
        return Linted(str(policy), error.mistakes)
    ended = [f"{one.rule.id}: it held until {one.rule.until}" for one in bound.rules if _ended(one, day)]
    lacks = [f"{rule}: it cannot be judged here without {', '.join(what)}" for rule, what in unseen(bound).items()]
    weak = [f"{line} (as policies that come with packshot have it; your own may)" for line in unfounded(bound.policy)]
    return Linted(str(policy), (), (*ended, *weak, *lacks))


def difference(
    before: str | Path, after: str | Path, day: date | None = None, categories: str | Path | None = None
) -> dict[str, Any]:
    """What the policy `after` asks otherwise than `before`, as JSON values; with `day`, of the rules that hold then."""
    one, other = (bound_policy(policy, categories) for policy in (before, after))
    if day is not None:
        one, other = one.on(day), other.on(day)
    found = policy_difference(one, other)
    return {
        "before": found.before,
        "after": found.after,
        "added": [_named(rule) for rule in found.added],
        "removed": [_named(rule) for rule in found.removed],
        "changed": [{"rule": change.rule, "fields": _sides(change.fields)} for change in found.changed],
        "gallery": _sides(found.gallery),
    }


def schema() -> dict[str, Any]:
    """The JSON Schema of policy files, with the checks of this install."""
    return policy_schema(discover("checks", Check), names())


def begin(path: Path, extends: str = "house") -> Path:
    """Write a commented policy that extends another into `path`, for its owner to go on from.

    Raises UsageError where the file is there already, or its name is no fit id, and UnknownName for what it extends.
    """
    if path.exists():
        raise UsageError(f"{path} is there already.", "Give another name; nothing was written.")
    try:
        id_ = fields.name(path.stem)
    except fields.WrongValue as wrong:
        raise UsageError(f"The name of {path} is no fit id: it {wrong}.", "For example: our_shop.toml") from wrong
    if path.suffix != ".toml" or id_ in names():
        taken = f"{id_!r} is the id of a policy that comes installed" if id_ in names() else "It does not end in .toml"
        raise UsageError(f"{path} cannot be a policy of your own. {taken}.", "For example: our_shop.toml")
    text = starter(extends, path.parent)
    write_file(path, lambda file: file.write(text.encode()))
    return path


def starter(extends: str, folder: Path) -> str:
    """The text of a policy to begin with, in a file in `folder`."""
    bound = bound_policy(extends)
    where = extends if extends in names() else Path(os.path.relpath(extends, folder)).as_posix()
    rules = "\n".join(f"#   {_short(one)}" for one in bound.rules)
    name = " ".join(bound.policy.title.split())
    title, quoted = (json.dumps(text, ensure_ascii=False) for text in (f"Our shop, after: {name}", where))
    return STARTER.format(title=title, extends=where, quoted=quoted, rules=rules)


def _short(one: BoundRule) -> str:
    text = f"{one.rule.id} [{one.rule.on_fail.word}]: {' '.join((one.rule.says or title(one)).split())}"
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"


def _ended(one: BoundRule, day: date) -> bool:
    return one.rule.until is not None and one.rule.until <= day


def _named(one: BoundRule) -> dict[str, Any]:
    return {
        "rule": one.rule.id,
        "on_fail": one.rule.on_fail.word,
        "says": " ".join(one.rule.says.split()) or title(one),
    }


def _sides(pairs: dict[str, tuple[str, str]]) -> dict[str, dict[str, str]]:
    return {name: {"before": before, "after": after} for name, (before, after) in pairs.items()}


def _rule(one: BoundRule, *, in_force: bool) -> dict[str, Any]:
    rule = one.rule
    texts = {name: " ".join(str(getattr(rule, name)).split()) for name in SAID}
    return {
        "id": rule.id,
        "check": rule.check,
        "params": asdict(one.params) if one.check else {},
        "roles": [role.value for role in rule.roles],
        **{name: list(getattr(rule, name)) for name in ("categories", "also_categories", "except_categories")},
        "on_fail": rule.on_fail.word,
        **texts,
        "read_on": rule.read_on,
        "evidence": rule.evidence.value,
        "effective_from": rule.effective_from,
        "until": rule.until,
        "require": rule.require,
        "manual": rule.manual,
        "in_force": in_force,
    }


STARTER = f"""\
# A policy of your own: what your channel asks of product pictures. How it is written: docs/how-to/write-a-policy.md
# Check it: packshot policy lint FILE         Compare: packshot policy diff {{extends}} FILE
# Try it:   packshot whatif --workspace W --policy FILE
# For editors that complete and check: packshot policy schema > policy.schema.json, and as the first line
# #:schema ./policy.schema.json

title = {{title}}
says = "What we ask beyond what we build on."
extends = {{quoted}}

# Inherited rules that shall not hold here, by id:
# remove = ["…"]

# [gallery]
# max_pictures = 9
# wanted_pictures = 4
# wanted_roles = ["lifestyle", "detail"]

# What `@shoes` means, beside what packshot's own map says:
# [categories.shoes]
# words = ["clog", "espadrille"]

# A rule of an inherited id replaces that rule as a whole. On failing: {", ".join(verdict.word for verdict in Verdict)}.
# [[rules]]
# check = "too_few_pixels"
# roles = ["main"]
# params = {{{{ min_longest_px = 1200 }}}}
# on_fail = "fix"
# says = "The longer side has at least 1,200 px."

# A rule that a person answers:
# [[rules]]
# id = "our_logo"
# manual = true
# roles = ["main"]
# on_fail = "review"
# question = "Is our logo laid over the picture?"

# What is inherited from {{extends}}:
{{rules}}
"""
