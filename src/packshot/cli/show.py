"""Printing: JSON for programs, tables for people."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from packshot.core.errors import PackshotError

COLOURS = {"show": "green", "fix": "yellow", "review": "cyan", "block": "red", "fail": "red", "warn": "yellow"}

ENDLESS = 1_000_000
"""Columns of a line that nobody has to see whole at once."""


def as_json(value: object, *, indent: int | None = 2) -> str:
    """JSON text; dates as ISO text, bytes as hexadecimal digits, everything else as JSON has it."""
    return json.dumps(value, indent=indent, ensure_ascii=False, default=_plain, allow_nan=False)


def printed_table(
    title: str, headers: Sequence[str], rows: Iterable[Sequence[object]], *, whole: Collection[str] = ()
) -> None:
    """A table on stdout; feed strings are shown as text, never as markup or control characters.

    Columns of the `whole` headers are never broken into lines, so that what they hold can be copied. Where stdout is no
    terminal nothing is broken or cut: a row is one line, for grep, less -S and files.
    """
    import sys

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if title:
        say(title)
    shown = Table(header_style="bold", box=None, pad_edge=False)
    for header in headers:
        shown.add_column(header, overflow="fold", no_wrap=header in whole)
    for row in rows:
        shown.add_row(*(Text(clean(str(cell)), style=COLOURS.get(str(cell), "")) for cell in row))
    if sys.stdout.isatty():
        Console(soft_wrap=False).print(shown)
        return
    lines = Console(width=ENDLESS, color_system=None).render_lines(shown, pad=False)
    for line in lines:
        click.echo("".join(segment.text for segment in line).rstrip())


def clean(text: str) -> str:
    """The text without control characters, which a hostile feed could use against a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def say(text: str = "", *, colour: str | None = None) -> None:
    """One line on stdout."""
    click.secho(text, fg=colour)


def refuse(error: PackshotError) -> None:
    """What is wrong and what to do about it, on stderr."""
    click.secho(f"packshot: {_lines(error.message)}", fg="red", err=True)
    if error.hint:
        click.echo(f"  {_lines(error.hint)}", err=True)


def _lines(text: str) -> str:
    """A message of several lines without control characters: it may name what stands in a feed."""
    return "\n".join(map(clean, text.split("\n")))


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    message = f"{type(value).__name__} has no JSON form"
    raise TypeError(message)
