"""Memory of a whole run: what the process tree of `packshot run` holds together, by phase.

`python benchmarks/speed/memory.py [--pictures N …] [--workers N] [--report]` draws N small JPEGs (each another
picture), runs them, and samples the summed proportional set size (PSS: shared pages are shared out) of all its
processes once a second. Prints one JSON object. `growth_mb` is what the larger run takes beyond the smaller one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

WANTED_MB = 900
SIDE = 160
PER_LISTING = 5
EVERY_SECONDS = 1.0
RUN = """
import sys, time
from packshot.cli import main
from packshot.cli.progress import ProgressBar
phases, stage = open(sys.argv.pop(1), "a", buffering=1), ProgressBar.stage
def told(self, name, total):
    phases.write(f"{time.time()} {name}\\n")
    stage(self, name, total)
ProgressBar.stage = told
main()
"""
"""`packshot run`, which also writes when each of its stages begins."""


def draw(folder: Path, count: int) -> Path:
    """Draw `count` pictures into `folder`, every thousand in a folder of its own, and write their feed."""
    import cv2
    import numpy as np

    rng = np.random.default_rng(5)
    feed = folder / "feed.csv"
    with feed.open("w", encoding="utf-8") as file:
        file.write("id,title,category,image_link\n")
        for number in range(count):
            name = f"pictures/{number // 1000}/{number}.jpg"
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(_jpeg(cv2, np, rng))
            listing = number // PER_LISTING
            file.write(f"SKU-{listing},A thing number {listing},Home > Things,{name}\n")
    return feed


def _jpeg(cv2: Any, np: Any, rng: Any) -> bytes:
    """A blot of random colours on white."""
    blot = cv2.resize(rng.integers(0, 256, (9, 9, 3), dtype=np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    mask = np.zeros((SIDE, SIDE, 1), dtype=np.uint8)
    axes = tuple(int(value) for value in rng.integers(40, 75, 2))
    cv2.ellipse(mask, (SIDE // 2, SIDE // 2), axes, float(rng.integers(180)), 0, 360, 1, -1)
    done, data = cv2.imencode(".jpg", np.where(mask, blot, np.uint8(255)))
    if not done:
        sys.exit("OpenCV could not write a JPEG")
    return bytes(data)


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in task.read_text().split()]
            except OSError:
                continue  # it has ended meanwhile
    return found


def pss_mb(pid: int) -> float:
    """The proportional set size of one process; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def sampled(process: subprocess.Popen[bytes]) -> list[tuple[float, float, float]]:
    """Until the process ends: when, how much all its processes hold, and how much it holds itself, in MB."""
    samples = []
    ended = threading.Event()
    threading.Thread(target=lambda: (process.wait(), ended.set()), daemon=True).start()
    while not ended.wait(EVERY_SECONDS):
        each = [pss_mb(pid) for pid in tree(process.pid)]
        samples.append((time.time(), sum(each), each[0]))
    return samples


def measure(count: int, workers: int | None, *, report: bool) -> dict[str, Any]:
    """The figures of one run over `count` pictures."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        start = time.monotonic()
        feed = draw(folder, count)
        print(f"drew {count:,} pictures in {time.monotonic() - start:.0f} s", file=sys.stderr)
        phases = folder / "phases.txt"
        command = [sys.executable, "-c", RUN, str(phases), "run", str(feed), "--workspace", str(folder / "workspace")]
        command += ["--json"] if report else ["--json", "--no-report"]
        command += ["--workers", str(workers)] if workers else []
        begin = time.time()
        with (folder / "stderr.txt").open("wb") as stderr:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr)
            samples = sampled(process)
        told = json.loads(process.stdout.read()) if process.stdout else {}
        if process.returncode != 0:
            sys.exit(f"packshot run ended with {process.returncode}: {(folder / 'stderr.txt').read_text()[-2000:]}")
        marks = [line.split() for line in phases.read_text().splitlines()]
    ends = [float(mark[0]) for mark in marks[1:]] + [time.time()]
    found = {"start": _phase(samples, begin, float(marks[0][0]))}
    found |= {name: _phase(samples, float(at), end) for (at, name), end in zip(marks, ends, strict=True)}
    return {
        "pictures": count,
        "peak_mb": round(max(total for _, total, _ in samples)),
        "peak_of_the_driver_mb": round(max(own for _, _, own in samples)),
        "seconds": told["seconds"],
        "decoded": told["decoded"],
        "phases": found,
    }


def _phase(samples: list[tuple[float, float, float]], start: float, end: float) -> dict[str, float]:
    during = [(total, own) for at, total, own in samples if start <= at <= end]
    found = {"seconds": round(end - start, 1)}
    if during:
        found["peak_mb"] = round(max(total for total, _ in during))
        found["driver_mb"] = round(max(own for _, own in during))
    return found


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, nargs="+", default=[2_000, 20_000, 100_000], help="sizes of the runs")
    parser.add_argument("--workers", type=int, help="worker processes (default: as packshot has it)")
    parser.add_argument("--report", action="store_true", help="write the report, too")
    asked = parser.parse_args()
    runs = [measure(count, asked.workers, report=asked.report) for count in asked.pictures]
    names = list(dict.fromkeys(name for run in runs for name in run["phases"]))
    rows = [
        [f"{run['pictures']:,}", str(run["peak_mb"]), str(run["peak_of_the_driver_mb"]), f"{run['seconds']:.0f}"]
        + [str(run["phases"].get(name, {}).get("peak_mb", "–")) for name in names]
        for run in runs
    ]
    told = {
        "wanted_mb": WANTED_MB,
        "growth_mb": [later["peak_mb"] - sooner["peak_mb"] for sooner, later in pairwise(runs)],
        "runs": runs,
        "table": [["pictures", "peak MB", "peak of the driver MB", "seconds", *(f"{n} MB" for n in names)], *rows],
    }
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
