"""`packshot runs`: what was run in a workspace, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packshot.cli.options import catalog_option, json_option, workspace_option
from packshot.cli.show import as_json, printed_table, say

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = 20


@click.command()
@workspace_option
@catalog_option
@click.option("--all", "everything", is_flag=True, help=f"Not only the latest {SHOWN}.")
@json_option
def runs(workspace: str | Path, catalog: str | Path | None, *, everything: bool, as_json_: bool) -> None:
    """List the runs of a workspace, the latest first: running, finished, interrupted, failed, or killed.

    A run's id begins with the day and the time at which it started, in UTC.
    """
    from packshot.app.workspace import Workspace

    with Workspace(workspace, catalog=catalog) as place:
        found = place.runs()
    shown = found if everything else found[:SHOWN]
    if as_json_:
        say(as_json(shown))
        return
    rows = [
        (
            r["run_id"],
            r["state"],
            ", ".join(r["policies"]),
            f"{r['decoded']:,}",
            f"{r['troubles']:,}",
            f"{r['seconds']:,.1f}",
        )
        for r in shown
    ]
    printed_table("", ("run", "state", "policy", "decoded", "troubles", "seconds"), rows)
    if len(shown) < len(found):
        say(f"{len(found) - len(shown):,} earlier runs: packshot runs --all")
