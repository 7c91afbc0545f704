"""How long work says what it is at: the progress that doors show."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Is told how far a run has come. Whoever shows it decides how."""

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins; `total` items are to be done, None when nobody knows yet."""
        ...

    def advance(self, done: int, troubles: int = 0) -> None:
        """So many more items are done, so many of them with trouble."""
        ...


class Silent:
    """Shows nothing."""

    def stage(self, name: str, total: int | None) -> None:
        """Ignore it."""

    def advance(self, done: int, troubles: int = 0) -> None:
        """Ignore it."""
