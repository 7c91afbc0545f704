"""packshot keeps the pictures of a product catalogue good.

`packshot.check(path_or_bytes)` judges one picture; `packshot.open(path)` gives the Workspace that holds a catalogue.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from packshot.app.check import CheckResult, check
    from packshot.app.summary import RunSummary
    from packshot.app.workspace import RunOptions, Workspace
    from packshot.app.workspace import open_workspace as open  # noqa: A004 - `packshot.open`, as in PIL.Image.open
    from packshot.collect.web.settings import WebSettings
    from packshot.core.errors import (
        MediaError,
        MissingExtra,
        PackshotError,
        PluginError,
        PolicyError,
        SettingsError,
        SourceError,
        UnknownName,
        UsageError,
        WorkspaceError,
    )

_HOME = {
    "CheckResult": ("packshot.app.check", "CheckResult"),
    "RunOptions": ("packshot.app.workspace", "RunOptions"),
    "RunSummary": ("packshot.app.summary", "RunSummary"),
    "WebSettings": ("packshot.collect.web.settings", "WebSettings"),
    "Workspace": ("packshot.app.workspace", "Workspace"),
    "check": ("packshot.app.check", "check"),
    "open": ("packshot.app.workspace", "open_workspace"),
} | {
    name: ("packshot.core.errors", name)
    for name in (
        "MediaError", "MissingExtra", "PackshotError", "PluginError", "PolicyError", "SettingsError", "SourceError",
        "UnknownName", "UsageError", "WorkspaceError",
    )
}  # fmt: skip

__all__ = [
    "CheckResult",
    "MediaError",
    "MissingExtra",
    "PackshotError",
    "PluginError",
    "PolicyError",
    "RunOptions",
    "RunSummary",
    "SettingsError",
    "SourceError",
    "UnknownName",
    "UsageError",
    "WebSettings",
    "Workspace",
    "WorkspaceError",
    "__version__",
    "check",
    "open",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        message = f"module 'packshot' has no attribute {name!r}"
        raise AttributeError(message)
    module, attribute = _HOME[name]
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
