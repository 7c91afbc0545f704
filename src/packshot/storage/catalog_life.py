"""Which processes that wrote into the catalog are gone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from packshot.storage.catalog_tables import RUN
from packshot.storage.catalog_transactions import microseconds
from packshot.storage.processes import Process

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

SILENT_AFTER = timedelta(minutes=5)
"""A process that cannot be seen from here is taken for gone when its runs gave no sign of life for so long."""


class Life:
    """What the catalog knows of the processes that wrote into it, at one moment."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        """Look once; ask as often as you like."""
        rows = connection.execute(select(RUN.c.process, func.max(RUN.c.heartbeat)).group_by(RUN.c.process)).all()
        self._heard: dict[str, int] = {process: heartbeat for process, heartbeat in rows if process}
        self._least = microseconds(now - SILENT_AFTER)

    def gone(self, process: str, at: int) -> bool:
        """Whether the process, which wrote something `at` (microseconds since 1970), is gone.

        A process on this host is looked for; of another one, the last sign of life counts.
        """
        known = Process.of(process)
        ended = known.ended() if known else None
        return max(at, self._heard.get(process, at)) < self._least if ended is None else ended
