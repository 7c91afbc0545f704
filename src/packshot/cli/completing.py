"""What a shell completes: ids by the names of files, so that nothing heavy is loaded while somebody types."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click
    from click.shell_completion import CompletionItem

_HERE = Path(__file__).parents[1]


def ids(kind: str) -> list[str]:
    """The ids of a kind of plug-in: the built-in ones by their files, those of other packages by their entry points."""
    from packshot.plugins import KINDS, MIXED, points

    folder = _HERE.joinpath(*KINDS[kind].split(".")[1:])
    own = [] if kind in MIXED else [path.stem for path in folder.glob("*.py") if path.stem != "__init__"]
    return sorted({*own, *(point.name for point in points(f"packshot.{kind}"))})


def policies() -> tuple[str, ...]:
    """The policies that come with packshot and with what is installed beside it."""
    from packshot.policies.load import names

    return names()


def complete_policies(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of policies, and the shell's own files."""
    del ctx, param
    found = _beginning(policies(), incomplete)
    return found or _files(incomplete)


def complete_sources(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Kinds of sources."""
    del ctx, param
    return _beginning(ids("sources"), incomplete)


def complete_ids(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What `packshot explain` knows: checks, measures, policies, tables."""
    del ctx, param
    from packshot.app.table_names import TABLES

    return _beginning({*ids("checks"), *ids("measures"), *policies(), *TABLES}, incomplete)


def complete_tables(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Tables of a workspace."""
    del ctx, param
    from packshot.app.table_names import TABLES

    return _beginning(TABLES, incomplete)


def complete_feeds(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The sources that the workspace file names, and the shell's own files."""
    del ctx, param
    from packshot.app.workspace_file_place import find
    from packshot.core.errors import PackshotError

    named: list[str] = []
    try:
        if (path := find()) is not None:
            from packshot.app.workspace_file import load

            named = [one.name for one in load(path).sources if one.name]
    except (PackshotError, OSError):
        named = []  # a file with mistakes has its say when the command runs
    return _beginning(named, incomplete) or _files(incomplete)


def _files(incomplete: str) -> list[CompletionItem]:
    """The shell's own completion of files."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def _beginning(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in sorted(names) if name.startswith(incomplete)]
