"""The one tree of errors that packshot raises on purpose.

PackshotError
├── UsageError              what was asked cannot be done as asked (exit code 2)
│   ├── UnknownName         no such check, policy, column, …; the nearest names are in the hint
│   ├── PolicyError         a policy file has mistakes; all of them are listed
│   ├── SettingsError       a workspace file (packshot.toml) has mistakes; all of them are listed
│   └── SourceError         a feed cannot be read as a whole; nothing of it was committed
├── WorkspaceError          the workspace cannot be opened, read or written
│   ├── NoWorkspace         there is none where it was looked for
│   └── LostLease           this process was paused so long that another one took over; nothing was committed
├── EngineError             workers cannot be started, or do not live long enough to work
├── ModelError              a model cannot be run, or its weights cannot be fetched, read or kept
│   ├── ModelMissing        they are not on this machine
│   └── ModelDamaged        they are not those that are pinned
├── MissingExtra            an optional dependency is not installed; the hint is the pip line
├── PluginError             a plug-in breaks its contract
└── MediaError              one file cannot be handled; becomes a trouble row
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from packshot.core.plural import plural

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from packshot.core.trouble import TroubleKind


MOST_NAMES = 30
"""Names that a hint lists."""


class PackshotError(Exception):
    """Base of all of them: a message, a hint that says what to do, and an anchor in docs/errors.md."""

    docs = "errors"

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep `message` (what is wrong) and `hint` (what to do about it)."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Come whole through a pickle: workers raise in another process."""
        return _again, (type(self), self.args, self.__dict__.copy())

    def __str__(self) -> str:
        """Give the message and, on a line of its own, the hint."""
        return f"{self.message}\n{self.hint}" if self.hint else self.message


def _again(kind: type[PackshotError], args: tuple[object, ...], state: dict[str, object]) -> PackshotError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class UsageError(PackshotError):
    """What was asked cannot be done as asked."""

    docs = "errors#usage"


class UnknownName(UsageError):
    """There is nothing of that name."""

    docs = "errors#unknown-name"

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        """Say that no `what` is called `name`, and name the nearest of `known`."""
        names = sorted(set(known))
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {_some(names)}." if names else ""
        super().__init__(f"There is no {what} called {name!r}.", hint)
        self.name = name
        self.near = tuple(near)


def _some(names: list[str]) -> str:
    shown = ", ".join(ascii(name)[1:-1] if not name.isprintable() else name for name in names[:MOST_NAMES])
    return f"{shown}, …" if len(names) > MOST_NAMES else shown


class PolicyError(UsageError):
    """A policy has mistakes; `mistakes` holds every one of them."""

    docs = "errors#policy"

    def __init__(self, policy: str, mistakes: Iterable[str]) -> None:
        """List all `mistakes` found in `policy`."""
        self.mistakes = tuple(mistakes)
        lines = "\n".join(f"  - {mistake}" for mistake in self.mistakes)
        super().__init__(
            f"The policy {policy} has {plural(len(self.mistakes), 'mistake')}:\n{lines}", "Nothing was judged."
        )


class SettingsError(UsageError):
    """A workspace file has mistakes; `mistakes` holds every one of them."""

    docs = "errors#settings"

    def __init__(self, path: str, mistakes: Iterable[str]) -> None:
        """List all `mistakes` found in the file `path`."""
        self.mistakes = tuple(mistakes)
        lines = "\n".join(f"  - {mistake}" for mistake in self.mistakes)
        hint = "Nothing was done. `packshot settings schema` gives what editors complete and check by."
        super().__init__(f"{path} has {plural(len(self.mistakes), 'mistake')}:\n{lines}", hint)


class SourceError(UsageError):
    """A feed or folder cannot be read as a whole; nothing of it was committed."""

    docs = "errors#source"


class WorkspaceError(PackshotError):
    """The workspace cannot be opened, read or written."""

    docs = "errors#workspace"


class NoWorkspace(WorkspaceError):
    """There is no workspace where it was looked for."""

    def __init__(self, place: str) -> None:
        """Name the place."""
        super().__init__(f"There is no workspace in {place}.", f"Make one: packshot run SOURCE --workspace {place}")


class LostLease(WorkspaceError):
    """This process was paused so long that another one took over what only one may do at a time."""

    def __init__(self, name: str) -> None:
        """Name the lease."""
        super().__init__(
            f"Another process took over the lease {name!r}, since this one gave no sign of life for too long.",
            "Nothing was committed: run the same command again; what was stored before is not done anew.",
        )
        self.name = name


class EngineError(PackshotError):
    """Workers cannot be started, reached, or kept alive; what was committed before is kept."""

    docs = "errors#engine"


class MissingExtra(PackshotError):
    """An optional dependency is not installed."""

    docs = "errors#missing-extra"

    def __init__(self, feature: str, extra: str) -> None:
        """Name the `feature` that was asked for and the `extra` that brings it."""
        super().__init__(f"{feature} needs an extra that is not installed.", f'pip install "packshot[{extra}]"')


class ModelError(PackshotError):
    """A model cannot be loaded or run, or its weights cannot be fetched, read or kept."""

    docs = "errors#model"


class ModelMissing(ModelError):
    """The weights of a model are not on this machine."""

    docs = "errors#model"

    def __init__(self, model_id: str, path: Path, fix: str = "") -> None:
        """Name the model and the file that is not there; `fix` is to fetch it by default."""
        message = f"The model {model_id} is not on this machine: there is no {path}."
        super().__init__(message, fix or f"packshot models fetch {model_id}")
        self.model_id = model_id


class ModelDamaged(ModelError):
    """The weights of a model are not those that are pinned: damaged, or swapped."""

    docs = "errors#model"

    def __init__(self, model_id: str, path: Path | str, expected: str, found: str, fix: str = "") -> None:
        """Name the model, the file, and the SHA-256 that it should have and has; `fix` is to fetch it by default."""
        super().__init__(
            f"A file of the model {model_id} is damaged or was swapped: {path} has the SHA-256 {found}, "
            f"and should have {expected}.",
            fix or f"packshot models fetch {model_id}",
        )
        self.model_id = model_id
        self.expected = expected
        self.found = found


class PluginError(PackshotError):
    """A plug-in breaks its contract."""

    docs = "errors#plugin"


class MediaError(PackshotError):
    """One file cannot be handled; the run records it as a trouble and goes on."""

    docs = "errors#media"

    def __init__(self, kind: TroubleKind, detail: str) -> None:
        """Keep the `kind` that the trouble row will carry and a one-line `detail`."""
        super().__init__(detail)
        self.kind = kind
