"""The sign of life that a run gives while it works."""

from __future__ import annotations

import contextlib
import logging
import threading
from typing import TYPE_CHECKING

from packshot.core.errors import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.storage.catalog import Catalog
    from packshot.telemetry import Progress

EVERY_S = 5.0

_log = logging.getLogger(__name__)


class Counted:
    """A progress that counts what it is told, by stage, and passes it on."""

    def __init__(self, shown: Progress) -> None:
        """Pass on to `shown`."""
        self._shown = shown
        self._stage = ""
        self._counters: dict[str, int] = {}

    @property
    def counters(self) -> dict[str, int]:
        """What is done so far: stage → items, and `troubles`."""
        return dict(self._counters)

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins."""
        self._stage = name
        self._counters.setdefault(name, 0)
        self._shown.stage(name, total)

    def advance(self, done: int, troubles: int = 0) -> None:
        """So many more items are done, so many of them with trouble."""
        self._counters[self._stage] = self._counters.get(self._stage, 0) + done
        self._counters["troubles"] = self._counters.get("troubles", 0) + troubles
        self._shown.advance(done, troubles)


@contextlib.contextmanager
def beating(catalog: Catalog, run_id: str, counted: Counted) -> Iterator[None]:
    """Record every EVERY_S seconds that the run is alive and how far it has come, from a thread."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(EVERY_S):
            try:
                catalog.heartbeat(run_id, counted.counters)
            except WorkspaceError as error:
                # A sign of life is no reason to end a run: what is wrong stops its next commit, and is told there.
                _log.info("The run's sign of life was not recorded: %s", error)

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
