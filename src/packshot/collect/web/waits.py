"""How long to wait before asking again: what the server says, else longer each time and at random."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_SECONDS = 0.5
MOST_SECONDS = 20.0
MOST_ASKED_SECONDS = 3600.0
"""A server that asks for more patience than an hour is taken to mean an hour."""
_SECONDS = re.compile(r"\d{1,9}(\.\d*)?", re.ASCII)


def pause_before(attempt: int) -> float:
    """Seconds before the try number `attempt` (the first is 1): none to half a second, then one, two, … at random.

    Full jitter: from nothing up to the whole of a time that doubles, so that many who failed together do not come back
    together (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
    """
    return random.uniform(0, min(MOST_SECONDS, FIRST_SECONDS * 2 ** max(0, attempt - 2)))  # noqa: S311 - spreads load


def retry_after(text: str | None, now: datetime | None = None) -> float | None:
    """What the header Retry-After says, in seconds from now, 0 to an hour; None where it says nothing (RFC 9110)."""
    if text is None:
        return None
    text = text.strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), MOST_ASKED_SECONDS)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    try:
        seconds = (at - (now or datetime.now(UTC))).total_seconds()
    except OverflowError:
        return None
    return min(max(0.0, seconds), MOST_ASKED_SECONDS)
