"""`packshot why`: the decision record of one placement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import (
    catalog_option,
    current_policies_option,
    json_option,
    language_option,
    spoken,
    workspace_option,
)
from packshot.cli.show import as_json, clean, printed_table, say

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("placement")
@workspace_option
@catalog_option
@current_policies_option
@language_option
@json_option
def why(
    placement: str,
    workspace: str | Path,
    catalog: str | Path | None,
    policy: tuple[str, ...],
    language: str,
    *,
    as_json_: bool,
) -> None:
    """Say why PLACEMENT is shown or not, and where: verdicts, findings, matches, slot.

    PLACEMENT is a placement id or the start of one, a listing id, a source URI, or an asset id.
    """
    from packshot.app.workspace import Workspace

    with Workspace(workspace, catalog=catalog) as place, spoken(language):
        records = place.why(placement, policy=policy or None)
        if as_json_:
            say(as_json(records))
            return
        several = len({record["policy"] for record in records}) > 1
        for record in records:
            _show(record, by=record["policy"] if several else "")


def _show(record: dict[str, Any], by: str) -> None:
    from packshot.texts.language import phrase

    judged = f" by {clean(by)}" if by else ""
    say(f"{clean(str(record['source_uri']))} on listing {clean(str(record['listing_id']))}{judged}")
    for key in ("placement_id", "asset_id", "role", "verdict", "verdict_as_main", "slot", "reason"):
        say(f"  {key:<16} {clean(str(record[key]))}")
    if record["verdict_as_main"] not in (record["verdict"], "show"):
        command = f"packshot check FILE --policy {clean(str(record['policy']))} --role main"
        say(f"  as main          what stands against it: {command}")
    for lack in record["missing"]:
        say(f"  listing lacks    {clean(str(lack['reason']))}")
    for key, word in (("troubles", "trouble"), ("matches", "match")):
        for text in record[key]:
            say(f"  {word:<16} {clean(str(text))}")
    for said in record["words"]:
        say(f"  {'said':<16} {clean(_in_words(said))}")
    rows = [(f["status"], f["rule"], f["expected"], f["measured"], f["how_to_fix"]) for f in record["findings"]]
    if rows:
        texts = (phrase("expected"), phrase("measured"), phrase("how to fix"))
        printed_table("", ("status", "rule", *texts), rows)
    if record["not_assessed"]:
        say(f"  not assessed     {', '.join(record['not_assessed'])}")


def _in_words(said: dict[str, Any]) -> str:
    """What a person said, who, when and why; and where it does not count, that and what to do."""
    of = f" as {said['other']}" if said["other"] else ""
    because = f": {said['because']}" if said["because"] else ""
    text = f"{said['question']}{of}: {said['answer']}, says {said['author']} ({said['at']:%Y-%m-%d}){because}"
    if said["state"] == "picture replaced":
        return f"{text} [of an earlier picture here: it does not count for this one; look, and overrule anew]"
    if said["state"] == "from the next run":
        return f"{text} [counts from the next run]"
    return text + (f" [in place of {said['said_of']}]" if said["said_of"] else "")
