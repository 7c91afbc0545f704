"""One picture from cold: `packshot check FILE` against importing numpy, cv2 and Polars, in fresh processes by turns.

`python benchmarks/speed/cold_start.py [--pairs N] [--picture FILE]` prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

WANTED = 1.5
CLEAN_EXIT, FAULTS_FOUND = 0, 1
IMPORTS = "import numpy, cv2, polars"


def drawn(folder: Path) -> Path:
    """A product photo of ordinary size, drawn here."""
    import numpy as np

    from packshot.media.encode import encode_jpeg

    rng = np.random.default_rng(3)
    picture = np.full((1200, 1200, 3), 255, np.uint8)
    picture[150:1050, 200:1000] = rng.integers(60, 190, (180, 160, 3), dtype=np.uint8).repeat(5, 0).repeat(5, 1)
    path = folder / "picture.jpg"
    path.write_bytes(encode_jpeg(picture, 90))
    return path


def once(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of one fresh process."""
    start = time.perf_counter()
    before = os.times()
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    after = os.times()
    if done.returncode not in {CLEAN_EXIT, FAULTS_FOUND}:
        raise SystemExit(f"{command} ended with {done.returncode}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - start, cpu


def measure(pairs: int, picture: Path | None) -> dict[str, Any]:
    """Run both by turns; the ratio of each pair, and their median."""
    with tempfile.TemporaryDirectory() as folder:
        file = picture or drawn(Path(folder))
        check = [sys.executable, "-m", "packshot.cli", "check", str(file)]
        imports = [sys.executable, "-c", IMPORTS]
        once(check), once(imports)  # files into the cache, bytecode written
        rounds = [(once(check), once(imports)) for _ in range(pairs)]
        size = file.stat().st_size
    walls = [one[0] / other[0] for one, other in rounds]
    cpus = [one[1] / other[1] for one, other in rounds]
    median = statistics.median
    seconds = {
        "check_seconds": round(median(one[0] for one, _ in rounds), 3),
        "check_cpu_seconds": round(median(one[1] for one, _ in rounds), 3),
        "imports_seconds": round(median(other[0] for _, other in rounds), 3),
        "imports_cpu_seconds": round(median(other[1] for _, other in rounds), 3),
    }
    return {
        "pairs": pairs,
        "picture_bytes": size,
        "wanted": WANTED,
        "wall_ratio": round(median(walls), 2),
        "cpu_ratio": round(median(cpus), 2),
        "wall_ratio_of_best": round(min(one[0] for one, _ in rounds) / min(other[0] for _, other in rounds), 2),
        "wall_ratios": sorted(round(ratio, 2) for ratio in walls),
        "cpu_ratios": sorted(round(ratio, 2) for ratio in cpus),
        **seconds,
        "table": [
            ["", "`packshot check`", "imports", "ratio (median of pairs)", "ratios, lowest to highest"],
            [
                "wall seconds",
                f"{seconds['check_seconds']:.2f}",
                f"{seconds['imports_seconds']:.2f}",
                f"{median(walls):.2f}",
                f"{min(walls):.2f} to {max(walls):.2f}",
            ],
            [
                "CPU seconds",
                f"{seconds['check_cpu_seconds']:.2f}",
                f"{seconds['imports_cpu_seconds']:.2f}",
                f"{median(cpus):.2f}",
                f"{min(cpus):.2f} to {max(cpus):.2f}",
            ],
        ],
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=10, help="how often each is started (default 10)")
    parser.add_argument("--picture", type=Path, help="check this file (default: one drawn here)")
    asked = parser.parse_args()
    print(json.dumps(measure(asked.pairs, asked.picture), indent=1))


if __name__ == "__main__":
    main()
