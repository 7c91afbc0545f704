"""`packshot doctor`: whether this machine and a workspace are fit for work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packshot.cli.options import PATH, json_option
from packshot.cli.show import as_json, printed_table, say

if TYPE_CHECKING:
    from pathlib import Path

UNFIT = 1


@click.command()
@click.option("--workspace", "-w", type=PATH, help="Look at this workspace too.")
@json_option
def doctor(workspace: Path | None, *, as_json_: bool) -> None:
    """Check the install, the decoders, the machine and, if given, a workspace; exit code 1 when something is wrong."""
    from packshot.app.doctor import examined

    results = examined(workspace)
    if as_json_:
        say(as_json([{"what": r.what, "ok": r.ok, "detail": r.detail, "fix": r.fix} for r in results]))
    else:
        rows = [("ok" if r.ok else "WRONG", r.what, r.detail, r.fix) for r in results]
        printed_table("", ("", "what", "found", "how to fix"), rows)
    raise click.exceptions.Exit(0 if all(r.ok for r in results) else UNFIT)
