"""`packshot run` as a process that faults are put into, and where it was when it died."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S = 180.0
LOOK_S = 0.005
WORKERS = 2
RUN = """
import sys
if sys.argv.pop(1) == "without-skin":
    from packshot import plugins
    found = plugins.discover
    plugins.discover = lambda kind, *more: {k: v for k, v in found(kind, *more).items() if k != "skin"}
from packshot.pipeline import appending, fetch_step, measure_step
appending.ROWS, fetch_step.SHARD_ROWS, measure_step.SHARD_ROWS = 16, 8, 8
from packshot.cli import main
main()
"""
"""`packshot …` with commits of 16 rows, not 10,000, so that a kill finds part of the work committed."""

IN_LANCE = ("append:before-commit", "append:committed", "widen:before-commit", "widen:committed", "make:written")
IN_SQL = ("snapshot:before-commit", "judgement:before-commit", "current:before-commit")
IN_BLOB = ("blob:half-written", "blob:before-rename", "blob:before-put")


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace."""

    location: str
    catalog: Path | None = None
    """Where its catalog is, if not in it."""

    def options(self) -> list[str]:
        """How the command line names it."""
        return ["-w", self.location, *(["--catalog", str(self.catalog)] if self.catalog else [])]


class Run:
    """One `packshot run`, in a session of its own, with a log of the points that its processes passed."""

    def __init__(self, feed: Path, place: Place, log: Path, *, faults: str = "", measures: str = "all") -> None:
        """Start it."""
        self._out = b""
        self._log, self._told = log, Path(f"{log}.stderr")
        more = {"PACKSHOT_FAULT": faults, "PACKSHOT_FAULT_LOG": str(log), "NO_COLOR": "1"}
        command = [sys.executable, "-c", RUN, measures, "run", str(feed), *place.options(), "--no-report", "--json"]
        with self._told.open("wb") as told:
            self.process = subprocess.Popen(
                [*command, "--workers", str(WORKERS)],
                env=os.environ | more,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=told,
                start_new_session=True,
            )

    def ended(self) -> int:
        """Wait for the end; the exit code, negative for a signal."""
        if not self.process.stdout.closed:
            self._out, _ = self.process.communicate(timeout=PATIENCE_S)
        limit = time.monotonic() + PATIENCE_S
        while _session(self.process.pid):  # workers follow their driver at once, not in the same instant
            if time.monotonic() > limit:
                raise SystemExit("workers outlive their driver")
            time.sleep(0.01)
        return int(self.process.returncode)

    def kill(self) -> None:
        """Kill the driver as a power switch would."""
        self.process.send_signal(signal.SIGKILL)

    def until_struck(self) -> bool:
        """Wait until a fault strikes; False where the run ended before."""
        return self._until(lambda: bool(self.struck()))

    def until_passed(self, count: int) -> bool:
        """Wait until so many points have been passed; False where the run ended before."""
        return self._until(lambda: len(self.passed()) >= count)

    def _until(self, reached: Callable[[], bool]) -> bool:
        limit = time.monotonic() + PATIENCE_S
        while not reached():
            if self.process.poll() is not None:
                return False
            if time.monotonic() > limit:
                raise SystemExit("a run stands still")
            time.sleep(LOOK_S)
        return True

    def passed(self) -> list[tuple[int, str, str]]:
        """Process, point, and what struck there (`-` for nothing), in the order of time."""
        if not self._log.exists():
            return []
        lines = [line.split() for line in self._log.read_text(encoding="utf-8").splitlines()]
        return [(int(pid), point, what) for pid, point, what in lines]

    def struck(self) -> list[tuple[int, str, str]]:
        """Those points where something struck."""
        return [each for each in self.passed() if each[2] != "-"]

    def last_point(self, pid: int) -> str:
        """The last point that a process passed before it died."""
        return next((point for who, point, _ in reversed(self.passed()) if who == pid), "before the first point")

    def error(self) -> str:
        """What it said."""
        return self._told.read_text(encoding="utf-8", errors="replace")

    def result(self) -> dict[str, Any]:
        """What it printed."""
        return dict(json.loads(self._out))


def inside(point: str) -> str:
    """What a process was in that died after this point and before the next one."""
    if point in IN_LANCE:
        return "commit of a table"
    if point in IN_SQL:
        return "commit of the catalog"
    return "blob write" if point in IN_BLOB else "elsewhere"


def _session(leader: int) -> list[int]:
    """The living processes in the session that `leader` began."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(session) == leader and state != "Z":
            found.append(int(stat.parent.name))
    return found
