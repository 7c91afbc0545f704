"""Turns the tables of a policy file into rules, with a line for every mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from packshot.policies import fields
from packshot.policies.policy import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RULE_FIELDS: dict[str, Callable[[object], object]] = {
    "id": fields.name,
    "check": fields.name,
    "params": fields.params,
    "roles": fields.roles,
    "categories": fields.words,
    "also_categories": fields.words,
    "except_categories": fields.words,
    "on_fail": fields.verdict,
    "says": fields.text,
    "source": fields.text,
    "read_on": fields.day,
    "evidence": fields.evidence,
    "effective_from": fields.day,
    "until": fields.day,
    "require": fields.flag,
    "manual": fields.flag,
    "question": fields.text,
}

GALLERY_FIELDS: dict[str, Callable[[object], object]] = {
    "max_pictures": fields.count,
    "wanted_pictures": fields.count,
    "wanted_roles": fields.roles,
    "wanted_shots": fields.shots,
}


def _table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise fields.WrongValue(f"must be a table, not {fields.shown(value)}")
    return value


def _tables(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise fields.WrongValue("must be written as [[rules]] tables")
    return value


TOP_FIELDS: dict[str, Callable[[object], object]] = {
    "id": fields.name,
    "title": fields.text,
    "says": fields.text,
    "extends": fields.text,
    "remove": fields.words,
    "every_check": fields.flag,
    "gallery": _table,
    "categories": _table,
    "rules": _tables,
}


def parse_rule(table: Mapping[str, object], number: int, where: str) -> tuple[Rule | None, list[str]]:
    """One `[[rules]]` table; None where it cannot even be named. What is wrong in it falls back to its default."""
    named = table.get("id") or table.get("check")
    at = f"{where}rule {number}" + (f" ({named})" if isinstance(named, str) else "")
    values, mistakes = fields.read_fields(table, RULE_FIELDS, at)
    mistakes += [f"{at}: {wrong}" for wrong in _contradictions(table, values)]
    rule_id = values.get("id") or values.get("check")
    if rule_id is None:
        return None, mistakes
    known: dict[str, Any] = {"check": None, **values, "id": rule_id}
    return Rule(**known), mistakes


def parse_gallery(table: Mapping[str, object], where: str) -> tuple[dict[str, Any], list[str]]:
    """The fields of the `[gallery]` table."""
    return fields.read_fields(table, GALLERY_FIELDS, f"{where}gallery")


def _contradictions(table: Mapping[str, object], values: Mapping[str, Any]) -> list[str]:
    manual = values.get("manual", False)
    wrong = []
    if manual and "check" in table:
        wrong.append("a manual rule is answered by a person and names no check")
    if manual and "params" in table:
        wrong.append("a manual rule has no params")
    if manual and "id" not in table:
        wrong.append("a manual rule needs an id")
    if manual and "question" not in table:
        wrong.append("a manual rule needs a question for the reviewer")
    if not manual and "question" in table:
        wrong.append("only a manual rule asks a question; add manual = true, or remove it")
    if not manual and "check" not in table:
        wrong.append("names no check; give one, or manual = true with a question")
    begins, ends = values.get("effective_from"), values.get("until")
    if begins and ends and begins >= ends:
        wrong.append(f"it never holds: effective_from {begins} is not before until {ends}")
    return wrong
