"""Holds the exams, writes benchmarks/results/quality/*.json and renews their tables in docs/benchmarks.md.

`python benchmarks/quality/run_all.py [ID …] [--data FOLDER] [--full] [--page FOLDER]`. An exam is one file in
`benchmarks/quality/exams/`; `sample`, `matches` and `mains` are whole runs of packshot and keep their own tables.
What needs pictures, extras or weights that are not there is skipped and named. `--page` writes `quality-errors.html`,
everything that was marked wrong, to be looked at. `--table` only renews the tables from the results
that are kept, `--no-docs` leaves them alone.
"""

from __future__ import annotations

import argparse
import sys
from importlib import util
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))
import errors_page
import summary
import whole_runs
from exam import Asked, Exam, NoData
from marking import marked

from result_files import RESULTS, ROOT, Taking, keep, markdown, renew, run_scripts

HERE = Path(__file__).parent
DATA = ROOT / "../shared/data"
KEPT = RESULTS / "quality"
MOST_ERRORS = 40
"""Named in the result file; the page shows more."""
RUNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sample": ((), ()),
    "matches": (("--pictures", "10", "--magento", "40"), ()),
    "mains": (("--seeds", "1"), ()),
}
"""Exams that are whole runs: their arguments when quick, and when full."""
WITH_PICTURES = {"matches", "mains"}


def exams() -> dict[str, Path]:
    """Every exam's file by id."""
    return {path.stem: path for path in sorted((HERE / "exams").glob("*.py"))}


def load(name: str) -> Exam:
    """The exam of that id."""
    spec = util.spec_from_file_location(f"exam_{name}", exams()[name])
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    exam: Exam = module.EXAM
    return exam


def held(name: str, exam: Exam, asked: Asked) -> tuple[list[Any], dict[str, Any]]:
    """The items of an exam and its result."""
    taking = Taking(["--full"] if asked.full else [])
    items = list(exam.items(asked))
    if not items:
        raise NoData("it gave no items")
    figures = marked(exam, items)
    faults = errors_page.wrong(exam, items)
    result = {
        "exam": name,
        "title": exam.title,
        "kind": exam.kind.value,
        "conditions": taking.conditions(),
        "packshot": version("packshot"),
        "models": dict(exam.models()),
        "data": [{"name": one.name, "licence": one.licence, "synthetic": one.synthetic} for one in exam.data],
        "bound": {"where": exam.bound.where, "sense": exam.bound.sense.value, "value": exam.bound.value}
        if exam.bound
        else None,
        "set_on": exam.set_on,
        "about": exam.about,
        **figures,
        "wrong": len(faults),
        "worst": [
            {"id": one["item"].id, "slice": one["item"].slice, "error": one["error"], "score": one["item"].score}
            for one in faults[:MOST_ERRORS]
        ],
    }
    return items, result


def tables() -> str:
    """What docs/benchmarks.md says of all exams, from the results that are kept."""
    found = summary.results(KEPT)
    slices = markdown(summary.by_slice(found))
    rows = [*summary.table(found), *whole_runs.rows_of(RESULTS)]
    return f"{markdown(rows)}\n\n{summary.notes(found)}\n\n{slices}"


def main() -> None:
    """Hold, write, print."""
    asked = _arguments()
    if asked.table:
        renew("quality/exams", tables())
        return
    names = asked.ids or [*exams(), *RUNS]
    pages = []
    for name in [name for name in names if name in exams()]:
        print(f"{name} …", file=sys.stderr)
        exam = load(name)
        try:
            items, result = held(name, exam, Asked(asked.data, full=asked.full))
        except NoData as why:
            print(f"{name}: skipped: {why}", file=sys.stderr)
            continue
        keep(KEPT / f"{name}.json", result)
        rows = markdown(summary.table([result])), markdown(summary.by_slice([result]))
        print("\n## {}\n\n{}\n\n{}\n".format(name, *rows))
        if asked.page:
            pages.append((name, exam, items, result))
    if asked.page and pages:
        asked.page.mkdir(parents=True, exist_ok=True)
        (asked.page / errors_page.NAME).write_text(errors_page.page(pages), encoding="utf-8")
        print(asked.page / errors_page.NAME, file=sys.stderr)
    if not asked.no_docs:
        renew("quality/exams", tables())
    for name in (name for name in names if name in RUNS):
        unsaid = ("--data", str(asked.data)) if name in WITH_PICTURES else ()
        run_scripts({f"quality/{name}": RUNS[name][asked.full]}, unsaid, docs=not asked.no_docs)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = [*exams(), *RUNS]
    parser.add_argument("ids", nargs="*", metavar="ID", help=f"of {', '.join(known)} (default: all)")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of real pictures (default ../shared/data)")
    parser.add_argument("--full", action="store_true", help="every item there is; otherwise about a minute an exam")
    parser.add_argument("--page", type=Path, metavar="FOLDER", help=f"write {errors_page.NAME} there")
    parser.add_argument("--table", action="store_true", help="only renew docs/benchmarks.md from the kept results")
    parser.add_argument("--no-docs", action="store_true", help="leave docs/benchmarks.md as it is")
    asked = parser.parse_args()
    if unknown := set(asked.ids) - set(known):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return asked


if __name__ == "__main__":
    main()
