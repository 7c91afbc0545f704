"""`packshot label`: what people said, from files and into files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from packshot.app.workspace_file_place import run_command
from packshot.cli.options import (
    OUTPUT,
    author_option,
    catalog_option,
    current_policy_option,
    json_option,
    workspace_option,
)
from packshot.cli.show import as_json, clean, printed_table, say
from packshot.core.errors import UsageError
from packshot.core.plural import plural

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


@click.group()
def label() -> None:
    """What people said of findings, manual rules and matches: kept for ever, and honoured by every run."""


@label.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@workspace_option
@catalog_option
@click.option("--policy", "-p", help="A policy whose rules are spoken of although nothing was judged by it yet.")
@author_option
@click.option("--skip-bad", is_flag=True, help="Leave rows with mistakes out; without it they keep all others out.")
@click.option("--dry-run", is_flag=True, help="Say what would be kept; keep nothing.")
@json_option
def import_(
    file: Path,
    workspace: str | Path,
    catalog: str | Path | None,
    policy: str | None,
    author: str | None,
    *,
    skip_bad: bool,
    dry_run: bool,
    as_json_: bool,
) -> None:
    """Keep what the CSV file FILE says (`-` is stdin), all of it or nothing.

    Its columns are `question answer because author at`, and `placement_id` or `source_uri` (with `listing_id` where one
    address stands on several listings): a question is a rule's or check's id, and its answer pass or fail. To
    `same_picture` the answer is same or different, and the two are named by `asset_id` and `other_asset_id`.
    `withdrawn` takes an answer back. Rows without an answer are passed over.
    """
    from packshot.app.workspace import Workspace

    data = _bytes(file)
    with Workspace(workspace, catalog=catalog) as place:
        name = "stdin" if str(file) == "-" else str(file)
        found = place.import_labels(data, name=name, policy=policy, author=author, skip_bad=skip_bad, dry_run=dry_run)
    if as_json_:
        say(as_json(found.as_dict()))
        return
    answers = ", ".join(f"{count:,} {answer}" for answer, count in found.by_answer.items())
    kept = "would be kept" if dry_run else "kept"
    say(f"{found.added:,} {'label' if found.added == 1 else 'labels'} {kept}" + (f": {answers}" if answers else ""))
    for count, text in ((found.unchanged, "said before, stands"), (found.unanswered, "no answer yet")):
        if count:
            say(f"  {count:,} {'row' if count == 1 else 'rows'}: {text}")
    for text in found.mistakes:
        say(f"  left out: {clean(text)}", colour="yellow")
    if found.added and not dry_run:
        say(f"From the next run on it counts: {run_command()}. Nothing is measured again for it.")


@label.command("list")
@workspace_option
@catalog_option
@click.option("--all", "every", is_flag=True, help="Also what was superseded, withdrawn, or is of earlier pictures.")
@json_option
def list_(workspace: str | Path, catalog: str | Path | None, *, every: bool, as_json_: bool) -> None:
    """List what people said and what counts, the latest first."""
    from packshot.app.workspace import Workspace
    from packshot.pipeline.label_states import STANDING

    with Workspace(workspace, catalog=catalog) as place:
        rows = place.table("labels").sort("seq", descending=True)
    shown = rows if every else rows.filter(rows["state"].is_in(STANDING))
    if as_json_:
        say(as_json(shown.rows(named=True)))
        return
    table = [
        (
            r["seq"],
            r["question"],
            _subject(r),
            r["answer"],
            r["author"],
            f"{r['at']:%Y-%m-%d}",
            r["because"],
            r["state"],
        )
        for r in shown.rows(named=True)
    ]
    if table:
        printed_table(
            "", ("label", "question", "of", "answer", "by", "on", "because", "state"), table, whole=("question", "on")
        )
    hidden = rows.height - shown.height
    if hidden:
        say(f"{hidden:,} more that count no longer: packshot label list --all")
    elif not table:
        say("Nobody has said anything yet: see packshot overrule --help.")


@label.command()
@workspace_option
@catalog_option
@click.option("--all", "every", is_flag=True, help="Every label ever kept, in order, with its state.")
@click.option("--output", "-o", type=OUTPUT, help="A file; stdout by default.")
def export(workspace: str | Path, catalog: str | Path | None, output: Path | None, *, every: bool) -> None:
    """Write what people said and what counts as CSV that `packshot label import` reads, and spreadsheets open."""
    from packshot.app.export import SHEET, form_of, written
    from packshot.app.workspace import Workspace
    from packshot.pipeline.label_states import STANDING

    form_of(output, None, ("csv",))
    with Workspace(workspace, catalog=catalog) as place:
        if output is not None:
            place.hold_output(output)
        rows = place.table("labels")
    written(rows if every else rows.filter(rows["state"].is_in(STANDING)), SHEET, output or sys.stdout.buffer)


@label.command()
@workspace_option
@catalog_option
@current_policy_option
@click.option("--output", "-o", type=OUTPUT, help="A file; stdout by default.")
@click.option(
    "--delimiter",
    type=click.Choice(tuple(DELIMITERS)),
    default="comma",
    show_default=True,
    help="What parts the columns; Excel opens semicolons by a double click where numbers have a decimal comma.",
)
def questions(
    workspace: str | Path, catalog: str | Path | None, policy: str | None, output: Path | None, delimiter: str
) -> None:
    """Write what only people can answer, for each picture where nobody has: a CSV file to fill in and import.

    Fill in `answer`: `pass` where the picture is as `pass_means` says, `fail` where it is not; whatever else stands in
    a row may stay. A spreadsheet may save it with commas, semicolons or tabs.
    """
    from packshot.app.export import SHEET, form_of, written
    from packshot.app.workspace import Workspace

    form_of(output, None, ("csv",))
    with Workspace(workspace, catalog=catalog) as place:
        if output is not None:
            place.hold_output(output)
        rows = place.questions(policy=policy)
    written(rows, SHEET, output or sys.stdout.buffer, delimiter=DELIMITERS[delimiter])
    if output is not None:
        click.echo(f"{plural(rows.height, 'question')}; fill in `answer` and: packshot label import {output}", err=True)


_PAIR = (("asset_id", "source_uri"), ("other_asset_id", "other_source_uri"))


def _subject(row: dict[str, object]) -> str:
    if row["other_asset_id"]:
        named = [row[uri] or str(row[id_])[:12] for id_, uri in _PAIR]
        return f"{named[0]} and {named[1]}"
    return f"{row['source_uri'] or row['placement_id']} ({row['listing_id'] or 'gone'})"


def _bytes(file: Path) -> bytes:
    from packshot.app.label_file import read

    if str(file) == "-":
        return read(sys.stdin.buffer)
    try:
        with file.open("rb") as opened:
            return read(opened)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Name a CSV file, or - for stdin.") from None
