"""Puts findings into words for people: what was expected, what was measured, what to do, and where it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from packshot.core.errors import UnknownName
from packshot.core.finding import Finding
from packshot.core.verdict import Status
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.evaluate.bind import BoundPolicy, BoundRule

BOXES = pl.List(pl.Float32)
_SIDES = 4

TEXTS: dict[str, pl.DataType] = {
    "title": pl.String(),
    "expected": pl.String(),
    "measured": pl.String(),
    "how_to_fix": pl.String(),
    "on_fail": pl.String(),
    "says": pl.String(),
    "source": pl.String(),
    "box": BOXES,
}
"""The columns that `describe` adds; `box` holds one box after the other."""


def finding(bound: BoundRule, status: Status, row: Mapping[str, object]) -> Finding:
    """What one rule says of one row of facts."""
    flat = _boxes(bound, row) or ()
    x, y, w, h = (flat[side::_SIDES] for side in range(_SIDES))
    return Finding(
        check=bound.rule.check or "",
        rule=bound.rule.id,
        status=status,
        expected=expected(bound),
        measured=measured(bound, status, row),
        how_to_fix=how_to_fix(bound),
        source=bound.rule.source,
        on_fail=bound.rule.on_fail.word,
        boxes=tuple(zip(x, y, w, h, strict=True)),
    )


def describe(
    findings: pl.DataFrame, facts: pl.DataFrame, bound: BoundPolicy, listings: pl.DataFrame | None = None
) -> pl.DataFrame:
    """`findings`, in their order, with the columns of `TEXTS` added.

    `facts` has a row for each `placement_id` among them, with the columns that were judged; `listings` likewise for
    each `listing_id` of the findings without a placement (without it, `facts` is asked). Texts are made row by row:
    pass the findings that are to be read, not millions. Raises UnknownName for a rule that the policy does not have.
    """
    rules = bound.by_id()
    numbered = findings.with_row_index("_n")
    by_listing = listings if listings is not None else facts
    parts = [numbered.clear().with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in TEXTS.items())]
    for (rule_id,), part in numbered.group_by("rule", maintain_order=True):
        if rule_id not in rules:
            raise UnknownName(f"rule of the policy {bound.policy.id}", str(rule_id), rules)
        rule = rules[str(rule_id)]
        placed = part.filter(pl.col("placement_id").is_not_null())
        parts.append(_worded(placed, facts, "placement_id", rule))
        parts.append(_worded(part.filter(pl.col("placement_id").is_null()), by_listing, "listing_id", rule))
    return pl.concat(parts).sort("_n").drop("_n")


def title(bound: BoundRule) -> str:
    """The fault in one line: the check's, or what the channel says for a manual rule."""
    return phrase(bound.check.title()) if bound.check else bound.rule.says or bound.rule.question


def expected(bound: BoundRule) -> str:
    """What would pass."""
    return bound.check.expected(bound.params) if bound.check else bound.rule.question


def how_to_fix(bound: BoundRule) -> str:
    """What to do about it."""
    return phrase(bound.check.how_to_fix()) if bound.check else ""


def measured(bound: BoundRule, status: Status, row: Mapping[str, object]) -> str:
    """What was measured, or why nothing was."""
    if bound.check is None:
        return phrase("a person has to look")
    if status is Status.UNMEASURED:
        return phrase("not measured yet")
    if status is Status.NOT_ASSESSED:
        return phrase("nothing installed here measures it")
    return bound.check.measured(row, bound.params)


def _worded(part: pl.DataFrame, facts: pl.DataFrame, key: str, bound: BoundRule) -> pl.DataFrame:
    columns = [name for name in dict.fromkeys(bound.shows) if name in facts.columns]
    rows = facts.select(key, *columns).unique(key, keep="first")
    told = part.select(key, "status").join(rows, on=key, how="left", maintain_order="left").rows(named=True)
    texts = [measured(bound, Status(row["status"]), row) for row in told]
    boxes = [_boxes(bound, row) for row in told]
    return part.with_columns(
        pl.lit(title(bound)).alias("title"),
        pl.lit(expected(bound)).alias("expected"),
        pl.Series("measured", texts, dtype=pl.String),
        pl.lit(how_to_fix(bound)).alias("how_to_fix"),
        pl.lit(bound.rule.on_fail.word).alias("on_fail"),
        pl.lit(bound.rule.says).alias("says"),
        pl.lit(bound.rule.source).alias("source"),
        pl.Series("box", boxes, dtype=BOXES),
    )


def _boxes(bound: BoundRule, row: Mapping[str, object]) -> tuple[float, ...] | None:
    """x, y, w, h of every box that shows where to look, one after the other; None where there is none."""
    name = bound.check.box if bound.check else None
    value = row.get(name) if name else None
    if not isinstance(value, list | tuple) or not value:
        return None
    return tuple(float(number) for number in value)
