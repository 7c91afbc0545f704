"""Runs the benchmarks, writes benchmarks/results/*.json and renews the tables in docs/benchmarks.md.

`python benchmarks/speed/run_all.py [NAME …] [--full]`. By default each is cut short, about ten minutes together; with
`--full` they take what the documented figures were taken with, hours together. What needs the shared
photographs, or peers that are not installed, is skipped without.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks/results"
PAGE = ROOT / "docs/benchmarks.md"
LIBRARIES = ("numpy", "opencv-python-headless", "polars", "pyarrow", "pylance", "simplejpeg")

QUICK: dict[str, tuple[str, ...]] = {
    "speed/evaluate": ("--seconds", "20", "--files", "60"),
    "speed/peers": ("--files", "200"),
    "speed/memory": ("--pictures", "1000", "3000"),
    "speed/judge_catalogue": ("--rows", "200000", "--rounds", "1"),
    "speed/match": ("100000",),
    "speed/cold_start": ("--pairs", "5"),
    "quality/sample": (),
    "quality/matches": ("--pictures", "10", "--magento", "40"),
    "quality/mains": ("--seeds", "1"),
    "durability/kill_matrix": ("--kills", "6", "--refusals", "2"),
    "durability/parallel_appends": ("--rounds", "1"),
}
FULL: dict[str, tuple[str, ...]] = {
    "speed/evaluate": ("--seconds", "60"),
    "speed/peers": (),
    "speed/memory": (),
    "speed/judge_catalogue": ("--choose",),
    "speed/match": ("1000000",),
    "speed/cold_start": ("--pairs", "15"),
    "quality/sample": (),
    "quality/matches": (),
    "quality/mains": (),
    "durability/kill_matrix": (),
    "durability/parallel_appends": (),
}
"""Benchmark → its arguments."""
NO_DATA = "no pictures", "no catalogue", "no peers", "no faiss"


def run(name: str, arguments: tuple[str, ...]) -> dict[str, Any] | None:
    """The figures of one benchmark with the conditions they were taken under; None where its data is not there."""
    script = ROOT / "benchmarks" / f"{name}.py"
    start, load = time.monotonic(), os.getloadavg()[0]
    done = subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        why = done.stderr.strip().splitlines()[-1:] or ["it ended without a word"]
        if why[0].startswith(NO_DATA):
            print(f"{name}: skipped: {why[0]}", file=sys.stderr)
            return None
        sys.exit(f"{name} failed:\n{done.stderr}")
    conditions = {
        "taken": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "arguments": list(arguments),
        "cores": len(os.sched_getaffinity(0)),
        "load_before": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
        "took_seconds": round(time.monotonic() - start),
        "python": platform.python_version(),
        "libraries": {library: version(library) for library in LIBRARIES},
    }
    return {"benchmark": name, "conditions": conditions, **json.loads(done.stdout)}


def markdown(rows: list[list[str]]) -> str:
    """A table; the first row is its head."""
    head, *body = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def shown(result: dict[str, Any]) -> str:
    """What the page says of a result: its tables and conditions."""
    how = result["conditions"]
    arguments = f", `{' '.join(how['arguments'])}`" if how["arguments"] else ""
    taken = (
        f"Taken {how['taken']} on {how['cores']} cores{arguments}; system load {how['load_before']} before and "
        f"{how['load_after']} after; {how['took_seconds']} s."
    )
    return "\n\n".join([markdown(result[name]) for name in ("table", "more") if name in result] + [taken])


def renewed(page: str, name: str, text: str) -> str:
    """The page with what stands between the markers of `name` replaced."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if begin not in page or end not in page:
        sys.exit(f"{PAGE} has no place for {name}: write {begin} and {end} where its tables belong")
    return re.sub(f"(?s){re.escape(begin)}.*?{re.escape(end)}", lambda _: f"{begin}\n\n{text}\n\n{end}", page)


def main() -> None:
    """Run, write, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(QUICK)} (default: all)")
    parser.add_argument("--full", action="store_true", help="as long and as large as the documented figures")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(QUICK):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(QUICK)}")
    for name in asked.names or QUICK:
        print(f"{name} …", file=sys.stderr)
        result = run(name, (FULL if asked.full else QUICK)[name])
        if result is None:
            continue
        RESULTS.mkdir(exist_ok=True)
        file = RESULTS / f"{Path(name).name}.json"
        file.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), name, shown(result)), encoding="utf-8")
        print(f"\n## {name}\n\n{shown(result)}\n")


if __name__ == "__main__":
    main()
