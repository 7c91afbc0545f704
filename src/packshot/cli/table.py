"""`packshot table`: the tables of a workspace, for other programs."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from packshot.cli.options import CurrentPolicyOption, WorkspaceOption
from packshot.core.errors import UsageError


class Format(StrEnum):
    """How a table is written."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def table(
    name: Annotated[
        str,
        typer.Argument(
            help="listings placements assets measurements matches clusters findings verdicts galleries troubles"
        ),
    ],
    workspace: WorkspaceOption,
    form: Annotated[
        Format, typer.Option("--format", "-f", help="csv, json (an array of rows) or parquet.")
    ] = Format.CSV,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; stdout by default.")] = None,
    policy: CurrentPolicyOption = None,
) -> None:
    """Write one table as CSV, JSON or Parquet. Lists are JSON text in CSV; bytes are hexadecimal digits in both."""
    if form is Format.PARQUET and output is None and sys.stdout.isatty():
        raise UsageError("Parquet is no text for a terminal.", f"Write it to a file: -o {name}.parquet")
    from packshot.app.export import written
    from packshot.app.workspace import Workspace

    with Workspace(workspace) as place:
        frame = place.table(name, policy=policy)
    written(frame, form.value, output or sys.stdout.buffer)
