"""`packshot forget`: takes pictures and listings out of a workspace for good."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from packshot.app.workspace_file_place import run_command
from packshot.cli.options import catalog_option, json_option, workspace_option
from packshot.cli.show import as_json, clean, printed_table, say
from packshot.core.errors import UsageError
from packshot.core.plural import plural

if TYPE_CHECKING:
    from pathlib import Path

    from packshot.pipeline.forgetting import Doomed


@click.command()
@click.argument("names", nargs=-1, required=True)
@workspace_option
@catalog_option
@click.option("--kind", type=click.Choice(["asset", "uri", "listing"]), help="What NAMES are, where that is not clear.")
@click.option("--because", required=True, help="Why; kept with the tombstone and shown when it comes again.")
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def forget(
    names: tuple[str, ...],
    workspace: str | Path,
    catalog: str | Path | None,
    kind: str | None,
    because: str,
    *,
    dry_run: bool,
    yes: bool,
    as_json_: bool,
) -> None:
    """Forget NAMES for good: asset ids, listing ids, or addresses as `packshot table placements` shows them.

    Their rows go from every table, their bytes and thumbnails from the workspace, and old versions that held them.
    What was forgotten is refused when a feed brings it again. It cannot be undone.
    """
    if not (dry_run or yes or as_json_ or sys.stdin.isatty()):
        raise UsageError("Nothing was forgotten: there is no terminal to ask on.", "Add --yes.")
    from packshot.app.workspace import Workspace
    from packshot.cli.progress import ProgressBar

    with Workspace(workspace, catalog=catalog) as place:
        found = place.forget(names, because=because, kind=kind, dry_run=True)
        if not dry_run:
            if not (yes or as_json_):
                _show(found, dry_run=True)
                click.confirm("Forget them? This cannot be undone.", abort=True, err=True)
            with ProgressBar() as bar:
                found = place.forget(names, because=because, kind=kind, progress=bar)
    say(as_json({"dry_run": dry_run, **_told(found)})) if as_json_ else _show(found, dry_run=dry_run)


def _told(found: Doomed) -> dict[str, object]:
    subjects = [{"kind": s.kind.value, "key": s.key, "named": s.named} for s in found.subjects]
    return {"subjects": subjects, "assets": found.assets, "kept_because_shared": found.shared, "rows": found.rows}


def _show(found: Doomed, *, dry_run: bool) -> None:
    subjects = [(s.kind.value, clean(s.named)) for s in found.subjects]
    printed_table("Would be forgotten" if dry_run else "Forgotten", ("kind", "name"), subjects)
    rows = ", ".join(f"{name} {count:,}" for name, count in found.rows.items()) or "none"
    say(f"  files: {len(found.assets):,}; rows: {rows}")
    if found.shared:
        stays = plural(len(found.shared), "picture")
        say(f"  not forgotten: {stays} that other listings or addresses show, too (or name the asset).")
    if not dry_run:
        say(f"The report in the workspace is deleted. Run again to make galleries and report anew: {run_command()}")
