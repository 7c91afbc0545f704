"""Runs a benchmark, keeps its figures with the conditions they were taken under, and renews tables in the docs."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks/results"
PAGE = ROOT / "docs/benchmarks.md"
LIBRARIES = ("numpy", "opencv-python-headless", "pillow", "polars", "pyarrow", "pylance", "simplejpeg", "onnxruntime")
NO_DATA = "no pictures", "no catalogue", "no peers", "no faiss"


class Taking:
    """The conditions of a benchmark, from when it begins."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.start, self.load, self.arguments = time.monotonic(), os.getloadavg()[0], arguments

    def conditions(self) -> dict[str, Any]:
        """When, on what, how long, and by which versions; to be asked for at the end."""
        return {
            "taken": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "arguments": list(self.arguments),
            "cores": len(os.sched_getaffinity(0)),
            "load_before": round(self.load, 1),
            "load_after": round(os.getloadavg()[0], 1),
            "took_seconds": round(time.monotonic() - self.start),
            "python": platform.python_version(),
            "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
        }


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def run(name: str, arguments: tuple[str, ...], unsaid: tuple[str, ...] = ()) -> dict[str, Any] | None:
    """The figures of one script with the conditions they were taken under; None where its data is not there.

    `unsaid` are arguments that are kept out of the conditions: where the data lies on this machine.
    """
    script = ROOT / "benchmarks" / f"{name}.py"
    taking = Taking(arguments)
    done = subprocess.run([sys.executable, script, *arguments, *unsaid], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        why = done.stderr.strip().splitlines()[-1:] or ["it ended without a word"]
        if why[0].startswith(NO_DATA):
            print(f"{name}: skipped: {why[0]}", file=sys.stderr)
            return None
        sys.exit(f"{name} failed:\n{done.stderr}")
    return {"benchmark": name, "conditions": taking.conditions(), **json.loads(done.stdout)}


def run_scripts(scripts: dict[str, tuple[str, ...]], unsaid: tuple[str, ...] = (), *, docs: bool = True) -> None:
    """Run each, keep its result and renew its tables."""
    for name, arguments in scripts.items():
        print(f"{name} …", file=sys.stderr)
        result = run(name, arguments, unsaid)
        if result is not None:
            keep(RESULTS / f"{Path(name).name}.json", result)
            if docs:
                renew(name, shown(result))
            print(f"\n## {name}\n\n{shown(result)}\n")


def keep(file: Path, result: dict[str, Any]) -> None:
    """Write a result file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


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


def renew(name: str, text: str) -> None:
    """Replace what stands between the markers of `name` on the page."""
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")


def renewed(page: str, name: str, text: str) -> str:
    """The page with what stands between the markers of `name` replaced."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if begin not in page or end not in page:
        sys.exit(f"{PAGE} has no place for {name}: write {begin} and {end} where its tables belong")
    return re.sub(f"(?s){re.escape(begin)}.*?{re.escape(end)}", lambda _: f"{begin}\n\n{text}\n\n{end}", page)
