"""The options that several commands share."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.completing import complete_policies
from packshot.cli.settings_file import catalog_of_file, workspace_of_file
from packshot.core.errors import UsageError
from packshot.storage.place import is_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PATH = click.Path(path_type=Path)


class Output(click.Path):
    """A file or folder on this machine that is written; URLs are told as what they are."""

    def __init__(self) -> None:
        """Paths come as Path."""
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """`value` as a path; raises UsageError for a URL."""
        if is_url(value):
            from packshot.collect.uris import redact

            raise UsageError(
                f"{redact(str(value))} is a URL, and only files and folders on this machine are written; nothing was.",
                "Name one here, and copy it there: aws s3 cp, gsutil cp, …",
            )
        return super().convert(value, param, ctx)


OUTPUT = Output()


class Location(click.ParamType["str | Path"]):
    """A path, or a URL as it stands."""

    name = "path|url"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> str | Path:  # noqa: ARG002 - click's contract
        """`value` as a path unless it is a URL."""
        return value if is_url(value) else Path(value)


workspace_option = click.option(
    "--workspace",
    "-w",
    type=Location(),
    callback=workspace_of_file,
    help="What holds measurements, verdicts and galleries: a folder, or s3://bucket/prefix; that of packshot.toml, "
    "in the current folder or above, by default.",
)
catalog_option = click.option(
    "--catalog",
    type=Location(),
    envvar="PACKSHOT_CATALOG",
    callback=catalog_of_file,
    help="File or database URL of the workspace's catalog; by default in its folder or, for s3://, your data folder.",
)
policy_option = click.option(
    "--policy",
    "-p",
    default="house",
    show_default=True,
    shell_complete=complete_policies,
    help="`house`, `amazon`, or the path of your own TOML file.",
)
policies_option = click.option(
    "--policy",
    "-p",
    multiple=True,
    default=("house",),
    show_default=True,
    shell_complete=complete_policies,
    help="`house`, `amazon`, or the path of your own TOML file; repeatable: all judge by the same measurements.",
)
current_policies_option = click.option(
    "--policy",
    "-p",
    multiple=True,
    shell_complete=complete_policies,
    help="Which policy's verdicts, repeatable; those of the latest run by default.",
)
current_policy_option = click.option(
    "--policy", "-p", shell_complete=complete_policies, help="Which policy's verdicts; the latest run's by default."
)
json_option = click.option("--json", "as_json_", is_flag=True, help="Print JSON on stdout, for programs.")
language_option = click.option(
    "--language",
    default="en",
    show_default=True,
    envvar="PACKSHOT_LANGUAGE",
    metavar="CODE",
    help="Say what is wrong, how to fix it, what was expected and measured in this language: en, de. Names of rules, "
    "verdicts and columns, reasons of galleries, notes and errors stay English.",
)
author_option = click.option(
    "--author", envvar="PACKSHOT_AUTHOR", help="Who says so; your user name on this machine by default."
)
as_of_option = click.option(
    "--rules-as-of", metavar="YYYY-MM-DD", help="Judge by the rules of that day; today by default."
)
categories_option = click.option(
    "--categories",
    type=PATH,
    envvar="PACKSHOT_CATEGORIES",
    metavar="FILE",
    help="A TOML file with what you add to packshot's map of categories: `[shoes]`, `words = [...]`, `google = [...]`.",
)


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Let findings speak `language`; texts that it has no words for are told of on stderr. Raises UnknownName."""
    from packshot.texts.language import speaking

    with speaking(language) as told:
        yield
    for note in told.notes():
        click.secho(f"note: {note}", fg="yellow", err=True)


def today() -> date:
    """The day by which is judged where nobody names one: today's date in UTC."""
    return datetime.now(UTC).date()


def day(text: str | None) -> date | None:
    """The date that `text` names; UsageError when it is none."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no date.", "Write it as YYYY-MM-DD, for example 2027-01-31.") from None


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """`field=column` texts as a mapping; UsageError where one has no `=`."""
    found = {}
    for text in texts:
        field, equals, column = text.partition("=")
        if not (field and equals and column):
            raise UsageError(f"--map {text!r} is not of the form field=column.", "For example: --map image=photo_url")
        if field.strip() in found:
            hint = "Several columns of pictures stand in one, with commas: --map image=front,back"
            raise UsageError(f"--map names the field {field.strip()} twice.", hint)
        found[field.strip()] = column
    return found
