"""The options that say how a feed is written, where its content does not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from packshot.cli.completing import complete_sources

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = TypeVar("Command", bound=Callable[..., Any])

FORM = ("encoding", "delimiter", "header_line", "picture_separator")
_OPTIONS = (
    click.option("--kind", shell_complete=complete_sources, help="The kind of feed; told from its content by default."),
    click.option("--encoding", help="What the feed's bytes mean, as `cp1252`; Unicode is told by itself."),
    click.option("--delimiter", metavar="CHAR", help="What stands between two fields: `;`, `|`, `tab`, …"),
    click.option("--header-line", type=click.IntRange(min=1), help="The line of the column names, counted from 1."),
    click.option("--picture-separator", metavar="TEXT", help="What stands between several pictures in one field."),
)


def form_options(command: Command) -> Command:
    """The options, on a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def form_given(options: dict[str, Any]) -> dict[str, Any]:
    """Take what was given of how a feed is written out of `options`."""
    given = {name: options.pop(name) for name in FORM}
    return {name: value for name, value in given.items() if value is not None}
