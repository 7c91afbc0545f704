"""`packshot search`: pictures by words, or by another picture."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from packshot.cli.options import PATH, catalog_option, json_option, workspace_option
from packshot.cli.show import as_json, clean, printed_table, say
from packshot.core.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("words", required=False)
@workspace_option
@catalog_option
@click.option(
    "--like", type=PATH, help="Search for pictures like the one in this FILE, in place of WORDS; `-` reads stdin."
)
@click.option("--top", "-k", type=click.IntRange(1, 10_000), default=10, show_default=True, help="How many pictures.")
@json_option
def search(
    words: str | None, workspace: str | Path, catalog: str | Path | None, like: Path | None, top: int, *, as_json_: bool
) -> None:
    """Find the pictures that show what WORDS say: "blue mug".

    The score is a nearness: it orders the pictures of one search, and says nothing across searches. Needs a workspace
    whose pictures were measured with the models here (packshot models fetch). With both halves of a CLIP of your own
    (packshot models add clip-image FILE), and after a run with them, it goes by that CLIP.
    """
    if (words is None) == (like is None):
        raise UsageError("Say what to search for: words, or a picture.", 'packshot search "blue mug", or --like FILE')
    from packshot.app.given_files import misnamed
    from packshot.app.workspace import Workspace

    if like is not None and str(like) != "-" and (wrong := misnamed(like)) is not None:
        raise wrong
    picture = sys.stdin.buffer.read() if str(like) == "-" else like
    with Workspace(workspace, catalog=catalog) as place:
        found = place.search(words, like=picture, top=top)
    if as_json_:
        say(as_json(found))
        return
    rows = [(f"{row['score']:.3f}", row["listing_id"], row["title"] or "", row["source_uri"]) for row in found]
    printed_table("", ("score", "listing", "title", "picture"), rows)
    if found:
        say(f"Seen by: {found[0]['model']}")
    paths = [clean(row["thumbnail"]) for row in found if row["thumbnail"]]
    if paths:
        say(f"Thumbnails: {paths[0].rsplit('/', 2)[0]} (their paths: --json)")
