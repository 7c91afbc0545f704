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
from packshot.cli.show import COLOURS, as_json, clean, refuse, say

if TYPE_CHECKING:
    from packshot.app.check import CheckResult

FOUND_FAULTS, USAGE_ERROR = 1, 2


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

    The exit code is 0 when all pass, 1 when a finding failed or a file cannot be read, and 2 when one is not there; the
    others are judged all the same. With --json, one line each.
    """
    from packshot.app.check import Checker
    from packshot.app.given_files import misnamed

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
        wrong = misnamed(file) if file != "-" else None
        if wrong is not None:
            refuse(wrong)
            code = USAGE_ERROR
            if not as_json_:
                continue
        data = sys.stdin.buffer.read() if file == "-" else Path(file)
        with spoken(language):
            result = checker.check(data, name=file)
            say(as_json(result.as_dict(), indent=None)) if as_json_ else _show(result, language)
        code = max(code, FOUND_FAULTS if result.failed else 0)
    for note in checker.notes:
        click.secho(f"note: {note}", fg="yellow", err=True)
    raise click.exceptions.Exit(code)


def _show(result: CheckResult, language: str) -> None:
    from packshot.texts.language import ENGLISH, phrase

    click.secho(f"{clean(result.file)}: ", nl=False, bold=True)
    verdict = result.verdict
    if language != ENGLISH:
        from packshot.present.report_site import VERDICTS

        verdict = f"{verdict} ({phrase(VERDICTS[verdict])})"
    say(verdict, colour=COLOURS.get(result.verdict))
    if result.trouble:
        say(f"  {phrase('trouble')}: {result.trouble['kind']}: {clean(str(result.trouble['detail']))}", colour="red")
    for finding in result.findings:
        click.secho(f"  {finding.status:<12} ", nl=False, fg=COLOURS.get(finding.status))
        told = phrase("expected {expected}; measured {measured}", expected=finding.expected, measured=finding.measured)
        say(f"{finding.rule or finding.check}: {told}")
        if finding.how_to_fix and finding.status in {"fail", "warn"}:
            say(f"{'':15}{phrase('fix')}: {finding.how_to_fix}")
