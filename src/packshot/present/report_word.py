"""The page of what people said: who, of which picture, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.present.report_site import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.present.report_view import View

Row = dict[str, Any]
PATH = "word.html"


def word_pages(view: View) -> Iterator[Page]:
    """The page `word.html`; none where nobody has said anything."""
    if view.data.words.height:
        yield Page(PATH, PATH, lambda: _values(view))


def said_of_placements(view: View) -> dict[str, list[Row]]:
    """What counts of what was said in place of rules, by placement."""
    rows = view.data.words.filter((pl.col("state") == "counts") & pl.col("placement_id").is_not_null())
    found: dict[str, list[Row]] = {}
    for row in rows.sort("seq").iter_rows(named=True):
        found.setdefault(row["placement_id"], []).append(row)
    return found


def said_of_pairs(view: View) -> dict[tuple[str, str], Row]:
    """What counts of what was said of two assets, by both orders of their ids."""
    rows = view.data.words.filter((pl.col("state") == "counts") & pl.col("other_asset_id").is_not_null())
    pairs = [((row["asset_id"], row["other_asset_id"]), row) for row in rows.iter_rows(named=True)]
    return dict(pairs) | {(b, a): row for (a, b), row in pairs}


def _values(view: View) -> Row:
    words = view.data.words.sort("seq", descending=True)
    rules = {rule.id: rule for rule in view.data.policy.rules}
    shown = [
        row | {"link": view.link(row["listing_id"]), "asks": _asks(rules, view.data.policy.id, row["question"])}
        for row in words.head(view.limits.words).iter_rows(named=True)
    ]
    groups = [
        ("Stands in place of a rule", [r for r in shown if r["state"] == "counts" and not r["other_asset_id"]]),
        ("Whether two pictures are the same", [r for r in shown if r["state"] == "counts" and r["other_asset_id"]]),
        ("Counts from the next run", [r for r in shown if r["state"] == "from the next run"]),
        ("Does not count: another picture stands there now", [r for r in shown if r["state"] == "picture replaced"]),
    ]
    return {"groups": [(title, rows) for title, rows in groups if rows], "total": words.height, "shown": len(shown)}


def _asks(rules: dict[str, Any], policy: str, question: str) -> str:
    """What the rule of that question says or asks, where the question names one."""
    rule = rules.get(question.removeprefix(f"{policy}/"))
    return (rule.question or rule.says) if rule else ""
