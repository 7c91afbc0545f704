"""`packshot init`: begins a workspace file by looking at feeds."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.completing import complete_policies
from packshot.cli.options import json_option
from packshot.cli.show import as_json, clean, printed_table, say
from packshot.cli.source_options import form_given, form_options
from packshot.cli.web_options import web_options, web_settings
from packshot.core.errors import UsageError
from packshot.core.plural import plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from packshot.app.beginning import Answers, Looked
    from packshot.collect.column_guess import Question

OPEN_QUESTIONS = 2
WEB_NOT_ADDED = "How the web was asked is not added: write it under [web] of the file."
HERE = "."
"""What is looked at when nothing is named: the one feed in the current folder, or the folder itself."""
NONE = "-"
_PLACE_CHARS = 44


@click.command()
@click.argument("feeds", metavar="[FEED...]", nargs=-1)
@click.option(
    "--map", "columns", metavar="FIELD=COLUMN", multiple=True, help="Answer a question; FIELD=- says there is none."
)
@form_options
@click.option("--group-by", help="For a folder: one listing per `file` or per `folder`.")
@click.option(
    "--workspace",
    "-w",
    default="packshot-work",
    show_default=True,
    help="What will hold measurements, verdicts and galleries: a folder, relative to the file, or s3://bucket/prefix.",
)
@click.option(
    "--policy",
    "-p",
    multiple=True,
    default=("house",),
    show_default=True,
    shell_complete=complete_policies,
    help="What to judge by; repeatable.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    default="packshot.toml",
    show_default=True,
    help="The file to write.",
)
@click.option("--yes", "-y", is_flag=True, help="Ask nothing: what is not sure stands in the file as a question.")
@click.option("--add", is_flag=True, help="Add the feeds to the file that is there; all else in it stays as it is.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@web_options
@json_option
def init(
    feeds: tuple[str, ...],
    columns: tuple[str, ...],
    group_by: str | None,
    workspace: str,
    policy: tuple[str, ...],
    output: Path,
    *,
    yes: bool,
    add: bool,
    force: bool,
    dry_run: bool,
    as_json_: bool,
    **options: Any,
) -> None:
    """Write packshot.toml for each FEED: a feed or a folder, here, at s3://… or https://…; by default what lies here.

    Looks at the first rows: what kind of feed it is, how it is written, which column is which, by names in several
    languages and by values. What it cannot tell it asks on a terminal; without one it ends with 2, the questions and
    the flags that answer them. It shows the first listings as they would be read.
    """
    from packshot.app.beginning import Answers, look
    from packshot.app.new_workspace_file import hold_found, hold_policies, readable
    from packshot.app.whole_file import write_file
    from packshot.app.workspace_file_text import added, written

    before = _before(output, add=add, force=force or dry_run)
    hold_policies(policy, output.parent)
    answers = Answers(_pairs(columns), form_given(options), options.pop("kind"), group_by)
    _hold_one(feeds, asked=answers != Answers())
    web = web_settings(options)
    asking = sys.stdin.isatty() and sys.stderr.isatty() and not (yes or as_json_)
    skip = () if "://" in workspace else (output.parent / workspace,)
    found = [_looked(partial(look, web=web, skip=skip), feed, answers, asking=asking) for feed in feeds or (HERE,)]
    hold_found(found, feeds, output, before)
    text = added(before, found, output.parent) if before else written(found, output.parent, workspace, policy, web)
    content = readable(text, output)
    stands = any(one.questions for one in found) and not yes
    if not (dry_run or stands):
        write_file(output, lambda file: file.write(content))
    if as_json_:
        at = None if dry_run or stands else str(output)
        say(as_json({"sources": [one.as_dict() for one in found], "toml": text, "written": at}))
    else:
        _tell(found, text, output, before=before, dry_run=dry_run, stands=stands)
        say(WEB_NOT_ADDED, colour="yellow") if before and web.differing() else None
    if stands:
        raise click.exceptions.Exit(OPEN_QUESTIONS)


def _hold_one(feeds: tuple[str, ...], *, asked: bool) -> None:
    if asked and len(feeds) > 1:
        raise UsageError("Answers are for one feed, and several are named.", "One by one: packshot init --add FEED")


def _before(output: Path, *, add: bool, force: bool) -> str:
    """The text that stays, where feeds are added to it; empty for a new file."""
    if add:
        from packshot.app.workspace_file import load

        return load(output).path.read_text(encoding="utf-8-sig")
    if output.exists() and not force:
        hint = "Look with --dry-run, add to it with --add, write over it with --force."
        raise UsageError(f"{output} is there already.", hint)
    return ""


def _looked(looking: Callable[[str, Answers], Looked], feed: str, answers: Answers, *, asking: bool) -> Looked:
    """With what a person answers, question by question: an answer may settle the others."""
    found = looking(feed, answers)
    while asking and found.questions:
        question = found.questions[0]
        answered = answers.of(question.field, _answer(question))
        try:
            found = looking(feed, answered)
        except UsageError as error:
            click.secho(f"{clean(error.message)} {clean(error.hint)}", fg="red", err=True)
            continue
        answers = answered
    return found


def _answer(question: Question) -> str:
    """What a person says; empty for no column."""
    click.secho(f"\n{clean(question.asks)}", fg="cyan", err=True)
    for number, choice in enumerate(question.choices, 1):
        click.echo(f"  {number}  {clean(choice)}", err=True)
    may_be_none = not question.required and question.field != "encoding"
    if may_be_none:
        click.echo(f"  {NONE}  none of them", err=True)
    default = NONE if question.likely_none else "1" if question.choices else None
    said = click.prompt("A number, or a column's name", default=default, err=True, type=str).strip()
    if said == NONE and may_be_none:
        return ""
    return question.choices[int(said) - 1] if said.isdigit() and 0 < int(said) <= len(question.choices) else said


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, equals, column = text.partition("=")
        if not (name.strip() and equals):
            raise UsageError(f"--map {text!r} is not of the form field=column.", "For example: --map image=photo_url")
        if name.strip() in found:
            raise UsageError(f"--map names the field {name.strip()} twice.", "Several columns: --map image=front,back")
        found[name.strip()] = "" if column.strip() == NONE else column
    return found


def _show(one: Looked) -> None:
    form = ", ".join(f"{name.replace('_', ' ')} {value!r}" for name, value in one.form.said().items())
    say(f"{clean(one.at)}: {one.kind.replace('_', ' ')}{f' ({form})' if form else ''}")
    if one.guesses:
        rows = [(guess.field, guess.column, f"{guess.sure:.2f}", guess.why) for guess in one.guesses]
        printed_table("", ("field", "column", "sure", "why"), rows)
    if one.aside:
        say(f"Left as attributes: {clean(', '.join(one.aside))}")
    for note in one.notes:
        say(f"note: {clean(note)}", colour="yellow")
    for trouble in one.troubles:
        say(f"trouble: {clean(trouble)}", colour="red")
    if one.shown:
        rows = [(s.listing_id, s.title or "", str(s.pictures), _tail(s.first)) for s in one.shown]
        more = "" if one.whole else " of its beginning"
        say(
            f"\n{plural(one.listings, 'listing')} and {plural(one.placements, 'picture')}{more}, as they would be read:"
        )
        printed_table("", ("listing", "title", "pictures", "first picture"), rows)
    say()


def _tail(place: str) -> str:
    return place if len(place) <= _PLACE_CHARS else f"…{place[1 - _PLACE_CHARS :]}"


def _tell(found: list[Looked], text: str, output: Path, *, before: str, dry_run: bool, stands: bool) -> None:
    from packshot.app.beginning import flag
    from packshot.app.workspace_file_text import variables_of

    for one in found:
        _show(one)
    questions = [question for one in found for question in one.questions]
    for question in questions:
        of = f": {', '.join(map(repr, question.choices))}" if question.choices else ""
        only = question.required or question.likely_none or question.field == "encoding"
        none = "" if only else f", or --map {question.field}=-"
        click.secho(f"{clean(question.asks)}{clean(of)}", fg="cyan", err=True)
        click.echo(f"  answer it with {clean(flag(question))}{none}", err=True)
    for at, variable in variables_of(found, before).items():
        say(f"The address {clean(at)} holds secrets, which stand in no file: export {variable}='…'", colour="yellow")
    if dry_run:
        say("\n".join(map(clean, text.rstrip().split("\n"))))
    elif stands:
        click.echo("Nothing was written. With --yes the questions are written into the file.", err=True)
    else:
        left = f" {plural(len(questions), 'question')} in it: look for QUESTION." if questions else ""
        say(f"Written: {output}.{left} Go on: packshot run", colour="green")
