"""What a picture costs: CPU time by stage, counted where the work is done and added up by the driver."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass

import pyarrow as pa

TABLE = "profile"
"""The name under which work hands its laps back, beside its other tables; it is stored nowhere."""
_COLUMNS: dict[str, pa.DataType] = {"stage": pa.string(), "pictures": pa.int64(), "cpu_ns": pa.int64()}


class Laps:
    """A stopwatch for the CPU time of this process, all its threads together; switched off, it does nothing."""

    def __init__(self, *, on: bool) -> None:
        """Start the first lap."""
        self._on = on
        self._spent: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._last = time.process_time_ns() if on else 0
        self._stage = ""

    def __call__(self, stage: str, pictures: int = 1) -> None:
        """Give what was spent since the last lap to `stage`, in which so many pictures were handled."""
        if self._on:
            now = time.process_time_ns()
            self._stage = stage
            spent = self._spent[stage]
            spent[0] += pictures
            spent[1] += now - self._last
            self._last = now

    def charge(self, stage: str, pictures: int, cpu_ns: int, *, here: bool) -> None:
        """Give `cpu_ns` to `stage`: time of another process, or where `here`, of this one within the lap before."""
        if self._on:
            spent = self._spent[stage]
            spent[0] += pictures
            spent[1] += cpu_ns
            if here:
                self._spent[self._stage][1] -= cpu_ns

    def tables(self) -> dict[str, pa.Table]:
        """What was counted, as a table to hand back: `stage pictures cpu_ns`. Nothing when switched off."""
        if not self._on:
            return {}
        rows = [{"stage": stage, "pictures": n, "cpu_ns": spent} for stage, (n, spent) in self._spent.items()]
        return {TABLE: pa.Table.from_pylist(rows, schema=pa.schema(_COLUMNS))}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one stage cost in a run."""

    stage: str
    """`measure: decode`, `measure: sharpness`, `fetch: read`; `driver: match` for the process that drives the run."""
    pictures: int
    """Pictures that it handled; for the driver those of the whole run."""
    cpu_ms: float
    """CPU time, user and system, of all workers together."""


class Profile:
    """The costs of one run, added up."""

    def __init__(self, *, on: bool = False) -> None:
        """Begin with nothing; `on` says whether anybody asked for it."""
        self.on = on
        self._spent: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def take(self, step: str, tables: dict[str, pa.Table]) -> None:
        """Take the laps of `step` out of `tables`, if there are any, and add them."""
        laps = tables.pop(TABLE, None)
        for row in laps.to_pylist() if laps is not None else ():
            spent = self._spent[f"{step}: {row['stage']}"]
            spent[0] += row["pictures"]
            spent[1] += row["cpu_ns"]

    def costs(self) -> list[Cost]:
        """Every stage, the costliest first."""
        found = (Cost(stage, pictures, spent / 1e6) for stage, (pictures, spent) in self._spent.items())
        return sorted(found, key=lambda cost: (-cost.cpu_ms, cost.stage))
