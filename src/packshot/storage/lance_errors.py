"""What goes wrong inside Lance, as errors that say what to do."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

import pyarrow as pa

from packshot.storage.durable import workspace_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from packshot.core.errors import WorkspaceError

RAISED = (OSError, ValueError, RuntimeError, NotImplementedError, pa.ArrowException)
"""All that Lance raises: it has no tree of its own."""


@contextlib.contextmanager
def lance_explained(doing: str, refusal: Callable[[str, Exception], WorkspaceError]) -> Iterator[None]:
    """Turn whatever Lance, Arrow or the system raises inside into the WorkspaceError that `refusal` makes of it."""
    try:
        yield
    except RAISED as error:
        raise refusal(doing, error) from error


def disk_refusal(doing: str, error: Exception) -> WorkspaceError:
    """The error to raise when Lance could not do something on a local disk."""
    return workspace_error(_errno(error), doing, said(error))


def said(error: Exception) -> str:
    """What Lance says, without the places in its own source files."""
    return re.sub(r",? (location: )?/\S+\.rs:\d+:\d+", "", str(error))


def _errno(error: Exception) -> int | None:
    """The errno behind an error.

    Lance raises OSError, ValueError or ArrowInvalid without one, and has the number of the system's refusal in its
    text only, always in the form that Rust's standard library gives it: `(os error 28)`.
    """
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    found = re.search(r"\(os error (\d+)\)", str(error))
    return int(found[1]) if found else None
