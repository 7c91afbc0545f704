"""`packshot table`: the tables of a workspace, for other programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from packshot.app.table_names import FORMATS
from packshot.cli.completing import complete_tables
from packshot.cli.options import (
    OUTPUT,
    catalog_option,
    current_policies_option,
    language_option,
    spoken,
    workspace_option,
)
from packshot.core.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("name", shell_complete=complete_tables)
@workspace_option
@catalog_option
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(FORMATS),
    help="What the file's name says by default, else csv. json: an array of rows; jsonl: a row in each line.",
)
@click.option("--output", "-o", type=OUTPUT, help="A file; stdout by default.")
@current_policies_option
@language_option
def table(
    name: str,
    workspace: str | Path,
    catalog: str | Path | None,
    form: str | None,
    output: Path | None,
    policy: tuple[str, ...],
    language: str,
) -> None:
    """Write the table NAME.

    NAME is one of: listings placements assets measurements matches clusters findings verdicts galleries troubles
    labels.
    Findings, verdicts and galleries by several policies stand one below the other; the column `policy` tells whose
    they are. Lists are JSON text in CSV; bytes are hexadecimal digits in CSV and JSON.
    """
    from packshot.app.export import form_of, written

    form = form_of(output, form)
    if form == "parquet" and output is None and sys.stdout.isatty():
        raise UsageError("Parquet is no text for a terminal.", f"Write it to a file: -o {name}.parquet")
    from packshot.app.workspace import Workspace

    with Workspace(workspace, catalog=catalog) as place, spoken(language):
        if output is not None:
            place.hold_output(output)
        frame = place.table(name, policy=policy or None)
    written(frame, form, output or sys.stdout.buffer)
