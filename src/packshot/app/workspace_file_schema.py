"""The workspace file as plain values, and a JSON Schema of it, made from what reads it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from packshot.app import workspace_file_fields as of
from packshot.app.table_names import TABLES
from packshot.app.workspace_file import SourceSettings, WorkspaceFile, variables
from packshot.collect.columns import CONVENTIONS
from packshot.collect.source import GroupBy, Source
from packshot.collect.web.settings import WebSettings
from packshot.evaluate.explain import field_docs
from packshot.evaluate.policy_schema import DRAFT, SHAPES, TEXT
from packshot.plugins import discover
from packshot.policies.load import names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COLUMNS: dict[str, Any] = {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]}
SECONDS: dict[str, Any] = {"type": "number", "exclusiveMinimum": 0, "maximum": of.DAY_SECONDS}
OWN_SHAPES: dict[Callable[[object], object], dict[str, Any]] = {
    **SHAPES,
    of.address: TEXT,
    of.raw: {"type": "string", "minLength": 1},
    of.group_by: {"enum": [one.value for one in GroupBy]},
    of.seconds: SECONDS,
    of.seconds_or_none: {"type": "number", "minimum": 0},
    of.share: {"type": "number", "minimum": 0, "maximum": 1},
    of.ports: {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": of.MOST_PORT}},
    of.verdict: {"enum": ["show", "fix", "review", "block"]},
    of.table: {"type": "object"},
    of.table_files: {"type": "object"},
    of.tables: {"type": "array"},
}
SAYS: dict[str, dict[str, str]] = {
    "run": {
        "workers": "Worker processes; one per core by default.",
        "engine": "Where pictures are read: `local`, or a `ray` cluster.",
        "ray_address": "For ray: `auto`, HOST:PORT, ray://HOST:PORT, or `local` to start one here.",
        "thorough": "Run every model on every picture, also where no rule of the policies needs it.",
    },
    "limits": {
        "file_timeout_seconds": "What takes longer is given up. 60 by default.",
        "worker_memory_mb": "Memory that one worker may hold, in megabytes. 4096 by default.",
        "max_trouble_share": "`packshot run` ends with 3 when a larger share of the placements has trouble. 0.5 by "
        "default.",
        "fail_on": "`packshot run` ends with 1 where a verdict is that or worse.",
    },
    "web": field_docs(WebSettings) | {"allow_ports": "Ports that may be asked beside 80 and 443."},
    "outputs": {
        "report": "Write the report into the workspace. True by default.",
        "copy": "Keep the originals' bytes in the workspace. True by default.",
        "tables": "Tables that are written after a run: table = file.csv, file.json or file.parquet, relative to the "
        "workspace file.",
    },
}


def as_plain(file: WorkspaceFile) -> dict[str, Any]:
    """What a file says as JSON values; `${NAME}` stays as it is."""
    found = asdict(file)
    found["path"] = str(file.path)
    found["policies"] = list(file.policies)
    found["sources"] = [
        {name: list(value) if isinstance(value, tuple) else value for name, value in one.items()}
        for one in found["sources"]
    ]
    return found | {"environment": {name: "set" if there else "not set" for name, there in variables(file).items()}}


def schema() -> dict[str, Any]:
    """The JSON Schema of workspace files, with the sources, policies and tables of this install."""
    top = _properties(of.TOP, field_docs(WorkspaceFile))
    top["policies"]["examples"] = [[name] for name in names()]
    for name, readers in of.TABLES.items():
        top[name] = _table(readers, SAYS[name]) | {"description": field_docs(WorkspaceFile)[name]}
    files = {"type": "string", "pattern": r"\.(csv|json|parquet)$"}
    top["outputs"]["properties"]["tables"] |= {
        "properties": dict.fromkeys(TABLES, files),
        "additionalProperties": False,
    }
    source = _table(of.SOURCE, field_docs(SourceSettings)) | {"required": ["at"]}
    source["properties"]["kind"] |= {"enum": list(discover("sources", Source))}
    fields = {alias: COLUMNS for field, aliases in CONVENTIONS.items() for alias in (field, *aliases)}
    source["properties"]["map"] |= {"properties": fields, "additionalProperties": False}
    top["sources"]["items"] = source
    return {
        "$schema": DRAFT,
        "title": "A workspace file of packshot: sources, policies, limits and outputs of one catalogue",
        "type": "object",
        "properties": top,
        "additionalProperties": False,
    }


def _table(readers: Mapping[str, Callable[[object], object]], described: Mapping[str, str]) -> dict[str, Any]:
    return {"type": "object", "properties": _properties(readers, described), "additionalProperties": False}


def _properties(
    readers: Mapping[str, Callable[[object], object]], described: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    return {name: OWN_SHAPES[reader] | {"description": described[name]} for name, reader in readers.items()}
