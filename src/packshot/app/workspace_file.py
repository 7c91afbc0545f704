"""The workspace file, packshot.toml: sources, column maps, policies, limits and outputs of one catalogue."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packshot.app import workspace_file_fields as of
from packshot.app.table_names import TABLES
from packshot.collect.columns import CONVENTIONS, check_mapping
from packshot.collect.form import form_of
from packshot.collect.source import Source
from packshot.collect.web.settings import WebSettings
from packshot.core.errors import PackshotError, SettingsError, UsageError
from packshot.policies import fields
from packshot.policies.load import names as policy_names
from packshot.storage.place import is_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.collect.form import Form

MOST_BYTES = 1 << 20
FORM = ("encoding", "delimiter", "header_line", "picture_separator")
VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """One feed or folder."""

    at: str
    """A feed, a folder, s3://… or https://…; a path is relative to the file. `${NAME}` stands for an environment
    variable: secrets belong there."""
    name: str | None = None
    """What to call it on the command line: `packshot run NAME` reads this source alone."""
    kind: str | None = None
    """The kind of source, where its content does not tell; `packshot plugins sources` lists them."""
    encoding: str | None = None
    """What its bytes mean, as `cp1252`. Unicode is told by itself."""
    delimiter: str | None = None
    """What stands between two fields: one character, or `tab`."""
    header_line: int = 1
    """The line of the column names, counted from 1."""
    picture_separator: str | None = None
    """What stands between several pictures in one field."""
    group_by: str | None = None
    """For a folder of pictures: `file` or `folder` makes a listing."""
    allow_prefixes: tuple[str, ...] = ()
    """Prefixes of object stores whose pictures the feed may name beside those that lie below it."""
    map: Mapping[str, str] = field(default_factory=dict)
    """Field → column. Fields of pictures take several columns: a list, or `picture*`."""

    @property
    def form(self) -> Form:
        """How it is written."""
        return form_of({name: getattr(self, name) for name in FORM})


@dataclass(frozen=True, slots=True)
class WorkspaceFile:
    """What a workspace file says, checked; addresses may still hold `${NAME}`."""

    path: Path
    """Of the file itself, absolute."""
    workspace: str = "packshot-work"
    """What holds measurements, verdicts and galleries: a folder relative to the file, or s3://bucket/prefix."""
    catalog: str | None = None
    """File or database URL of the workspace's catalog, as `${CATALOG_URL}`."""
    policies: tuple[str, ...] = ("house",)
    """What to judge by, each a name or the path of a TOML file; the first one comes first."""
    categories: str | None = None
    """A TOML file with what you add to packshot's map of categories."""
    sources: tuple[SourceSettings, ...] = ()
    """Feeds and folders, read one after the other."""
    run: Mapping[str, Any] = field(default_factory=dict)
    """How the work is done."""
    limits: Mapping[str, Any] = field(default_factory=dict)
    """What one file may take, and when a run counts as failed."""
    web: Mapping[str, Any] = field(default_factory=dict)
    """How pictures and feeds on the web are fetched."""
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """What is written after a run."""

    def place(self, written: str) -> str:
        """An address of the file as it is used: variables filled in, paths absolute.

        Raises UsageError for a variable that is not set.
        """
        text = filled(written, self.path)
        return text if is_url(text) or "://" in text else str(Path(os.path.abspath(self.path.parent / text)))  # noqa: PTH100 - `..` goes, links stay

    def policy(self, name: str) -> str:
        """A policy as it is bound: a name, or an absolute path."""
        return self.place(name) if name.endswith(".toml") else name

    def source(self, asked: str) -> SourceSettings | None:
        """The source of that name, or at that place as the command line has it; None where there is none."""
        by_name = [one for one in self.sources if one.name == asked]
        return by_name[0] if by_name else self.source_at(asked)

    def source_at(self, asked: str) -> SourceSettings | None:
        """The source at that place as the command line has it; None where there is none."""
        there = asked if "://" in asked else os.path.abspath(asked)  # noqa: PTH100 - `..` goes, links stay
        return next((one for one in self.sources if there in {one.at, _placed(self, one.at)}), None)


def _placed(file: WorkspaceFile, written: str) -> str | None:
    try:
        return file.place(written)
    except UsageError:
        return None


def load(path: Path) -> WorkspaceFile:
    """What a workspace file says. Raises SettingsError with every mistake in it at once."""
    path = path.absolute()
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise SettingsError(str(path), [f"it has more than {MOST_BYTES:,} bytes"])
        return understood(data.decode("utf-8-sig"), path)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.", "Name a file: packshot init") from error
    except UnicodeDecodeError as error:
        raise SettingsError(str(path), [f"it is not TOML: {error}"]) from error


def understood(text: str, path: Path) -> WorkspaceFile:
    """What the text of a workspace file at `path` says. Raises SettingsError with every mistake in it at once."""
    try:
        table = tomllib.loads(text)
    except ValueError as error:  # also for numbers of thousands of digits
        raise SettingsError(str(path), [f"it is not TOML: {error}"]) from error
    except RecursionError as error:
        raise SettingsError(str(path), ["it is nested too deep"]) from error
    values, mistakes = parsed(table, path.parent)
    if mistakes:
        raise SettingsError(str(path), mistakes)
    return WorkspaceFile(path, **values)


def parsed(table: Mapping[str, object], folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The values of a workspace file in `folder`, and a line for every mistake."""
    top, mistakes = fields.read_fields(table, of.TOP, "the file")
    values: dict[str, Any] = dict(top)
    for name, readers in of.TABLES.items():
        if name in values:
            values[name], wrong = fields.read_fields(values[name], readers, f"[{name}]")
            mistakes += wrong
    sources = []
    for number, one in enumerate(values.pop("sources", ()), 1):
        read, wrong = _source(one, f"source {number}")
        mistakes += wrong
        sources += [read] if read else []
    named = [one.name for one in sources if one.name]
    mistakes += [f"two sources are called {name!r}" for name in dict.fromkeys(named) if named.count(name) > 1]
    places = [one.at if "://" in one.at or "$" in one.at else os.path.normpath(one.at) for one in sources]
    mistakes += [f"two sources are at {at}" for at in dict.fromkeys(places) if places.count(at) > 1]
    mistakes += _wrong_names(values, folder)
    mistakes += _wrong_web(values.get("web", {}))
    return {**values, "sources": tuple(sources)}, mistakes


def _source(table: Mapping[str, object], where: str) -> tuple[SourceSettings | None, list[str]]:
    from packshot.plugins import discover

    top, mistakes = fields.read_fields(table, of.SOURCE, where)
    values: dict[str, Any] = dict(top)
    if "at" not in table:
        mistakes.append(f'{where}: says not where it is; give at = "feed.csv"')
    kind = values.get("kind")
    if kind is not None and kind not in (kinds := discover("sources", Source)):
        mistakes.append(f"{where}: kind is wrong. {fields.unknown('source', kind, kinds)}")
    mapping, wrong = _mapping(values.pop("map", {}), where)
    mistakes += wrong
    try:
        form_of({name: values.get(name) for name in FORM})
    except PackshotError as error:
        mistakes.append(f"{where}: {error.message} {error.hint}")
    return (SourceSettings(map=mapping, **values) if "at" in values else None), mistakes


def _mapping(table: Mapping[str, object], where: str) -> tuple[dict[str, str], list[str]]:
    read: dict[str, str] = {}
    mistakes: list[str] = []
    for name, written in table.items():
        try:
            column = of.columns(written)
            read |= check_mapping({name: column})
        except fields.WrongValue as wrong:
            mistakes.append(f"{where}: map.{name} {wrong}")
        except UsageError:
            mistakes.append(f"{where}: map: {fields.unknown('field', name, CONVENTIONS)}")
    return read, mistakes


def _wrong_names(values: Mapping[str, Any], folder: Path) -> list[str]:
    mistakes = []
    for policy in values.get("policies", ()):
        if policy.endswith(".toml"):
            if not (folder / policy).is_file():
                mistakes.append(f"policies: there is no file {policy} beside packshot.toml")
        elif policy not in (known := policy_names()):
            mistakes.append(f"policies: {fields.unknown('policy', policy, known)}")
    categories = values.get("categories")
    if categories and not (folder / categories).is_file():
        mistakes.append(f"categories: there is no file {categories} beside packshot.toml")
    tables = values.get("outputs", {}).get("tables", {})
    mistakes += [f"[outputs.tables]: {fields.unknown('table', name, TABLES)}" for name in tables if name not in TABLES]
    return mistakes


def _wrong_web(web: Mapping[str, Any]) -> list[str]:
    try:
        WebSettings(**web_values(web))
    except UsageError as error:
        return [f"[web]: {error.message} {error.hint}"]
    return []


def web_values(web: Mapping[str, Any]) -> dict[str, Any]:
    """The table `[web]` as the fields of WebSettings."""
    values = {name: value for name, value in web.items() if name != "allow_ports"}
    ports = web.get("allow_ports")
    return values if ports is None else {**values, "ports": (*WebSettings().ports, *ports)}


def variables(file: WorkspaceFile) -> dict[str, bool]:
    """The environment variables that a file names, and whether they are set."""
    texts = [file.workspace, file.catalog or "", *(one.at for one in file.sources)]
    texts += [file.run.get("ray_address", ""), *file.outputs.get("tables", {}).values()]
    return {name: name in os.environ for text in texts for name in VARIABLE.findall(text)}


def filled(text: str, path: Path) -> str:
    """The text with `${NAME}` filled in from the environment. Raises UsageError for variables that are not set."""
    missing = [name for name in VARIABLE.findall(text) if name not in os.environ]
    if missing:
        message = f"{path} names the environment variable {', '.join(missing)}, which is not set."
        raise UsageError(message, f"export {missing[0]}=…")
    return VARIABLE.sub(lambda found: os.environ[found[1]], text)
