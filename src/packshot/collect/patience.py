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
FIRST_PAUSE_SECONDS = 0.25
MOST_SECONDS = 25.0
"""After so long no new try is begun: less than a file may take before its worker is ended."""


class Passing(MediaError):
    """A trouble that may have passed when one asks again."""


def patiently(ask: Callable[[], T]) -> T:
    """What `ask` gives, asked again after a growing pause where it raises Passing, and once where NOT_FOUND.

    Pauses double from a quarter of a second, each multiplied by 0.5 to 1 at random so that workers do not ask in step
    (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Raises the last MediaError.
    """
    tries, began = 0, time.monotonic()
    while True:
        tries += 1
        try:
            return ask()
        except MediaError as error:
            missing = error.kind is TroubleKind.NOT_FOUND and tries < TRIES_OF_MISSING
            passing = isinstance(error, Passing) and tries < TRIES and time.monotonic() - began < MOST_SECONDS
            if not (missing or passing):
                raise
        time.sleep(FIRST_PAUSE_SECONDS * 2 ** (tries - 1) * random.uniform(0.5, 1))  # noqa: S311 - spreads load, hides nothing
