"""`packshot whatif`: what another policy, or another day's rules, would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packshot.cli.options import as_of_option, catalog_option, day, json_option, workspace_option
from packshot.cli.show import as_json, printed_table, say

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@workspace_option
@catalog_option
@click.option("--policy", "-p", required=True, help="The policy to try.")
@click.option("--against", help="Compare with this policy; the latest run's by default.")
@as_of_option
@json_option
def whatif(
    workspace: str | Path,
    catalog: str | Path | None,
    policy: str,
    against: str | None,
    rules_as_of: str | None,
    *,
    as_json_: bool,
) -> None:
    """Judge what is measured by another policy and show which verdicts would flip; nothing is written or decoded."""
    from packshot.app.workspace import Workspace

    with Workspace(workspace, catalog=catalog) as place:
        flips = place.whatif(policy, against=against, rules_as_of=day(rules_as_of))
    if as_json_:
        say(as_json(flips))
        return
    say(f"{flips['flipped']:,} of {flips['placements']:,} verdicts would change from {flips['from']} to {flips['to']}.")
    rows = [(f["from"], f["to"], f"{f['count']:,}") for f in flips["by_verdict"]]
    printed_table("", ("from", "to", "placements"), rows)
    if flips["by_rule"]:
        rules = [(f["rule"], f"{f['before']:,}", f"{f['after']:,}") for f in flips["by_rule"]]
        printed_table("\nFailed findings", ("rule", "before", "after"), rules)
