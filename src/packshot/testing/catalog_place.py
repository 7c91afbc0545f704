"""Where the conformance tests of catalogs work: a database that they open as often as they like."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packshot.storage.catalog import Catalog, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = dt.date(2026, 11, 22)
START = dt.datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=dt.UTC)
URL = "PACKSHOT_TEST_CATALOG"
"""The environment variable that tells a started process where the catalog is."""


class Clock:
    """A clock that goes where a test wants."""

    def __init__(self) -> None:
        """Start at START."""
        self.time = START

    def __call__(self) -> dt.datetime:
        """The time."""
        return self.time


@dataclass
class Place:
    """Where a test keeps its catalog."""

    url: str
    _opened: list[Catalog] = field(default_factory=list)

    def open(self, now: Callable[[], dt.datetime] = utc_now) -> Catalog:
        """Open the catalog once more."""
        self._opened.append(Catalog.open(self.url, now=now))
        return self._opened[-1]

    def close(self) -> None:
        """Close all that was opened."""
        for catalog in self._opened:
            catalog.close()

    def started(self, code: str) -> subprocess.Popen[str]:
        """Start a process that runs `code` with `catalog` open; lines that it prints can be read."""
        code = (
            f"import os, sys, time\nfrom packshot.storage.catalog import Catalog\n"
            f"catalog = Catalog.open(os.environ['{URL}'])\n{textwrap.dedent(code)}"
        )
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        return subprocess.Popen([sys.executable, "-c", code], env={**os.environ, URL: self.url}, text=True, **pipes)  # type: ignore[call-overload,no-any-return]  # noqa: S603 - the code is the test's; mypy does not follow **


def judged(catalog: Catalog, policy: str = "house") -> str:
    """Begin a judgement by that policy, and give its id."""
    catalog.put_policy(f"hash of {policy}", policy, "rules = []")
    return catalog.begin_judgement(f"hash of {policy}", rules_as_of=DAY, pins={"measurements": 3}, wanted={"size": 1})


def begun(catalog: Catalog) -> str:
    """Begin a snapshot of the source `s`, and give its id."""
    catalog.add_source("s", "feed.csv", {})
    return catalog.begin_snapshot("s", "digest")


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line that the process prints."""
    return process.stdout.readline().strip() if process.stdout else ""
