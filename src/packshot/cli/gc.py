"""`packshot gc`: deletes what a workspace no longer needs, and stores its tables anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packshot.cli.options import catalog_option, json_option, workspace_option
from packshot.cli.show import as_json, say

if TYPE_CHECKING:
    from pathlib import Path

    from packshot.app.upkeep import Swept


@click.command()
@workspace_option
@catalog_option
@click.option(
    "--keep-judgements",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Keep so many judgements of each policy, for `packshot delta` to look back to.",
)
@click.option(
    "--keep-days", type=click.FloatRange(min=0), default=7.0, show_default=True, help="Keep all that are younger."
)
@click.option(
    "--grace-hours",
    type=click.FloatRange(min=0),
    default=24.0,
    show_default=True,
    help="Leave files without a name and old versions of tables that are younger: somebody may be reading them.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be deleted; change nothing.")
@json_option
def gc(
    workspace: str | Path,
    catalog: str | Path | None,
    keep_judgements: int,
    keep_days: float,
    grace_hours: float,
    *,
    dry_run: bool,
    as_json_: bool,
) -> None:
    """Delete what no one needs any more and merge small files of tables; run it now and then, for example weekly.

    Originals, measurements and what is current are never deleted. It does not start while a run is going on, and runs
    that are started meanwhile wait for it.
    """
    from packshot.app.workspace import Workspace
    from packshot.cli.progress import ProgressBar
    from packshot.pipeline.waste import Keeping

    keeping = Keeping(keep_judgements, keep_days, grace_hours)
    with Workspace(workspace, catalog=catalog) as place, ProgressBar() as bar:
        swept = place.gc(keeping, dry_run=dry_run, progress=bar)
    say(as_json(swept.as_dict())) if as_json_ else _show(swept)


def _show(swept: Swept) -> None:
    would = "would be " if swept.dry_run else ""
    what = {
        "old judgements": swept.judgements,
        "tables of no judgement": swept.tables,
        "readings of feeds that were never finished": swept.snapshots,
        "files of no known picture": swept.blobs,
        "thumbnails of no known picture": swept.thumbnails,
        "unfinished files": swept.leftovers,
    }
    told = [f"{count:,} {name}" for name, count in what.items() if count]
    say(f"{would}deleted: {', '.join(told)}".capitalize() if told else "There was nothing to delete.")
    if swept.compacted:
        say(f"Merged small parts of: {', '.join(swept.compacted)}")
    freed = swept.blob_bytes + swept.thumbnail_bytes + swept.cleaned_bytes
    if freed:
        say(f"{'Would free' if swept.dry_run else 'Freed'} about {freed / 1e6:,.1f} MB.")
