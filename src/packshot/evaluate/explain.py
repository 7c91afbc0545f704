"""Explains a check, a measure or a policy's rule, from what its own file says."""

from __future__ import annotations

import ast
import inspect
import textwrap
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from packshot.core.errors import UnknownName
from packshot.core.verdict import Verdict
from packshot.evaluate.check import paragraph, words
from packshot.evaluate.context import CONTEXT
from packshot.evaluate.related import RELATED
from packshot.evaluate.wording import expected, how_to_fix, title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.evaluate.bind import BoundPolicy, BoundRule
    from packshot.evaluate.check import Check
    from packshot.evaluate.measure import Measure

WIDTH = 100


def _wrapped(line: str) -> str:
    """A line as a paragraph; addresses stay whole, so that they can be copied."""
    fill = textwrap.TextWrapper(WIDTH, initial_indent="  ", subsequent_indent="    ")
    fill.break_on_hyphens = fill.break_long_words = False
    return fill.fill(line)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one thing is about: a title and sections of a heading and its lines."""

    id: str
    kind: str
    """`check`, `measure`, `column`, `table`, `policy` or `rule`."""
    title: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]

    def as_dict(self) -> dict[str, object]:
        """For JSON: the sections by their headings."""
        return {"id": self.id, "kind": self.kind, "title": self.title, **dict(self.sections)}

    def text(self) -> str:
        """As plain text, wrapped."""
        parts = [f"{self.id} ({self.kind})", self.title]
        for heading, lines in self.sections:
            wrapped = [_wrapped(line) for line in lines]
            parts.append("\n".join([f"{heading}:", *wrapped]))
        return "\n\n".join(parts) + "\n"


def explain_check(name: str, check: type[Check[Any]]) -> Explanation:
    """What a check is about: its docstring, parameters, columns and examples."""
    examples = tuple(f"{one.status.value}: {one.why}" for one in check.examples)
    return _explanation(
        name,
        "check",
        check.title(),
        ("Why it matters", (check.why_it_matters(),)),
        ("How to fix", (check.how_to_fix(),)),
        ("Blind spots", (paragraph(check, "Blind spots"),)),
        ("Expected", (check().expected(check.params()),)),
        ("Parameters", parameters(check.params)),
        ("Reads", check.needs),
        ("Speaks of", (f"{check.scope.value}s",)),
        ("Roles", tuple(role.value for role in check.roles)),
        ("Failing means", (check.on_fail.word,)),
        ("Examples", examples),
    )


def explain_measure(name: str, measure: type[Measure]) -> Explanation:
    """What a measure gives, by which method, and where it is blind."""
    head, *paragraphs = [" ".join(part.split()) for part in (inspect.getdoc(measure) or name).split("\n\n")]
    sections = []
    for number, part in enumerate(paragraphs):
        heading, colon, body = part.partition(": ")
        named = bool(colon) and len(heading.split()) <= 2  # noqa: PLR2004 - `Method`, `Blind spots`: not a sentence
        sections.append((heading if named else f"Note {number + 1}", (body if named else part,)))
    columns = tuple(f"{output.name} ({output.kind.value}): {output.doc}" for output in measure.outputs)
    return _explanation(name, "measure", head, *sections, ("Columns", columns), ("Version", (str(measure.version),)))


def explain_rule(bound: BoundPolicy, rule_id: str) -> Explanation:
    """What one rule of a policy asks, where that is written, and how sure it is; raises UnknownName."""
    rules = bound.by_id()
    if rule_id not in rules:
        raise UnknownName(f"rule of the policy {bound.policy.id}", rule_id, rules)
    one = rules[rule_id]
    rule = one.rule
    dates = (f"from {rule.effective_from}" if rule.effective_from else "", f"until {rule.until}" if rule.until else "")
    return _explanation(
        f"{bound.policy.id}/{rule_id}",
        "rule",
        title(one),
        ("Says", (rule.says,)),
        ("Source", (rule.source,)),
        ("Evidence", (rule.evidence.value + (f", read on {rule.read_on}" if rule.read_on else ""),)),
        ("In force", tuple(part for part in dates if part)),
        ("Check", (rule.check or "a person has to look",)),
        ("Parameters", _values(one)),
        ("Expected", (expected(one),)),
        ("How to fix", (how_to_fix(one),)),
        ("Roles", tuple(role.value for role in rule.roles)),
        ("Categories", rule.categories),
        ("Also categories", rule.also_categories),
        ("Except categories", rule.except_categories),
        ("Failing means", (_meaning(rule.on_fail),)),
    )


def explain_policy(bound: BoundPolicy) -> Explanation:
    """What a policy asks: its rules in one line each."""
    policy = bound.policy
    rules = tuple(f"{one.rule.id} [{one.rule.on_fail.word}]: {one.rule.says or title(one)}" for one in bound.rules)
    gallery = tuple(f"{name}: {words(value)}" for name, value in asdict(policy.gallery).items() if value)
    says = " ".join(policy.says.split())
    return _explanation(policy.id, "policy", policy.title, ("Says", (says,)), ("Rules", rules), ("Gallery", gallery))


def explain_column(name: str, measures: Mapping[str, type[Measure]]) -> Explanation | None:
    """What a column says, and how the measure that gives it finds it out; None when nothing gives it."""
    for measure_id, measure in measures.items():
        for output in measure.outputs:
            if output.name == name:
                told = explain_measure(measure_id, measure)
                about = (section for section in told.sections if section[0] != "Columns")
                where = (f"the measure {measure_id}: {told.title}",)
                return _explanation(
                    name, "column", output.doc, ("Kind", (output.kind.value,)), ("Comes from", where), *about
                )
    if name in RELATED:
        where = ("the picture and the words of its listing",)
        return _explanation(
            name, "column", RELATED[name].doc, ("Kind", (RELATED[name].kind.value,)), ("Comes from", where)
        )
    if name not in CONTEXT:
        return None
    kind = CONTEXT[name].kind.value
    return _explanation(name, "column", CONTEXT[name].doc, ("Kind", (kind,)), ("Comes from", ("where it is placed",)))


def parameters(kind: type) -> tuple[str, ...]:
    """One line for each parameter: its name, default and docstring."""
    docs = field_docs(kind)
    default = kind()
    return tuple(f"{one.name} = {words(getattr(default, one.name))}: {docs.get(one.name, '')}" for one in fields(kind))


def field_docs(kind: type) -> dict[str, str]:
    """The docstrings that follow the fields of a dataclass, on one line each."""
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    found: dict[str, str] = {}
    statements = body.body if isinstance(body, ast.ClassDef) else []
    for field, text in pairwise(statements):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
            value = text.value.value if isinstance(text.value, ast.Constant) else None
            if isinstance(value, str):
                found[field.target.id] = " ".join(value.split())
    return found


def _values(one: BoundRule) -> tuple[str, ...]:
    if one.check is None:
        return ()
    return tuple(f"{field.name} = {words(getattr(one.params, field.name))}" for field in fields(one.params))


def _meaning(on_fail: Verdict) -> str:
    meanings = {
        Verdict.SHOW: "advice: a warning, and the picture is shown",
        Verdict.FIX: "something that can be mended",
        Verdict.REVIEW: "a person has to look",
        Verdict.BLOCK: "customers must not see it, whatever is done",
    }
    return f"{on_fail.word}: {meanings[on_fail]}"


def _explanation(id_: str, kind: str, head: str, *sections: tuple[str, tuple[str, ...]]) -> Explanation:
    told = tuple((heading, lines) for heading, lines in sections if any(lines))
    return Explanation(id_, kind, head, told)
