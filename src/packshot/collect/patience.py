"""How often and how patiently an object store is asked again: one policy for all."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, TypeVar

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

TRIES = 5
"""Of what may pass: timeouts, lost connections, errors of the server, throttling."""
TRIES_OF_MISSING = 2
"""An object that is not there at once may just be being replaced."""
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0


class Passing(MediaError):
    """A trouble that may have passed when one asks again."""


def patiently(ask: Callable[[], T]) -> T:
    """What `ask` gives, asked again after a growing pause where it raises Passing, and once where NOT_FOUND.

    Pauses double from 0.2 to 10 seconds, each multiplied by 0.5 to 1 at random so that workers do not ask in step
    ("full jitter" and its kin: Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
    Raises the last MediaError.
    """
    tries = 0
    while True:
        tries += 1
        try:
            return ask()
        except MediaError as error:
            missing = error.kind is TroubleKind.NOT_FOUND and tries < TRIES_OF_MISSING
            if not missing and not (isinstance(error, Passing) and tries < TRIES):
                raise
        pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (tries - 1))
        time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - spreads load, hides nothing
