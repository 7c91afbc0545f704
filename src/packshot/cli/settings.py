"""`packshot settings`: the workspace file, checked and shown, and its schema."""

from __future__ import annotations

from pathlib import Path

import click

from packshot.cli.options import json_option
from packshot.cli.show import as_json, clean, say
from packshot.core.errors import UsageError


@click.group()
def settings() -> None:
    """Show and check the workspace file, packshot.toml: sources, policies, limits, outputs."""


@settings.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@json_option
def show(file: Path | None, *, as_json_: bool) -> None:
    """Check FILE, by default the packshot.toml in the current folder or above, and show what it comes to.

    All mistakes are told at once, with the nearest valid names; the exit code is then 2. Secrets are not shown.
    """
    from packshot.app.workspace_file import load
    from packshot.app.workspace_file_place import find
    from packshot.app.workspace_file_schema import as_plain

    path = file or find()
    if path is None:
        raise UsageError("There is no packshot.toml here or above.", "Begin one: packshot init FEED")
    found = as_plain(load(path))
    if as_json_:
        say(as_json(found))
        return
    say(f"{found.pop('path')}: no mistakes", colour="green")
    for name, value in found.items():
        for line in _lines(name, value):
            say(f"  {clean(line)}")


@settings.command()
def schema() -> None:
    """Print a JSON Schema of workspace files, by which editors complete and check them."""
    from packshot.app.workspace_file_schema import schema as made

    say(as_json(made()))


def _lines(name: str, value: object) -> list[str]:
    if isinstance(value, dict):
        return [line for below, one in value.items() for line in _lines(f"{name}.{below}", one)]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [line for number, one in enumerate(value, 1) for line in _lines(f"{name} {number}", one)]
    shown = ", ".join(map(str, value)) if isinstance(value, list) else value
    if value in (None, [], {}) or (name.endswith(".header_line") and value == 1):
        return []  # as it is without a word
    return [f"{name} = {shown}"]
