"""What `packshot run` is asked for: one source, or those of the workspace file, each with how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import day, pairs
from packshot.cli.settings_file import NO_FILE, SETTINGS, shown
from packshot.cli.show import clean, say
from packshot.cli.source_options import FORM, form_given
from packshot.cli.web_options import web_settings
from packshot.core.errors import SourceError, UsageError
from packshot.core.plural import plural

if TYPE_CHECKING:
    from packshot.app.summary import RunSummary, SourceSummary
    from packshot.app.workspace import RunOptions, Workspace
    from packshot.app.workspace_file import WorkspaceFile
    from packshot.collect.opening import OpenSource


@dataclass(frozen=True, slots=True)
class Asked:
    """One source to read."""

    name: str
    """For people, without secrets."""
    location: str
    options: RunOptions


def _keep(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    del parameter
    if value is not None:
        context.meta[SETTINGS] = value


settings_option = click.option(
    "--settings",
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=_keep,
    help=f"The workspace file, by default packshot.toml in the current folder or above; `{NO_FILE}` takes none.",
)


def asked_for(source: str | None, file: WorkspaceFile | None, options: dict[str, Any]) -> list[Asked]:
    """The sources to read and how; takes `options` of the command line, those of the file already among them.

    Raises UsageError where neither names a source, or the environment lacks what the file names.
    """
    from packshot.app.workspace import RunOptions
    from packshot.app.workspace_file import SourceSettings
    from packshot.collect.columns import check_mapping
    from packshot.collect.form import form_of
    from packshot.collect.uris import redact

    mapping, form, web = check_mapping(pairs(options.pop("columns"))), form_given(options), web_settings(options)
    given = {name: options.pop(name) for name in ("kind", "group_by", "allow_prefixes")}
    options["rules_as_of"] = day(options["rules_as_of"])
    in_file = file.source(source) if file and source else None
    if source is not None:
        sources = [in_file or SourceSettings(source)]
    elif file and file.sources:
        sources = list(file.sources)
    elif file:
        raise UsageError(f"{file.path} names no source.", "Put one in: packshot init --add FEED")
    else:
        hint = "Name a feed or a folder: packshot run FEED. Or begin a packshot.toml: packshot init FEED"
        raise UsageError("There is nothing to read: no SOURCE, and no packshot.toml here or above.", hint)
    found = []
    for one in sources:
        at = file.place(one.at) if file and (source is None or one is in_file) else one.at
        read = RunOptions(
            mapping={**one.map, **mapping},
            form=form_of({**{name: getattr(one, name) for name in FORM}, **form}),
            kind=given["kind"] or one.kind,
            group_by=given["group_by"] or one.group_by,
            allow_prefixes=given["allow_prefixes"] or one.allow_prefixes,
            web=web,
            **options,
        )
        found.append(Asked(one.name or redact(shown(at)), at, read))
    return found


def opened_sources(asked: list[Asked], workspace: str | Path) -> tuple[dict[str, OpenSource], list[SourceSummary]]:
    """The sources, open, by name, and those that could not be opened while others could.

    Raises what `Workspace.hold_request` raises, where it is not of one source alone or of all of them.
    """
    from packshot.app.summary import SourceSummary
    from packshot.app.workspace import Workspace

    opened: dict[str, OpenSource] = {}
    failed, errors = [], []
    for one in asked:
        name = one.name if one.name not in opened else one.location
        try:
            opened[name] = Workspace.hold_request(workspace, one.location, one.options)
        except SourceError as error:
            errors.append(error)
            failed.append(SourceSummary(name, failed=error.message, hint=error.hint))
    if not opened:
        raise errors[0]
    return opened, failed


def show_sources(summary: RunSummary) -> None:
    """What was read of each source, where there are several."""
    if len(summary.sources) == 1:
        return
    for one in summary.sources:
        if one.failed is None:
            say(f"{clean(one.name)}: {plural(one.listings, 'listing')}, {plural(one.placements, 'picture')}")
        else:
            say(f"{clean(one.name)}: not read: {clean(one.failed)} {clean(one.hint)}", colour="red")


def tables_written(place: Workspace, file: WorkspaceFile) -> list[Path]:
    """Write the tables that the file asks for; their files."""
    from packshot.app.export import written

    paths = []
    for name, at in file.outputs.get("tables", {}).items():
        path = Path(file.place(at))
        place.hold_output(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        written(place.table(name), path.suffix.lstrip(".").lower(), path)
        paths.append(path)
    return paths
