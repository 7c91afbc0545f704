"""`packshot doctor`: whether this machine and a workspace are fit for work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from packshot.cli.options import JsonOption
from packshot.cli.show import as_json, printed_table, say

UNFIT = 1


def doctor(
    workspace: Annotated[Path | None, typer.Option("--workspace", "-w", help="Look at this workspace too.")] = None,
    *,
    as_json_: JsonOption = False,
) -> None:
    """Check the install, the decoders, the machine and, if given, a workspace; exit code 1 when something is wrong."""
    from packshot.app.doctor import examined

    results = examined(workspace)
    if as_json_:
        say(as_json([{"what": r.what, "ok": r.ok, "detail": r.detail, "fix": r.fix} for r in results]))
    else:
        rows = [("ok" if r.ok else "WRONG", r.what, r.detail, r.fix) for r in results]
        printed_table("", ("", "what", "found", "how to fix"), rows)
    raise typer.Exit(0 if all(r.ok for r in results) else UNFIT)
