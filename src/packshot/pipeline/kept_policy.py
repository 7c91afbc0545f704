"""Keeps a policy as one file that stands alone, so that what it judged can be explained when the original is gone."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.bind import load_bound
from packshot.evaluate.check import Check
from packshot.plugins import discover
from packshot.policies.categories import used

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.evaluate.bind import BoundPolicy, BoundRule

RULE_FIELDS = (
    "id", "check", "roles", "categories", "also_categories", "except_categories", "on_fail", "says", "source",
    "read_on", "evidence", "effective_from", "until", "require", "manual", "question",
)  # fmt: skip


def kept_text(bound: BoundPolicy) -> str:
    """The policy as TOML that extends nothing: every rule in its place, every parameter spelt out.

    So is what its `@` categories mean: a map that changes later does not change what was judged.
    """
    policy = bound.policy
    lines = [*_fields({name: getattr(policy, name) for name in ("id", "title", "says")}), "", "[gallery]"]
    lines += _fields(asdict(policy.gallery))
    for name, one in used((rule.rule for rule in bound.rules), policy.categories).items():
        lines += ["", f"[categories.{name}]", *_fields({"replace": True, "words": one.words, "google": one.google})]
    for rule in bound.rules:
        lines += ["", "[[rules]]", *_rule(rule)]
    return "\n".join(lines) + "\n"


def kept_policy(text: str) -> BoundPolicy:
    """The policy that `kept_text` wrote. Raises PolicyError where this install lacks a check that it names."""
    with tempfile.TemporaryDirectory(prefix="packshot-") as folder:
        path = Path(folder, "kept.toml")
        path.write_text(text, encoding="utf-8")
        return load_bound(path, discover("checks", Check))


def _rule(bound: BoundRule) -> list[str]:
    lines = _fields({name: getattr(bound.rule, name) for name in RULE_FIELDS})
    if bound.check is not None:
        lines += [f"params.{line}" for line in _fields(asdict(bound.params), empty=True)]
    return lines


def _fields(values: Mapping[str, object], *, empty: bool = False) -> list[str]:
    """`name = value` lines; what says nothing (None, and unless `empty` also blanks and false) is left out."""
    said = {name: value for name, value in values.items() if value is not None and (empty or _says(value))}
    return [f"{name} = {_value(value)}" for name, value in said.items()]


def _says(value: object) -> bool:
    return bool(value) or isinstance(value, Verdict)


def _value(value: object) -> str:
    match value:
        case Verdict():
            return _text(value.word)
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(_value(item) for item in value)}]"
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    # JSON and TOML escape alike, but for the delete sign, which TOML wants escaped, too.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
