"""`packshot check`: pictures alone, without a workspace."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.options import (
    as_of_option,
    categories_option,
    day,
    json_option,
    language_option,
    policy_option,
    spoken,
)
from packshot.cli.show import COLOURS, as_json, clean, say

if TYPE_CHECKING:
    from packshot.app.check import CheckResult

FOUND_FAULTS = 1


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@policy_option
@click.option("--role", default="main", show_default=True, help="The role it is judged in: main, secondary, swatch, …")
@click.option(
    "--category",
    help="The listing's category, for rules that depend on it; `google: 1604` for an id of Google's taxonomy.",
)
@as_of_option
@categories_option
@click.option("--all", "everything", is_flag=True, help="Show what passed as well.")
@language_option
@json_option
def check(
    files: tuple[str, ...],
    policy: str,
    role: str,
    category: str | None,
    rules_as_of: str | None,
    categories: Path | None,
    language: str,
    *,
    everything: bool,
    as_json_: bool,
) -> None:
    """Judge pictures by a policy, without a workspace; `-` reads one from stdin.

    The exit code is 0 when all pass, and 1 when a finding failed or a file cannot be read. With --json, one line each.
    """
    from packshot.app.check import Checker

    checker = Checker(
        policy,
        role=role,
        category=category,
        rules_as_of=day(rules_as_of),
        everything=everything,
        categories=categories,
    )
    code = 0
    for file in files:
        data = sys.stdin.buffer.read() if file == "-" else Path(file)
        with spoken(language):
            result = checker.check(data, name=file)
        say(as_json(result.as_dict(), indent=None)) if as_json_ else _show(result)
        code = max(code, FOUND_FAULTS if result.failed else 0)
    for note in checker.notes:
        click.secho(f"note: {note}", fg="yellow", err=True)
    raise click.exceptions.Exit(code)


def _show(result: CheckResult) -> None:
    click.secho(f"{clean(result.file)}: ", nl=False, bold=True)
    say(result.verdict, colour=COLOURS.get(result.verdict))
    if result.trouble:
        say(f"  trouble: {result.trouble['kind']}: {clean(str(result.trouble['detail']))}", colour="red")
    for finding in result.findings:
        click.secho(f"  {finding.status:<12} ", nl=False, fg=COLOURS.get(finding.status))
        say(f"{finding.rule or finding.check}: expected {finding.expected}; measured {finding.measured}")
        if finding.how_to_fix and finding.status in {"fail", "warn"}:
            say(f"{'':15}fix: {finding.how_to_fix}")
