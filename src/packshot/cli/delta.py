"""`packshot delta`: what changed since the last run, and why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from packshot.cli.options import catalog_option, current_policies_option, json_option, workspace_option
from packshot.cli.show import as_json, clean, printed_table, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from packshot.app.delta import Delta


@click.command()
@workspace_option
@catalog_option
@current_policies_option
@click.option(
    "--since",
    default="previous",
    show_default=True,
    help="Compare with what this run ended with (its id, or a judgement's), or the `previous` run of the policy.",
)
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, help="Changes shown of each kind.")
@click.option("--format", "-f", "form", type=click.Choice(["csv"]), help="Every change as a row on stdout.")
@json_option
def delta(
    workspace: str | Path,
    catalog: str | Path | None,
    policy: tuple[str, ...],
    since: str,
    limit: int,
    form: str | None,
    *,
    as_json_: bool,
) -> None:
    """Say what is new, gone, replaced and judged otherwise since the last run, and why.

    Of several policies each is told after the other. In JSON the further ones stand under `also`; in CSV the column
    `policy` tells them apart.
    """
    from packshot.app.workspace import Workspace

    with Workspace(workspace, catalog=catalog) as place:
        found = place.deltas(policies=policy or None, since=since)
    if as_json_:
        also = {"also": [one.as_dict() for one in found[1:]]} if len(found) > 1 else {}
        say(as_json(found[0].as_dict() | also))
    elif form == "csv":
        _write(found, form)
    else:
        for number, one in enumerate(found):
            if number:
                say()
            _show(one, limit)


def _write(found: Sequence[Delta], form: str) -> None:
    import polars as pl

    from packshot.app.export import written

    named = pl.concat([one.changes.with_columns(pl.lit(one.policy).alias("policy")) for one in found])
    written(named if len(found) > 1 else named.drop("policy"), form, sys.stdout.buffer)


def _show(found: Delta, limit: int) -> None:
    since = f"{found.since.at:%Y-%m-%d %H:%M:%S} UTC"
    named = f"the run {found.since.run_id} of" if found.since.run_id else "the judgement of"
    say(f"{found.policy}: since {named} {since}")
    for note in found.notes:
        say(f"  note: {clean(note)}", colour="yellow")
    if found.is_empty:
        say("Nothing changed: the same listings, pictures, verdicts and galleries.")
        return
    counts = [
        (what, change, f"{count:,}") for what, changes in found.counts.items() for change, count in changes.items()
    ]
    if counts:
        printed_table("", ("what", "change", "count"), counts)
    for title, lines in (("Policy", found.policy_changes), ("Measures", found.measure_changes)):
        for line in lines:
            say(f"{title} changed: {clean(line)}")
    if found.verdicts:
        rows = [(flip["from"], flip["to"], f"{flip['count']:,}") for flip in found.verdicts]
        printed_table("\nVerdicts that changed", ("from", "to", "placements"), rows)
    causes = [(words, f"{count:,}") for words, count in found.causes_in_words()]
    if causes:
        printed_table("\nWhat lies behind them", ("cause", "placements"), causes)
    if any(rule["began"] or rule["ceased"] for rule in found.rules):
        rules = [
            (r["rule"], f"{r['began']:,}", f"{r['ceased']:,}", f"{r['after']:,}")
            for r in found.rules[:limit]
            if r["began"] or r["ceased"]
        ]
        printed_table("\nRules that object", ("rule", "began", "ceased", "now"), rules)
    _show_flips(found.worst(limit), found.count("verdict"))
    _show_galleries(found, limit)
    _show_troubles(found, limit)


def _show_flips(flips: pl.DataFrame, total: int) -> None:
    rows = [
        (r["source_uri"], r["listing_id"], r["role"], r["before"], r["after"], "; ".join(r["why"] or ()))
        for r in flips.rows(named=True)
    ]
    if rows:
        title = "\nThe gravest first" + (f" ({len(rows):,} of {total:,})" if total > len(rows) else "")
        printed_table(title, ("picture", "listing", "role", "before", "after", "why"), rows)


def _show_galleries(found: Delta, limit: int) -> None:
    galleries = found.galleries(limit)
    rows = [
        (r["listing_id"], r["change"], r["before"] or "none", r["after"] or "none", "; ".join(r["why"] or ()))
        for r in galleries.rows(named=True)
    ]
    total = found.count("gallery", "main changed", "emptied", "filled")
    if rows:
        title = "\nMain pictures" + (f" ({len(rows):,} of {total:,})" if total > len(rows) else "")
        printed_table(title, ("listing", "change", "before", "after", "why"), rows)


def _show_troubles(found: Delta, limit: int) -> None:
    troubles = found.new_troubles(limit)
    rows = [(r["source_uri"] or "", r["after"], "; ".join(r["why"] or ())) for r in troubles.rows(named=True)]
    total = found.count("trouble", "new")
    if rows:
        title = "\nNew troubles" + (f" ({len(rows):,} of {total:,})" if total > len(rows) else "")
        printed_table(title, ("picture or feed", "trouble", "detail"), rows)
