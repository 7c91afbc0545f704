"""Runs the benchmarks of speed and durability, writes benchmarks/results/*.json and renews docs/benchmarks.md.

`python benchmarks/speed/run_all.py [NAME …] [--full]`. By default each is cut short, about ten minutes together; with
`--full` they take what the documented figures were taken with, hours together. What needs the shared
photographs, or peers that are not installed, is skipped without. The classical set is measured, without models, even
where their weights are: what each model costs stands beside how well it sees, in `benchmarks/quality/run_all.py`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))
from result_files import run_scripts

QUICK: dict[str, tuple[str, ...]] = {
    "speed/evaluate": ("--seconds", "20", "--files", "60"),
    "speed/peers": ("--files", "200"),
    "speed/memory": ("--pictures", "1000", "3000"),
    "speed/judge_catalogue": ("--rows", "200000", "--rounds", "1"),
    "speed/match": ("100000",),
    "speed/cold_start": ("--pairs", "5"),
    "durability/kill_matrix": ("--kills", "6", "--refusals", "2"),
    "durability/parallel_appends": ("--rounds", "1"),
}
FULL: dict[str, tuple[str, ...]] = {
    "speed/evaluate": ("--seconds", "60"),
    "speed/peers": (),
    "speed/memory": (),
    "speed/judge_catalogue": ("--rows", "1000000", "5000000", "--choose"),
    "speed/match": ("1000000",),
    "speed/cold_start": ("--pairs", "15"),
    "durability/kill_matrix": (),
    "durability/parallel_appends": (),
}
"""Benchmark → its arguments."""


def main() -> None:
    """Run, write, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(QUICK)} (default: all)")
    parser.add_argument("--full", action="store_true", help="as long and as large as the documented figures")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(QUICK):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(QUICK)}")
    with tempfile.TemporaryDirectory() as without_models:
        os.environ["PACKSHOT_MODELS"] = without_models
        run_scripts({name: (FULL if asked.full else QUICK)[name] for name in asked.names or QUICK})


if __name__ == "__main__":
    main()
