"""Appends at once to one table in an object store: 4 processes of 8 threads, none of whose rows may be lost or doubled.

`python benchmarks/durability/parallel_appends.py [--rounds N]` prints one JSON object. The store is moto's S3
server on loopback. All 32 begin at the same moment, with a table that is not there yet; each appends N times, and half
of them bring a column that the others do not know. Afterwards the rows are counted by who wrote them.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from kill_matrix import BUCKET, served

from packshot.core.errors import PackshotError
from packshot.storage.lance_tables import LanceTables

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

PROCESSES, THREADS = 4, 8
ROWS = 50
"""In each append."""
NAME = "measurements"


def work(place: str, process: int, rounds: int, begin: Barrier, answers: multiprocessing.SimpleQueue[Any]) -> None:
    """What one process does; tells the seconds of each append and what was refused."""
    store = LanceTables(place)
    spent: list[float] = []
    refused: list[str] = []

    def write(thread: int) -> None:
        writer = process * THREADS + thread
        begin.wait()
        for number in range(rounds):
            rows = {"writer": [writer] * ROWS, "number": [number * ROWS + row for row in range(ROWS)]}
            if writer % 2:
                rows["late"] = rows["number"]
            start = time.perf_counter()
            try:
                store.append(NAME, pa.table(rows))
            except PackshotError as error:
                refused.append(str(error))
            spent.append(time.perf_counter() - start)

    threads = [threading.Thread(target=write, args=(thread,)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.put((spent, refused))


def appended(place: str, rounds: int) -> dict[str, Any]:
    """Let all write, and count what is there."""
    context = multiprocessing.get_context("spawn")
    begin, answers = context.Barrier(PROCESSES * THREADS), context.SimpleQueue()
    processes = [context.Process(target=work, args=(place, n, rounds, begin, answers)) for n in range(PROCESSES)]
    start = time.perf_counter()
    for process in processes:
        process.start()
    told = [answers.get() for _ in processes]
    for process in processes:
        process.join()
    seconds = time.perf_counter() - start
    table = LanceTables(place).read(NAME)
    found = Counter(zip(table["writer"].to_pylist(), table["number"].to_pylist(), strict=True))
    wanted = {(writer, number) for writer in range(PROCESSES * THREADS) for number in range(rounds * ROWS)}
    slowest = max(max(spent) for spent, _ in told)
    return {
        "appends": PROCESSES * THREADS * rounds,
        "rows_wanted": len(wanted),
        "rows_found": table.num_rows,
        "lost": len(wanted - found.keys()),
        "doubled": sum(count - 1 for count in found.values()),
        "late_column_wrong": sum((late != n) if w % 2 else (late is not None) for w, n, late in _rows(table)),
        "refused": [refusal for _, refusals in told for refusal in refusals],
        "seconds": round(seconds, 1),
        "slowest_append_seconds": round(slowest, 2),
    }


def _rows(table: pa.Table) -> zip[tuple[int, int, int | None]]:
    return zip(*(table[name].to_pylist() for name in ("writer", "number", "late")), strict=True)


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="appends of each writer (default 3)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, served(Path(temporary)) as server:
        found = {"S3 (moto)": appended(f"s3://{BUCKET}/tables", asked.rounds)}
        server.stdin.close()
        found["disk"] = appended(f"{temporary}/tables", asked.rounds)
    names = ("appends", "rows_wanted", "rows_found", "lost", "doubled", "slowest_append_seconds", "seconds")
    head = ["table in", "appends", "rows", "found", "lost", "doubled", "slowest append, s", "all, s"]
    rows = [[where, *(f"{told[name]:,}" for name in names)] for where, told in found.items()]
    print(json.dumps({"writers": PROCESSES * THREADS, **found, "table": [head, *rows]}, indent=1))
    if any(told["lost"] or told["doubled"] or told["refused"] for told in found.values()):
        sys.exit("rows were lost or doubled, or an append was refused")


if __name__ == "__main__":
    main()
