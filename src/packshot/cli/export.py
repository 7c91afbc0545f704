"""`packshot export`: what was chosen, as the file that a channel takes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from packshot.cli.options import OUTPUT, PATH, catalog_option, current_policy_option, json_option, workspace_option
from packshot.cli.show import as_json, clean
from packshot.core.errors import UsageError
from packshot.core.plural import plural

if TYPE_CHECKING:
    from pathlib import Path

    from packshot.app.write_back import Exported

FORMS = ("tsv", "csv", "xml", "json")


@click.command()
@click.argument("channel")
@workspace_option
@catalog_option
@click.option("--output", "-o", type=OUTPUT, help="A file, which appears whole or not at all; stdout by default.")
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(FORMS),
    help="By default that of the file's suffix, else the first one of the channel.",
)
@current_policy_option
@click.option(
    "--also",
    type=click.Choice(("fix", "review")),
    multiple=True,
    help="Write pictures of this verdict, too, behind the chosen ones, and as main picture where none may be. "
    "By default only what may be shown; what is blocked never.",
)
@click.option(
    "--base-url",
    "base_urls",
    multiple=True,
    metavar="[PREFIX=]URL",
    help="Where in public the pictures lie that the feed names by a path, or by places that begin with PREFIX.",
)
@click.option("--left-out", type=OUTPUT, metavar="FILE", help="Write a CSV of the listings that are left out, and why.")
@click.option(
    "--changed-since",
    type=PATH,
    metavar="FILE",
    help="Write only listings that differ from this whole file, written earlier for the same channel.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be written.")
@json_option
def export(
    channel: str,
    workspace: str | Path,
    catalog: str | Path | None,
    output: Path | None,
    form: str | None,
    policy: str | None,
    also: tuple[str, ...],
    base_urls: tuple[str, ...],
    left_out: Path | None,
    changed_since: Path | None,
    *,
    dry_run: bool,
    as_json_: bool,
) -> None:
    """Write the chosen pictures for CHANNEL.

    CHANNEL is one of: amazon ebay etsy google pictures shopify walmart woocommerce; `pictures` is a plain table for
    all others. Listings that no picture may lead are left out, and counted. Nothing is sent anywhere.
    """
    if as_json_ and output is None and not dry_run:
        raise UsageError("With --json the summary is on stdout, so the feed needs a file.", "Name one: -o FILE")
    from packshot.app.workspace import Workspace
    from packshot.app.write_back import ExportOptions

    options = ExportOptions(form, policy, also, base_urls, changed_since, output)
    to = None if dry_run else (output or sys.stdout.buffer)
    with Workspace(workspace, catalog=catalog) as place:
        done = place.export(channel, to, options, left_out=None if dry_run else left_out)
    if as_json_:
        click.echo(as_json(done.as_dict()))
    else:
        _tell(done, dry_run=dry_run)


def _tell(done: Exported, *, dry_run: bool) -> None:
    """What was done, on stderr: stdout may hold the feed."""
    verb = "would be written" if dry_run else "written"
    say = _aside
    counts = f"{plural(done.listings, 'listing')} with {plural(done.pictures, 'picture')}"
    to = f": {done.output}" if done.output else ""
    say(f"{counts} {verb} for {done.channel} ({done.form}), by the policy {done.policy}{to}")
    if done.unchanged:
        say(f"  {done.unchanged:,} are as in the earlier file and were not written again")
    for why, count in done.left_out.most_common():
        say(f"  left out: {plural(count, 'listing')}: {why}")
    for verdict, count in sorted(done.would_bring.items()):
        say(f"    {count:,} of them had a main picture with --also {verdict}")
    for why, count in done.dropped.most_common():
        say(f"  left out: {plural(count, 'further picture')}: {why}")
    if done.no_longer:
        gone = plural(done.no_longer, "listing")
        say(f"  left out now: {gone} of the earlier file; the channel keeps what it was given")
    for note in done.notes:
        say(f"  note: {note}")


def _aside(text: str) -> None:
    click.echo(clean(text), err=True)
