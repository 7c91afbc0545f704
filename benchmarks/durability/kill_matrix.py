"""Kills inside commits, blob writes and everywhere else: does the next run end with the same tables, and lose nothing?

`python benchmarks/durability/kill_matrix.py [--kills N] [--refusals N] [--pictures N] [--seed N]` prints one JSON
object. A catalogue of small drawn pictures is run without disturbance; then, for each scenario, `packshot run` is
killed (or refused by its disk) at a named point, in a workspace of its own, and run again. Where a process was when it
died is read from the log that it wrote itself (PACKSHOT_FAULT_LOG): a kill that came too late counts where it came.

Checked after each kill: every stored original hashes to its name, every thumbnail is whole. After the next run: all
tables are equal, by key, to the undisturbed ones; every row that was committed at the kill is there; no picture whose
measurements were committed was decoded again, none whose fetch was committed read again; `packshot doctor` is content.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from kill_checks import Standing, blobs_of, different, lost, standing, tables, thumbnails_of, torn, unfit
from kill_runs import Place, Run, inside
from kill_scenarios import OLDER, STANDS, Scenario, kills, refusals
from kill_shop import KillShop

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PICTURES = 120
BUCKET = "kills"
MOST = 0.9
"""Of the average: the other worker may be quicker the next time."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What the workspace holds when nothing happens to it."""

    tables: dict[str, list[str]]
    blobs: set[str]
    """The originals of its current assets."""
    measured: frozenset[str]
    """The current assets that can be measured."""


@dataclass(slots=True)
class Told:
    """What became of one scenario."""

    scenario: Scenario
    deaths: list[tuple[str, str]] = field(default_factory=list)
    """Of each process that died by SIGKILL: `driver` or `worker`, and the last point that it passed."""
    wrong: list[str] = field(default_factory=list)
    refused: bool = False
    """Whether it is the disk that refuses, and nothing is killed."""
    committed: int = 0
    """Pictures whose measurements were committed at the kill."""
    decoded: int = 0
    """Pictures that the next run decoded."""


class Matrix:
    """The catalogue, the undisturbed workspaces, and the scenarios one after the other."""

    def __init__(self, root: Path, pictures: int) -> None:
        """Draw, and run the first day without disturbance; what else is compared with is made when it is needed."""
        self._root = root
        self._number = 0
        self._shop = KillShop(root / "shop", pictures)
        self._bases = {STANDS: Place(str(root / STANDS))}
        self._references: dict[int, Reference] = {}
        self._thumbnails: dict[str, bytes] = {}
        undisturbed = self._undisturbed(self._bases[STANDS], 1)
        self._times, self._points = _times(undisturbed), len(undisturbed.passed())

    def _reference(self, day: int) -> Reference:
        if day not in self._references:
            self._undisturbed(self._copy(STANDS), day)
        return self._references[day]

    def _base(self, start: str) -> Place | None:
        """The workspace that a scenario begins with; None for none."""
        if start == OLDER and OLDER not in self._bases:
            self._bases[OLDER] = Place(str(self._root / OLDER))
            self._finished(self._bases[OLDER], 1, measures="without-skin")
        return self._bases.get(start)

    def _undisturbed(self, place: Place, day: int) -> Run:
        run = self._finished(place, day)
        now = standing(place)
        found = tables(place)
        assets, measured = (_asset_ids(found[name]) for name in ("assets", "measurements"))
        self._references[day] = Reference(found, blobs_of(place) & assets, now.measured & measured)
        self._thumbnails |= thumbnails_of(place)
        return run

    def _finished(self, place: Place, day: int, measures: str = "all") -> Run:
        self._shop.show(day)
        run = self._run(place, measures=measures)
        if run.ended() != 0:
            sys.exit(f"an undisturbed run failed:\n{run.error()}")
        return run

    def _run(self, place: Place, faults: str = "", measures: str = "all") -> Run:
        self._number += 1
        return Run(self._shop.feed, place, self._root / f"log-{self._number}", faults=faults, measures=measures)

    def _copy(self, base: str, *, bucket: bool = False) -> Place:
        """A workspace of its own that begins as `base`."""
        self._number += 1
        if bucket:
            return Place(f"s3://{BUCKET}/{self._number}", self._root / f"catalog-{self._number}.sqlite")
        place = Place(str(self._root / f"workspace-{self._number}"))
        if (there := self._base(base)) is not None:
            shutil.copytree(there.location, place.location)
        return place

    def told(self, scenario: Scenario) -> Told:
        """Disturb, look, run again, look."""
        told = Told(scenario)
        wanted = self._reference(scenario.next_day)
        place = self._copy(scenario.start, bucket=scenario.bucket)
        self._shop.show(scenario.day)
        self._disturbed(place, scenario, told)
        before = standing(place)
        told.wrong += torn(place, self._thumbnails)
        run = self._finished_or_told(place, scenario.next_day, told)
        if run is not None:
            told.wrong += self._compared(place, wanted, before, run, told)
        if not scenario.bucket:
            shutil.rmtree(place.location)
        return told

    def _disturbed(self, place: Place, scenario: Scenario, told: Told) -> None:
        runs: list[Run] = []
        for faults in scenario.faults:
            runs.append(self._run(place, _nth(faults, self._times)))
            if scenario.in_turn:
                _struck(runs[-1], faults)
                runs[-1].ended()
                told.wrong += torn(place, self._thumbnails)
        beside = self._run(place) if scenario.beside else None
        for run, faults in zip(runs, scenario.faults, strict=True):
            _struck(run, faults)
        if scenario.after is not None and runs[0].until_passed(int(scenario.after * self._points)):
            runs[0].kill()
        told.refused = "enospc" in scenario.faults[0] or "eio" in scenario.faults[0]
        for run in runs:
            code = run.ended()
            told.wrong += _refusal(run, code, scenario.faults[0]) if told.refused else _deaths(run, code, told)
        if beside is not None and beside.ended() != 0:
            told.wrong.append(f"the run beside it failed: {beside.error()[-300:]}")

    def _finished_or_told(self, place: Place, day: int, told: Told) -> Run | None:
        self._shop.show(day)
        run = self._run(place)
        if run.ended() == 0:
            return run
        told.wrong.append(f"the next run failed: {run.error()[-500:]}")
        return None

    def _compared(self, place: Place, wanted: Reference, before: Standing, run: Run, told: Told) -> Iterator[str]:
        yield from different(tables(place), wanted.tables)
        yield from lost(before, standing(place))
        yield from torn(place, self._thumbnails)
        if lacking := wanted.blobs - blobs_of(place):
            yield f"{len(lacking)} originals are lacking"
        told.committed, told.decoded = len(before.measured & wanted.measured), int(run.result()["decoded"])
        due = len(wanted.measured) - told.committed
        if told.decoded != due:
            yield f"decoded {told.decoded} pictures where {due} were not committed"
        yield from unfit(place)


def _asset_ids(rows: list[str]) -> set[str]:
    return {found[1] for row in rows if (found := re.search(r"'asset_id': '(\w+)'", row))}


def _times(run: Run) -> dict[str, int]:
    """How often a process passes each point in a run; of several workers, most of what each does on average."""
    counted: dict[str, list[int]] = {}
    for (_, point), count in Counter((pid, point) for pid, point, _ in run.passed()).items():
        counted.setdefault(point, []).append(count)
    return {point: int((MOST if len(c) > 1 else 1) * sum(c) / len(c)) for point, c in counted.items()}


def _nth(faults: str, times: dict[str, int]) -> str:
    """With shares made numbers: `append:committed@0.5=kill` of 40 times is `append:committed:21=kill`."""
    return re.sub(
        r"([a-z:-]+)@([\d.]+)",
        lambda found: f"{found[1]}:{1 + int(float(found[2]) * times[_on_disk(found[1])])}",
        faults,
    )


def _on_disk(point: str) -> str:
    """The point that is passed as often where the workspace is a folder."""
    return "blob:renamed" if point in {"blob:before-put", "blob:put", "blob:half-written"} else point


def _struck(run: Run, faults: str) -> None:
    """Where a worker is to be held at a point, kill its driver when it is there."""
    if "hang" in faults and run.until_struck():
        run.kill()


def _deaths(run: Run, code: int, told: Told) -> list[str]:
    """Note who died, and where. A worker's death is its last point: it never passes another."""
    driver = run.process.pid
    if code == -signal.SIGKILL:
        told.deaths.append(("driver", run.last_point(driver)))
    elif code != 0:
        return [f"exit code {code}: {run.error()[-300:]}"]
    workers = {pid for pid, _, _ in run.struck()} - {driver}
    told.deaths += [("worker", run.last_point(pid)) for pid in workers]
    return []


def _refusal(run: Run, code: int, fault: str) -> list[str]:
    """What is wrong with how a run ended whose disk refused."""
    said, wrong = run.error(), []
    if not run.struck():
        wrong.append("nothing was refused")
    if code != 1:
        wrong.append(f"exit code {code}, not 1")
    if ("disk is full" if "enospc" in fault else "failed") not in said or "Traceback" in said:
        wrong.append(f"the error is not clear: {said[-300:]}")
    return wrong


def served(root: Path) -> subprocess.Popen[str]:
    """An S3 server on loopback; the environment leads there."""
    script = ROOT / "tests/s3_process.py"
    server = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{int(server.stdout.readline())}",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "the-key-of-a-benchmark",
        "AWS_SECRET_ACCESS_KEY": "the-secret-of-a-benchmark",
        "AWS_EC2_METADATA_DISABLED": "true",
        "XDG_DATA_HOME": str(root / "data"),
    }
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket=BUCKET)
    return server


def some(scenarios: list[Scenario], count: int) -> list[Scenario]:
    """So many of them, evenly spread over their kinds."""
    count = min(count, len(scenarios))
    return [scenarios[index * len(scenarios) // count] for index in range(count)]


def figures(found: list[Told]) -> dict[str, Any]:
    """What is told of all scenarios."""
    deaths = [(who, point) for told in found for who, point in told.deaths]
    killed = [told for told in found if told.deaths]
    kinds: dict[str, list[Told]] = {}
    for told in found:
        kinds.setdefault(told.scenario.kind, []).append(told)
    rows = [
        [
            kind,
            str(len(those)),
            str(sum(len(told.deaths) for told in those)),
            str(sum(inside(point).startswith("commit") for told in those for _, point in told.deaths)),
            str(sum(inside(point) == "blob write" for told in those for _, point in told.deaths)),
            f"{sum(told.committed for told in those):,}",
            f"{sum(told.decoded for told in those):,}",
            str(sum(not told.wrong for told in those)),
        ]
        for kind, those in kinds.items()
    ]
    total = ["all", *(f"{sum(int(row[column].replace(',', '')) for row in rows):,}" for column in range(1, 8))]
    head = ["what is killed", "scenarios", "processes killed", "inside a commit", "inside a blob write"]
    head += ["pictures committed", "decoded by the next run", "all well"]
    return {
        "scenarios": len(found),
        "kills": len(deaths),
        "scenarios_with_a_kill": len(killed),
        "inside": dict(Counter(inside(point) for _, point in deaths)),
        "where": dict(Counter(f"{who} {point}" for who, point in deaths).most_common()),
        "not_killed": [told.scenario.name for told in found if not told.deaths and not told.refused],
        "wrong": {told.scenario.name: told.wrong for told in found if told.wrong},
        "table": [head, *rows, total],
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="scenarios with kills (default 50)")
    parser.add_argument("--refusals", type=int, default=13, help="scenarios with a full or broken disk (default 13)")
    parser.add_argument("--pictures", type=int, default=PICTURES, help=f"default {PICTURES}")
    parser.add_argument("--seed", type=int, default=1, help="moves the kills along the run (default 1)")
    parser.add_argument("--only", nargs="+", default=[""], help="scenarios whose name holds one of these texts")
    asked = parser.parse_args()
    chosen = [*some(kills(asked.seed), asked.kills), *some(refusals(), asked.refusals)]
    chosen = [scenario for scenario in chosen if any(text in scenario.name for text in asked.only)]
    found = []
    with tempfile.TemporaryDirectory() as temporary, served(Path(temporary)) as server:
        matrix = Matrix(Path(temporary), asked.pictures)
        for scenario in chosen:
            found.append(matrix.told(scenario))
            print(scenario.name, found[-1].deaths, found[-1].wrong or "well", file=sys.stderr)
        server.stdin.close()
    print(json.dumps({"pictures": asked.pictures, **figures(found)}, indent=1))
    if any(told.wrong for told in found):
        sys.exit("not all is well: see what is told of each scenario above")


if __name__ == "__main__":
    main()
