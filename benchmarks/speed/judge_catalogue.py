"""Judging a stored catalogue again: placements by 30 rules, with reading, joining and committing.

`python benchmarks/speed/judge_catalogue.py [--rows N …] [--rounds N] [--choose] [--keep DIR]` prints one JSON object.
A catalogue is written once by this process; each round judges in a fresh process, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import functools
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

WANTED_SECONDS = {1_000_000: 8.0, 5_000_000: 45.0}
WANTED_GB_AT_A_MILLION = 3.0
DAY = date(2026, 11, 22)


class Steps(threading.local):
    """Seconds spent in named steps by one thread; what a step calls that is a step itself counts there alone."""

    def __init__(self, seconds: dict[str, float]) -> None:
        """Add to `seconds`, which all threads share: they work beside each other, so the sum may exceed the time."""
        self.seconds = seconds
        self._open: list[float] = []

    def watch(self, owner: Any, name: str, step: str) -> None:
        """Time every call of `owner.name` as `step`."""
        inner: Callable[..., Any] = getattr(owner, name)

        @functools.wraps(inner)
        def timed(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            self._open.append(0.0)
            try:
                return inner(*args, **kwargs)
            finally:
                spent = time.perf_counter() - start
                self.seconds[step] += spent - self._open.pop()
                if self._open:
                    self._open[-1] += spent

        setattr(owner, name, timed)


def watched() -> Steps:
    """Time the steps of judging from now on."""
    from packshot.pipeline import current_rows, facts, writing
    from packshot.storage.lance_tables import LanceTables

    steps = Steps(defaultdict(float))
    steps.watch(LanceTables, "read", "read")
    steps.watch(LanceTables, "append", "commit")
    for name in ("current_listings", "current_placements", "current_fetches", "current_measurements"):
        steps.watch(current_rows, name, "current rows")
    steps.watch(facts, "current_troubles", "troubles")
    steps.watch(facts, "add_context", "context")
    steps.watch(facts, "listing_context", "context")
    steps.watch(facts, "is_worn", "context")
    steps.watch(current_rows, "with_columns_of", "joins")
    steps.watch(facts, "with_columns_of", "joins")
    steps.watch(writing, "table_of", "into Arrow")
    return steps


def judge_stored(folder: Path, rows: int, *, choose: bool) -> dict[str, Any]:
    """Judge the workspace in `folder`, store the judgement and make it current; in this process."""
    import catalogue
    import polars as pl
    from judge import thirty_rules

    from packshot.evaluate.check import Scope
    from packshot.evaluate.suite import all_measures, wanted
    from packshot.match.clusters import SCHEMA as NO_CLUSTERS
    from packshot.pipeline import current_rows, judge_step
    from packshot.pipeline.job import Job
    from packshot.pipeline.match_step import Matches
    from packshot.pipeline.stores import Stores
    from packshot.telemetry import Silent

    steps = watched()
    bound = thirty_rules()
    pairs = pl.DataFrame(pl.from_arrow(catalogue.matches(rows)))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    start, start_cpu = time.perf_counter(), usage.ru_utime + usage.ru_stime
    stores = Stores.open(folder, create=False)
    job = Job("run", stores, None, Silent())  # type: ignore[arg-type] - judging runs on no engine
    now = current_rows.placed(stores)
    matches = Matches("none", pairs, NO_CLUSTERS.to_frame())
    stores.catalog.put_policy(bound.hash, bound.policy.id, bound.policy.toml)
    judgement_id = stores.catalog.begin_judgement(bound.hash, rules_as_of=DAY, pins={}, wanted=wanted(all_measures()))
    known = judge_step.known_of(job, now, matches, bound)
    known_seconds = time.perf_counter() - start
    verdicts = judge_step.judge_all(job, known, bound, DAY, judgement_id)
    stores.catalog.commit_judgement(judgement_id)
    stores.catalog.set_current(bound.policy.id, judgement_id)
    seconds = time.perf_counter() - start
    usage = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime - start_cpu, 2),
        "peak_gb": round(usage.ru_maxrss / 1e6, 2),
        "steps": {name: round(spent, 2) for name, spent in steps.seconds.items()},
        "facts_seconds": round(known_seconds, 2),
        "judging_and_writing_seconds": round(seconds - known_seconds, 2),
        "findings": stores.tables.read(f"judgements/{judgement_id}/findings", []).num_rows,
        "rules": sum(rule.scope is Scope.PLACEMENT for rule in bound.on(DAY).rules),
        "verdicts": dict(verdicts["verdict"].value_counts(sort=True).iter_rows()),
    }
    if choose:
        start = time.perf_counter()
        start_cpu = time.process_time()
        judge_step.choose_all(job, judge_step.Verdicts(known, verdicts), matches, bound, DAY, judgement_id)
        told["choose_seconds"] = round(time.perf_counter() - start, 2)
        told["choose_cpu_seconds"] = round(time.process_time() - start_cpu, 2)
        told["gallery_rows"] = stores.tables.read(f"choices/{judgement_id}/galleries", []).num_rows
        told["peak_gb_with_choosing"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2)
    stores.close()
    return told


def measure(rows: int, rounds: int, keep: Path | None, *, choose: bool) -> dict[str, Any]:
    """Write the catalogue unless `keep` holds it, judge it in `rounds` fresh processes, and give the figures."""
    import catalogue

    from packshot.pipeline.stores import Stores

    with tempfile.TemporaryDirectory() as temporary:
        folder = keep or Path(temporary) / "workspace"
        if not folder.exists():
            start = time.perf_counter()
            stores = Stores.open(folder, create=True)
            catalogue.fill(stores, rows)
            stores.close()
            print(f"wrote {rows:,} placements in {time.perf_counter() - start:.0f} s", file=sys.stderr)
        told = []
        for number in range(rounds):
            command = [sys.executable, __file__, "--rows", str(rows), "--judge", str(folder)]
            command += ["--choose"] if choose and number == rounds - 1 else []
            told.append(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))
    return judged(rows, told)


def judged(rows: int, told: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures of one catalogue's rounds."""
    best = min(told, key=lambda one: one["seconds"])
    return {
        "placements": rows,
        "rules": best["rules"],
        "wanted_seconds": WANTED_SECONDS.get(rows),
        "seconds": best["seconds"],
        "seconds_median": statistics.median(one["seconds"] for one in told),
        "cpu_seconds": min(one["cpu_seconds"] for one in told),
        "peak_gb": max(one["peak_gb"] for one in told),
        "choose_seconds": told[-1].get("choose_seconds"),
        "steps": best["steps"],
        "rounds": told,
    }


def shown(sizes: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures of all catalogues, and the tables that are made of them."""
    head = ["rows", "rules", "rounds", "seconds (best)", "seconds (median)", "CPU seconds (best)", "peak GB"]
    rows = [
        [
            f"{one['placements']:,}",
            str(one["rules"]),
            str(len(one["rounds"])),
            f"{one['seconds']:.1f}",
            f"{one['seconds_median']:.1f}",
            f"{one['cpu_seconds']:.1f}",
            f"{one['peak_gb']:.2f}",
            "not timed" if one["choose_seconds"] is None else f"{one['choose_seconds']:.0f}",
        ]
        for one in sizes
    ]
    steps = [[name, *(f"{one['steps'].get(name, 0.0):.2f}" for one in sizes)] for name in sizes[0]["steps"]]
    return {
        "wanted_peak_gb_at_1,000,000": WANTED_GB_AT_A_MILLION,
        "sizes": sizes,
        "table": [[*head, "choosing, seconds"], *rows],
        "more": [["step, seconds", *(f"{one['placements']:,} rows" for one in sizes)], *steps],
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--rows",
        type=int,
        nargs="+",
        default=[1_000_000],
        help="placements, of one or more catalogues (default 1,000,000)",
    )
    parser.add_argument("--rounds", type=int, default=3, help="fresh processes that judge (default 3)")
    parser.add_argument(
        "--choose", action="store_true", help="choose the galleries of the first catalogue, too, in the last round"
    )
    parser.add_argument("--keep", type=Path, help="write each catalogue into this folder, or use the one that is there")
    parser.add_argument("--judge", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.judge:
        print(json.dumps(judge_stored(asked.judge, asked.rows[0], choose=asked.choose)))
        return
    sizes = [
        measure(rows, asked.rounds, asked.keep / str(rows) if asked.keep else None, choose=asked.choose and not number)
        for number, rows in enumerate(asked.rows)
    ]
    print(json.dumps(shown(sizes), indent=1))


if __name__ == "__main__":
    main()
