"""`packshot why`: the decision record of one placement."""

from __future__ import annotations

from typing import Annotated

import typer

from packshot.cli.options import CurrentPolicyOption, JsonOption, WorkspaceOption
from packshot.cli.show import as_json, clean, printed_table, say


def why(
    placement: Annotated[str, typer.Argument(help="A placement id or the start of one, a source URI, or an asset id.")],
    workspace: WorkspaceOption,
    policy: CurrentPolicyOption = None,
    *,
    as_json_: JsonOption = False,
) -> None:
    """Say why a picture is shown or not, and where: verdicts, findings, matches, slot."""
    from packshot.app.workspace import Workspace

    with Workspace(workspace) as place:
        records = place.why(placement, policy=policy)
    if as_json_:
        say(as_json(records))
        return
    for record in records:
        say(f"{clean(str(record['source_uri']))} on listing {clean(str(record['listing_id']))}")
        for key in ("placement_id", "asset_id", "role", "verdict", "verdict_as_main", "slot", "reason"):
            say(f"  {key:<16} {clean(str(record[key]))}")
        for key in ("troubles", "matches"):
            for text in record[key]:
                say(f"  {key[:-1]:<16} {clean(str(text))}")
        rows = [(f["status"], f["rule"], f["expected"], f["measured"], f["how_to_fix"]) for f in record["findings"]]
        printed_table("", ("  status", "rule", "expected", "measured", "how to fix"), rows)
        if record["not_assessed"]:
            say(f"  not assessed     {', '.join(record['not_assessed'])}")
