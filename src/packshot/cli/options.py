"""The options that several commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

PATH = click.Path(path_type=Path)

workspace_option = click.option(
    "--workspace", "-w", type=PATH, required=True, help="The folder that holds measurements, verdicts and galleries."
)
policy_option = click.option(
    "--policy", "-p", default="house", show_default=True, help="`house`, `amazon`, or the path of your own TOML file."
)
current_policy_option = click.option("--policy", "-p", help="Which policy's verdicts; the latest run's by default.")
json_option = click.option("--json", "as_json_", is_flag=True, help="Print JSON on stdout, for programs.")
as_of_option = click.option(
    "--rules-as-of", metavar="YYYY-MM-DD", help="Judge by the rules of that day; today by default."
)


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
            raise UsageError(f"--map names the field {field.strip()} twice.", "Give each field one column.")
        found[field.strip()] = column
    return found
