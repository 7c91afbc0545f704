"""The options that several commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from packshot.core.errors import UsageError

WorkspaceOption: TypeAlias = Annotated[
    Path, typer.Option("--workspace", "-w", help="The folder that holds measurements, verdicts and galleries.")
]
PolicyOption: TypeAlias = Annotated[
    str, typer.Option("--policy", "-p", help="`house`, `amazon`, or the path of your own TOML file.")
]
CurrentPolicyOption: TypeAlias = Annotated[
    str | None, typer.Option("--policy", "-p", help="Which policy's verdicts; the latest run's by default.")
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, for programs.")]
AsOfOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--rules-as-of", metavar="YYYY-MM-DD", help="Judge by the rules of that day; today by default."),
]


def day(text: str | None) -> date | None:
    """The date that `text` names; UsageError when it is none."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no date.", "Write it as YYYY-MM-DD, for example 2027-01-31.") from None


def pairs(texts: list[str]) -> dict[str, str]:
    """`field=column` texts as a mapping; UsageError where one has no `=`."""
    found = {}
    for text in texts:
        field, equals, column = text.partition("=")
        if not (field and equals and column):
            raise UsageError(f"--map {text!r} is not of the form field=column.", "For example: --map image=photo_url")
        found[field.strip()] = column
    return found
