"""`packshot match`: a person's word on whether two pictures are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from packshot.app.workspace_file_place import run_command
from packshot.cli.options import author_option, catalog_option, json_option, workspace_option
from packshot.cli.overrule import shown
from packshot.cli.show import as_json, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@click.group()
def match() -> None:
    """Say which pictures are the same, and which are not: kept for ever, and honoured by every run."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    because = click.option("--because", help="Why; kept with it, and shown wherever it counts.")
    undo = click.option("--undo", is_flag=True, help="Take back what was said of the two before.")
    dry_run = click.option("--dry-run", is_flag=True, help="Say what would come of it; keep nothing.")
    for option in (json_option, dry_run, author_option, undo, because, catalog_option, workspace_option):
        command = option(command)
    return click.argument("one", metavar="A")(click.argument("other", metavar="B")(command))


@match.command()
@_options
def split(one: str, other: str, **told: Any) -> None:
    """Say that A and B are not the same picture: they are never in one cluster.

    A and B are asset ids, placement ids, the starts of either, or source URIs.
    """
    _tell(one, other, same=False, **told)


@match.command()
@_options
def confirm(one: str, other: str, **told: Any) -> None:
    """Say that A and B are the same picture: they are always in one cluster.

    It carries on: where A is B and B is C, A is C, too. A and B are named as for `packshot match split`.
    """
    _tell(one, other, same=True, **told)


def _tell(
    one: str,
    other: str,
    *,
    same: bool,
    workspace: str | Path,
    catalog: str | Path | None,
    because: str | None,
    author: str | None,
    undo: bool,
    dry_run: bool,
    as_json_: bool,
) -> None:
    from packshot.app.workspace import Workspace

    with Workspace(workspace, catalog=catalog) as place:
        said = place.tell_pair(one, other, same=same, because=because, author=author, undo=undo, dry_run=dry_run)
    if as_json_:
        say(as_json({"dry_run": dry_run, **said.as_dict()}))
        return
    shown(said, f"{said.subject['asset_a'][:12]} and {said.subject['asset_b'][:12]}", dry_run=dry_run)
    if not dry_run and said.stands is None:
        say(f"It counts from the next run: {run_command()}. Nothing is compared again for it.")
