"""`packshot check`: pictures alone, without a workspace."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from packshot.cli.options import AsOfOption, JsonOption, PolicyOption, day
from packshot.cli.show import COLOURS, as_json, clean, say

if TYPE_CHECKING:
    from packshot.app.check import CheckResult

FOUND_FAULTS = 1


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Pictures; `-` reads one from stdin.")],
    policy: PolicyOption = "house",
    role: Annotated[str, typer.Option(help="The role it is judged in: main, secondary, swatch, …")] = "main",
    category: Annotated[str | None, typer.Option(help="The listing's category, for rules that depend on it.")] = None,
    rules_as_of: AsOfOption = None,
    *,
    as_json_: JsonOption = False,
    everything: Annotated[bool, typer.Option("--all", help="Show what passed as well.")] = False,
) -> None:
    """Judge pictures by a policy: exit code 0 when all pass, 1 when a finding failed or a file cannot be read."""
    from packshot.app.check import Checker

    checker = Checker(policy, role=role, category=category, rules_as_of=day(rules_as_of), everything=everything)
    code = 0
    for file in files:
        data = sys.stdin.buffer.read() if file == "-" else Path(file)
        result = checker.check(data, name=file)
        say(as_json(result.as_dict(), indent=None)) if as_json_ else _show(result)
        code = max(code, FOUND_FAULTS if result.failed else 0)
    raise typer.Exit(code)


def _show(result: CheckResult) -> None:
    typer.secho(f"{clean(result.file)}: ", nl=False, bold=True)
    say(result.verdict, colour=COLOURS.get(result.verdict))
    if result.trouble:
        say(f"  trouble: {result.trouble['kind']}: {clean(str(result.trouble['detail']))}", colour="red")
    for finding in result.findings:
        typer.secho(f"  {finding.status:<12} ", nl=False, fg=COLOURS.get(finding.status))
        say(f"{finding.check or finding.rule}: expected {finding.expected}; measured {finding.measured}")
        if finding.how_to_fix and finding.status != "pass":
            say(f"{'':15}fix: {finding.how_to_fix}")
