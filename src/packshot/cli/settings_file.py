"""What the workspace file says where the command line says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from packshot.app.workspace_file_place import find

if TYPE_CHECKING:
    from packshot.app.workspace_file import WorkspaceFile

SETTINGS = "packshot.settings"
"""Where a command keeps which workspace file it was told to take."""
NO_FILE = "none"
_OF_RUN = {"workers": "workers", "engine": "engine", "ray_address": "ray_address", "thorough": "thorough"}
_OF_LIMITS = {
    "file_timeout_seconds": "file_timeout",
    "worker_memory_mb": "worker_memory_mb",
    "max_trouble_share": "max_trouble_share",
    "fail_on": "fail_on",
}
_OF_OUTPUTS = {"report": "report", "copy": "copy"}
GIVEN = frozenset({ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT, ParameterSource.PROMPT})


def settings_here() -> WorkspaceFile | None:
    """The workspace file of the current folder or above; None without one. Raises SettingsError for mistakes."""
    context = click.get_current_context(silent=True)
    told = context.meta.get(SETTINGS) if context else None
    path = Path(told) if told else find()
    if path is None or told == NO_FILE:
        return None
    from packshot.app.workspace_file import load

    return load(path)


def filled_in(context: click.Context, file: WorkspaceFile | None) -> dict[str, Any]:
    """Parameters of `packshot run` as the file says them, where the command line does not; says which file it is."""
    if file is None:
        return {}
    click.echo(f"Settings: {shown(str(file.path))}", err=True)
    values: dict[str, Any] = {}
    if file.policies:
        values["policy"] = tuple(file.policy(name) for name in file.policies)
    if file.categories:
        values["categories"] = file.place(file.categories)
    for table, names in ((file.run, _OF_RUN), (file.limits, _OF_LIMITS), (file.outputs, _OF_OUTPUTS)):
        values |= {names[name]: value for name, value in table.items() if name in names}
    web = {"ports" if name == "allow_ports" else name: value for name, value in file.web.items()}
    values |= {f"web_{name}": value for name, value in web.items()}
    return {name: value for name, value in values.items() if context.get_parameter_source(name) not in GIVEN}


def workspace_of_file(
    context: click.Context, parameter: click.Parameter, value: str | Path | None
) -> str | Path | None:
    """The workspace that the file names, as a person would write it, where the command line names none."""
    if value is not None or context.resilient_parsing:
        return value  # while a shell completes, a file with mistakes has no say
    file = settings_here()
    if file is None:
        either = "There is no packshot.toml here or above either; packshot init FEED begins one."
        raise click.MissingParameter(either, ctx=context, param=parameter)
    from packshot.cli.options import Location

    return Location().convert(shown(file.place(file.workspace)), None, context)


def catalog_of_file(context: click.Context, parameter: click.Parameter, value: str | Path | None) -> str | Path | None:
    """The catalog that the file names, unless another workspace than the file's is asked for."""
    del parameter
    if value is not None or context.resilient_parsing or context.get_parameter_source("workspace") in GIVEN:
        return value
    file = settings_here()
    if file is None or file.catalog is None:
        return None
    from packshot.cli.options import Location

    return Location().convert(file.place(file.catalog), None, context)


def shown(place: str) -> str:
    """A path relative to the current folder where it lies below it, so that hints can be read and copied."""
    path = Path(place)
    if "://" in place or not path.is_relative_to(Path.cwd()):
        return place
    return str(path.relative_to(Path.cwd()))
