"""The bytes of one picture in memory, where only one at a time may be large."""

from __future__ import annotations

import threading
from io import BytesIO
from typing import Any

from packshot.collect.web.budget import at_hand, too_slow

SMALL_BYTES = 16 * 1024 * 1024
_LARGE = threading.Lock()


class Gathered(BytesIO):
    """A file in memory; what grows beyond SMALL_BYTES waits until no other in this process is so large."""

    def __init__(self) -> None:
        """Empty."""
        super().__init__()
        self._is_large = False

    def write(self, data: Any, /) -> int:
        """Write. Raises MediaError(TIMED_OUT) where another large one takes longer than the budget at hand."""
        written = super().write(data)
        if not self._is_large and self.tell() > SMALL_BYTES:
            budget = at_hand()
            if not _LARGE.acquire(timeout=-1 if budget is None else budget.left()):
                raise too_slow("too many large pictures came at a time")
            self._is_large = True
        return written

    def close(self) -> None:
        """Let the next large one come."""
        if self._is_large:
            self._is_large = False
            _LARGE.release()
        super().close()
