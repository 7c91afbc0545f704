"""`packshot overrule`: a person's word against a rule's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packshot.app.workspace_file_place import run_command
from packshot.cli.options import author_option, catalog_option, json_option, workspace_option
from packshot.cli.show import as_json, clean, say

if TYPE_CHECKING:
    from pathlib import Path

    from packshot.app.labels import Said


@click.command()
@click.argument("placement")
@click.argument("check")
@workspace_option
@catalog_option
@click.option("--because", help="Why; kept with it, and shown wherever it counts. Needed but for --undo.")
@click.option("--verdict", type=click.Choice(["pass", "fail"]), help="What is right; the opposite of what CHECK says.")
@click.option("--policy", "-p", help="Only what this policy asks; all policies that ask it by default.")
@click.option("--undo", is_flag=True, help="Take back what was said before.")
@author_option
@click.option("--dry-run", is_flag=True, help="Say what would come of it; keep nothing.")
@json_option
def overrule(
    placement: str,
    check: str,
    workspace: str | Path,
    catalog: str | Path | None,
    because: str | None,
    verdict: str | None,
    policy: str | None,
    author: str | None,
    *,
    undo: bool,
    dry_run: bool,
    as_json_: bool,
) -> None:
    """Say that what CHECK says of PLACEMENT is wrong: the next run judges by your word.

    PLACEMENT is a placement id or the start of one, or a source URI or listing id that means one placement. CHECK is a
    rule's id, or a check's: then it counts for every rule that asks it. A manual rule is answered so, too.

    It is said of the picture that stands there now: another picture in that place is judged as if nobody had spoken.
    """
    if not (because or undo):
        raise click.UsageError("Missing option '--because': say why, in a few words.")
    from packshot.app.workspace import Workspace

    with Workspace(workspace, catalog=catalog) as place:
        said = place.overrule(
            placement, check, because=because, verdict=verdict, policy=policy, undo=undo, author=author, dry_run=dry_run
        )
    if as_json_:
        say(as_json({"dry_run": dry_run, **said.as_dict()}))
        return
    where = f"{clean(said.subject['source_uri'])} on listing {clean(said.subject['listing_id'])}"
    shown(said, f"{said.question} on {where}", dry_run=dry_run)
    for row in said.verdicts:
        say(f"  {row['policy']}: {row['before']} → {row['after']}")
    if not dry_run and said.stands is None:
        say(f"It counts from the next run: {run_command()}. Nothing is measured again for it.")


def shown(said: Said, subject: str, *, dry_run: bool) -> None:
    """Say what was kept, or would be."""
    because = f": {said.because}" if said.because else ""
    text = f"{subject}: {said.answer}, says {said.author}{because}"
    if said.stands is not None:
        say(f"That stands already, as label {said.stands}: {text}")
    elif dry_run:
        say(f"Would be kept: {text}")
    else:
        seq = said.label.seq if said.label else ""
        say(f"Label {seq}: {text}")
    if said.replaces is not None:
        why = f": {said.replaces['because']}" if said.replaces["because"] else ""
        verb = "would replace" if dry_run else "replaces"
        say(f"  {verb} label {said.replaces['seq']} ({said.replaces['answer']}, says {said.replaces['author']}{why})")
