"""Whole processes on the same files: `packshot run` beside CleanVision and ImageHash, by turns.

Every file is a real photograph with bytes of its own (a JPEG comment), so that nobody is spared work by exact copies.
The peers come with `pip install --group bench`; `--peer-python` names another interpreter that has them.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[3] / "shared/data"
DEFAULT = ("magento2", "clothing_dataset", "tailwindtraders", "sylius")
START = b"\xff\xd8"
COMMENT = b"\xff\xfe"
PR_SET_CHILD_SUBREAPER = 36
PEERS = {
    "cleanvision": """
import sys
from cleanvision import Imagelab
if __name__ == "__main__":
    lab = Imagelab(data_path=sys.argv[1])
    lab.find_issues(n_jobs=int(sys.argv[2]), verbose=False)
    assert len(lab.issues) == int(sys.argv[3]), len(lab.issues)
""",
    "imagehash": """
import sys
from multiprocessing import Pool
from pathlib import Path
import imagehash
from PIL import Image
def hashes(path):
    with Image.open(path) as picture:
        return [str(f(picture)) for f in (imagehash.phash, imagehash.dhash, imagehash.average_hash)]
if __name__ == "__main__":
    with Pool(int(sys.argv[2])) as pool:
        found = pool.map(hashes, sorted(Path(sys.argv[1]).iterdir()), chunksize=16)
    assert len(found) == int(sys.argv[3])
""",
}
"""Peer → a program that takes folder, processes and number of files. ImageHash: three hashes on every core."""


def jpegs(folders: list[Path]) -> list[Path]:
    """The JPEG files under `folders`, in the order of their names."""
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [path for path in paths if path.read_bytes()[:2] == START]


def multiplied(paths: list[Path], count: int, folder: Path) -> int:
    """Write `count` files with bytes of their own, the pictures by turns; how many bytes they have together."""
    total = 0
    paths = paths[:: max(1, len(paths) // count)]
    for number in range(count):
        data = paths[number % len(paths)].read_bytes()
        note = f"file {number}".encode()
        marked = START + COMMENT + (len(note) + 2).to_bytes(2, "big") + note + data[2:]
        (folder / f"{number:06}.jpg").write_bytes(marked)
        total += len(marked)
    return total


def adopt() -> None:
    """Let processes whose parents have ended become children of this one: only what is waited for is counted."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def timed(command: list[str]) -> dict[str, float]:
    """Wall and CPU seconds of a process and all its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall = time.monotonic() - start
    with contextlib.suppress(ChildProcessError):  # no more of them
        while True:
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{command[:4]} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return {"wall_s": round(wall, 2), "cpu_s": round(_cpu(after) - _cpu(before), 2)}


def _cpu(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


def commands(folder: Path, count: int, workers: int, python: str, scratch: Path) -> dict[str, list[str]]:
    """The whole process of each tool."""
    ours = [sys.executable, "-m", "packshot.cli", "run", str(folder), "--policy", "house", "--group-by", "file"]
    ours += ["--workers", str(workers), "--no-copy", "--max-trouble-share", "0", "--workspace", str(scratch / "w")]
    peers = {name: [python, "-c", code, str(folder), str(workers), str(count)] for name, code in PEERS.items()}
    return {"packshot": ours, "packshot, no report": [*ours, "--no-report"], **peers}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, nargs="+", help="folders with JPEG files (default: of ../shared/data)")
    parser.add_argument("--files", type=int, default=2000, help="how many files (default 2,000)")
    parser.add_argument("--rounds", type=int, default=1, help="how often each tool runs, by turns (default 1)")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="default: one per core")
    parser.add_argument("--peer-python", default=sys.executable, help="interpreter with cleanvision and ImageHash")
    asked = parser.parse_args()
    folders = asked.pictures or [DATA / name for name in DEFAULT]
    paths = jpegs([folder for folder in folders if folder.is_dir()])
    if not paths:
        sys.exit(f"no pictures: {', '.join(map(str, folders))} is not there; name a folder with --pictures")
    there = [asked.peer_python, "-c", "import cleanvision, imagehash"]
    if subprocess.run(there, capture_output=True, check=False).returncode:
        sys.exit("no peers: pip install --group bench, or name an interpreter with --peer-python")
    adopt()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "pictures")
        folder.mkdir()
        total = multiplied(paths, asked.files, folder)
        runs: dict[str, list[dict[str, float]]] = {}
        for number in range(asked.rounds):
            scratch = Path(place, f"round{number}")
            for name, command in commands(folder, asked.files, asked.workers, asked.peer_python, scratch).items():
                fresh = [part.replace(str(scratch / "w"), str(scratch / f"w-{len(name)}")) for part in command]
                runs.setdefault(name, []).append(timed(fresh))
                print(f"{name}: {runs[name][-1]['wall_s']:.1f} s", file=sys.stderr)
    print(json.dumps(told(runs, asked, total, len(paths)), indent=1))


def told(
    runs: dict[str, list[dict[str, float]]], asked: argparse.Namespace, total: int, pictures: int
) -> dict[str, Any]:
    """The figures, and the table for the page."""
    table = [["tool, whole process", "wall s", "CPU s", "pictures/s", "its time ÷ packshot's, wall", "CPU"]]
    for name, found in runs.items():
        wall, cpu = (statistics.median(run[key] for run in found) for key in ("wall_s", "cpu_s"))
        by_wall, by_cpu = (
            statistics.median(run[key] / ours[key] for run, ours in zip(found, runs["packshot"], strict=True))
            for key in ("wall_s", "cpu_s")
        )
        rate = f"{asked.files / wall:.1f}"
        table.append([name, f"{wall:.1f}", f"{cpu:.1f}", rate, f"{by_wall:.2f}", f"{by_cpu:.2f}"])
    return {
        "files": asked.files,
        "different_pictures": pictures,
        "mean_bytes": round(total / asked.files),
        "workers": asked.workers,
        "runs": runs,
        "table": table,
    }


if __name__ == "__main__":
    main()
