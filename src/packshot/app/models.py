"""Which models this machine has, and in which state they are."""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from packshot.core.errors import ModelError, ModelMissing
from packshot.models.added import added_models, broken_models, known
from packshot.models.cache import is_present, place_of, verify
from packshot.models.sources import all_sources

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class State:
    """One model, and how it is here."""

    id: str
    task: str
    version: str
    licence: str
    bytes: int
    inputs: str
    outputs: str
    present: bool
    """All its files are here, with their sizes."""
    verified: bool
    """And have the SHA-256 that is pinned."""
    problem: str
    """What is wrong with it; empty when it is whole."""
    fix: str
    """What to do about it."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def states(ids: Iterable[str] = ()) -> list[State]:
    """The state of these models, or of all, shipped and the user's own; each that is here is hashed."""
    broken = broken_models()
    names = tuple(ids) or (*all_sources(), *sorted([*added_models(), *broken]))
    return [_unread(name, broken[name]) if name in broken else _state(name) for name in names]


def hold_whole_models() -> None:
    """Raise ModelDamaged for shipped models whose files are here in another size: they would pass for missing ones."""
    for name, source in all_sources().items():
        if not is_present(name) and any(place_of(source, one).exists() for one in source.files):
            with contextlib.suppress(ModelMissing):  # the rest of it is not here yet: it is being fetched
                verify(name)


def _unread(name: str, error: ModelError) -> State:
    """A model of the user's own of which only the name is known."""
    return State(
        id=name,
        task="",
        version="",
        licence="yours",
        bytes=0,
        inputs="",
        outputs="",
        present=True,
        verified=False,
        problem=error.message,
        fix=error.hint,
    )


def _state(name: str) -> State:
    source, present, problem, fix = known(name), is_present(name), "", ""
    try:
        verify(name)
    except ModelMissing as error:
        problem, fix = "not on this machine", error.hint
    except ModelError as error:
        problem, present, fix = error.message, True, error.hint
    return State(
        id=source.id,
        task=source.task,
        version=source.version,
        licence=source.licence,
        bytes=source.bytes,
        inputs=source.inputs,
        outputs=source.outputs,
        present=present,
        verified=not problem,
        problem=problem,
        fix=fix,
    )
