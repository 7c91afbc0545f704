"""A JSON Schema of policy files, made from what reads them, so that editors complete and check while one writes."""

from __future__ import annotations

from dataclasses import fields as fields_of
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from packshot.core.listing import Role
from packshot.core.shot import Shot
from packshot.core.verdict import Verdict
from packshot.evaluate.bind import UNIT_RANGES
from packshot.evaluate.check import Scope
from packshot.evaluate.explain import field_docs
from packshot.policies import categories, fields
from packshot.policies.parse import GALLERY_FIELDS, RULE_FIELDS, TOP_FIELDS
from packshot.policies.policy import Evidence, GalleryRules, Policy, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from packshot.evaluate.check import Check

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that editors of TOML know."""
TEXT: dict[str, Any] = {"type": "string", "pattern": r"\S"}
TEXTS: dict[str, Any] = {"type": "array", "items": TEXT}
SHAPES: dict[Callable[[object], object], dict[str, Any]] = {
    fields.text: TEXT,
    fields.name: {"type": "string", "pattern": r"^\s*[^\W_]+(?:[-_.]+[^\W_]+)*\s*$"},
    fields.flag: {"type": "boolean"},
    fields.day: {"type": "string", "format": "date"},
    fields.count: {"type": "integer", "minimum": 1},
    fields.words: TEXTS,
    fields.whole_numbers: {"type": "array", "items": {"type": "integer", "minimum": 1}},
    fields.params: {"type": "object"},
    fields.roles: {"type": "array", "items": {"enum": [role.value for role in Role]}},
    fields.shots: {"type": "array", "items": {"enum": [shot.value for shot in Shot]}},
    fields.evidence: {"enum": [mark.value for mark in Evidence]},
    fields.verdict: {"enum": [verdict.word for verdict in Verdict]},
}
"""What reads a field of a policy file → what it takes."""
OF_PARAM: dict[type, str] = {float: "number", int: "integer", bool: "boolean", str: "string"}
EXTENDS = (
    "A policy that this one builds on: a name, or the path of another file. All its rules and its gallery hold here."
)
REMOVE = "Inherited rules that do not hold here, by id."
GALLERY = "What the channel's gallery looks like."
RULES = "What the channel asks, one table for each rule."
MAP = "Words and ids that make a category, beside packshot's own: [categories.shoes]."


def policy_schema(checks: Mapping[str, type[Check[Any]]], policies: Sequence[str] = ()) -> dict[str, Any]:
    """The schema of a policy file that names these checks; `policies` are offered where it extends one."""
    described = field_docs(Policy) | {"extends": EXTENDS, "remove": REMOVE, "title": "The name that people read."}
    top = _properties(TOP_FIELDS, described, skip=("gallery", "rules", "categories"))
    top["extends"] |= {"examples": list(policies)}
    top["gallery"] = _table(GALLERY_FIELDS, field_docs(GalleryRules)) | {"description": GALLERY}
    top["categories"] = {
        "type": "object",
        "description": MAP,
        "additionalProperties": _table(categories.FIELDS, field_docs(categories.Category)),
    }
    top["rules"] = {"type": "array", "description": RULES, "items": {"$ref": "#/definitions/rule"}}
    parameters = {f"params of {name}": _params(check) for name, check in checks.items()}
    return {
        "$schema": DRAFT,
        "title": "A policy of packshot: what one channel asks of product pictures",
        "type": "object",
        "properties": top,
        "additionalProperties": False,
        "definitions": {"rule": _rule(checks), **parameters},
    }


def _rule(checks: Mapping[str, type[Check[Any]]]) -> dict[str, Any]:
    rule = _table(RULE_FIELDS, field_docs(Rule))
    rule["properties"]["check"] |= {"enum": list(checks)}
    by_hand = {"properties": {"manual": {"const": True}}, "required": ["manual"]}
    rule["if"] = by_hand
    rule["then"] = {"required": ["id", "question"], "properties": {"check": False, "params": False}}
    rule["else"] = {"required": ["check"], "properties": {"question": False}}
    rule["allOf"] = [
        {
            "if": {"properties": {"check": {"const": name}}, "required": ["check"]},
            "then": {"properties": _only_of(name, check)},
        }
        for name, check in checks.items()
    ]
    return rule


def _only_of(name: str, check: type[Check[Any]]) -> dict[str, Any]:
    """What holds for the rules of one check: its parameters, and no roles where it speaks of listings."""
    params: dict[str, Any] = {"params": {"$ref": f"#/definitions/params of {name}"}}
    return params | ({"roles": False} if check.scope is Scope.LISTING else {})


def _table(readers: Mapping[str, Callable[[object], object]], described: Mapping[str, str]) -> dict[str, Any]:
    return {"type": "object", "properties": _properties(readers, described), "additionalProperties": False}


def _properties(
    readers: Mapping[str, Callable[[object], object]], described: Mapping[str, str], skip: tuple[str, ...] = ()
) -> dict[str, Any]:
    told = {name: dict(SHAPES[reader]) for name, reader in readers.items() if name not in skip}
    return {name: shape | _said(described.get(name, "")) for name, shape in told.items()}


def _said(text: str) -> dict[str, str]:
    return {"description": text} if text else {}


def _params(check: type[Check[Any]]) -> dict[str, Any]:
    hints, described, default = get_type_hints(check.params), field_docs(check.params), check.params()
    found = {}
    for one in fields_of(check.params):
        value = getattr(default, one.name)
        given = {"default": list(value) if isinstance(value, tuple) else value}
        found[one.name] = _of_type(hints[one.name]) | _range(one.name) | given | _said(described.get(one.name, ""))
    return {"type": "object", "description": check.title(), "properties": found, "additionalProperties": False}


def _of_type(hint: Any) -> dict[str, Any]:
    if get_origin(hint) is tuple:
        return {"type": "array", "items": {"type": OF_PARAM[get_args(hint)[0]]}}
    return {"type": OF_PARAM[hint]}


def _range(name: str) -> dict[str, float]:
    for unit, (lowest, highest) in UNIT_RANGES.items():
        if name.endswith(unit):
            return {"minimum": lowest} | ({"maximum": highest} if highest == 1 else {})
    return {}
