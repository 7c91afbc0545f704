"""`packshot report`: what a run found, to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from packshot.cli.options import CurrentPolicyOption, JsonOption, WorkspaceOption
from packshot.cli.show import as_json, say


def report(
    workspace: WorkspaceOption,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A folder; `report` in the workspace by default.")
    ] = None,
    policy: CurrentPolicyOption = None,
    *,
    as_json_: JsonOption = False,
) -> None:
    """Write the report: a folder of pages that opens in any browser, without a server."""
    from packshot.app.workspace import Workspace
    from packshot.cli.progress import ProgressBar

    with Workspace(workspace) as place, ProgressBar() as bar:
        page = place.report(output, policy=policy, progress=bar)
    say(as_json({"report": str(page)}) if as_json_ else f"Look at the report: {page}")
