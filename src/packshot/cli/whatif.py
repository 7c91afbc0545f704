"""`packshot whatif`: what other policies, or another day's rules, would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import (
    PATH,
    as_of_option,
    catalog_option,
    categories_option,
    day,
    json_option,
    workspace_option,
)
from packshot.cli.show import as_json, printed_table, say
from packshot.core.errors import UsageError
from packshot.core.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@workspace_option
@catalog_option
@click.option("--policy", "-p", "policies", required=True, multiple=True, help="The policy to try; repeatable.")
@click.option("--against", help="Compare with this policy; the latest run's by default.")
@as_of_option
@categories_option
@click.option(
    "--report", type=PATH, help="Write into this folder the report as it would be, with the pictures that flip."
)
@click.option("--limit", type=click.IntRange(min=0), default=10, show_default=True, help="Pictures that are listed.")
@json_option
def whatif(
    workspace: str | Path,
    catalog: str | Path | None,
    policies: tuple[str, ...],
    against: str | None,
    rules_as_of: str | None,
    categories: Path | None,
    report: Path | None,
    limit: int,
    *,
    as_json_: bool,
) -> None:
    """Judge what is measured by other policies and show which verdicts would flip; nothing is written or decoded.

    With --json, one policy gives an object, and several an array of them.
    """
    from packshot.app.workspace import Workspace

    as_of = day(rules_as_of)
    if report is not None and len(policies) > 1:
        raise UsageError("--report takes one policy at a time.", "Name one policy, and another folder for the next.")
    with Workspace(workspace, catalog=catalog) as place:
        found = [
            place.whatif(policy, against=against, rules_as_of=as_of, categories=categories, report=report)
            for policy in policies
        ]
    if as_json_:
        say(as_json(found[0] if len(found) == 1 else found))
        return
    for flips in found:
        _show(flips, limit)
        if "report" in flips:
            say(f"Look at the report: {flips['report']}", colour="green")
    if len(found) > 1:
        _compare(found)


def _show(flips: dict[str, Any], limit: int) -> None:
    say(f"{flips['flipped']:,} of {flips['placements']:,} verdicts would change from {flips['from']} to {flips['to']}.")
    rows = [(f["from"], f["to"], f"{f['count']:,}") for f in flips["by_verdict"]]
    if rows:
        printed_table("", ("from", "to", "placements"), rows)
    if flips["by_rule"]:
        rules = [(f["rule"], f"{f['before']:,}", f"{f['after']:,}") for f in flips["by_rule"]]
        printed_table("\nFailed findings", ("rule", "before", "after"), rules)
    listed = [
        (e["source_uri"], e["listing_id"], e["role"], e["before"], e["after"], ", ".join(e["why"]))
        for e in flips["examples"][:limit]
    ]
    if listed:
        more = f" ({len(listed):,} of {flips['flipped']:,})" if flips["flipped"] > len(listed) else ""
        printed_table(f"\nPictures{more}", ("picture", "listing", "role", "before", "after", "objecting"), listed)


def _compare(found: list[dict[str, Any]]) -> None:
    """What each policy would say of all placements, beside one another."""
    words = [verdict.word for verdict in Verdict]
    rows = [(one["to"], *(f"{one['verdicts'][word]:,}" for word in words), f"{one['flipped']:,}") for one in found]
    printed_table("\nVerdicts", ("policy", *words, "flipped"), rows)
