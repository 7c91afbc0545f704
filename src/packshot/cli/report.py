"""`packshot report`: what a run found, to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packshot.cli.options import PATH, catalog_option, current_policy_option, json_option, workspace_option
from packshot.cli.show import as_json, say

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@workspace_option
@catalog_option
@click.option("--output", "-o", type=PATH, help="A folder; `report` in the workspace by default.")
@current_policy_option
@json_option
def report(
    workspace: str | Path, catalog: str | Path | None, output: Path | None, policy: str | None, *, as_json_: bool
) -> None:
    """Write the report: a folder of pages that opens in any browser, without a server."""
    from packshot.app.workspace import Workspace
    from packshot.cli.progress import ProgressBar

    with Workspace(workspace, catalog=catalog) as place, ProgressBar() as bar:
        page = place.report(output, policy=policy, progress=bar)
    say(as_json({"report": str(page)}) if as_json_ else f"Look at the report: {page}")
