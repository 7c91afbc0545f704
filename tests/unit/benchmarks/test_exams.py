import importlib
import json
import re
from pathlib import Path

import pytest
import run_all
import summary
from exam import Asked, Kind, NoData
from looking import says

from packshot import plugins
from packshot.evaluate.check import Check

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs/benchmarks.md"
EXAMS = run_all.exams()


@pytest.fixture(params=list(EXAMS))
def exam(request):
    try:
        return run_all.load(request.param)
    except ImportError as missing:
        pytest.skip(f"its extra is not installed: {missing}")


def value_at(place):
    """What a dotted name of packshot holds: a constant of a module, or the default of a field."""
    parts = place.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for name in parts[cut:-1]:
            found = getattr(found, name)
        return getattr(found() if isinstance(found, type) else found, parts[-1])
    raise AssertionError(place)


def test_an_exam_says_what_it_is_made_of(exam):
    assert exam.title
    assert exam.set_on
    assert exam.data
    assert all(one.licence for one in exam.data)
    if exam.kind is Kind.DECISION:
        assert exam.baselines or "baseline" in exam.about, "a bound stands beside something simple, or it says why not"


def test_the_exam_in_the_docs_is_whole(tmp_path, monkeypatch):
    page = (ROOT / "docs/how-to/quality-bench.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"(?s)^```python file=\S+\n(.*?)^```$", page, re.MULTILINE)
    file = tmp_path / "faded.py"
    file.write_text(code, encoding="utf-8")
    monkeypatch.setattr(run_all, "exams", lambda: {file.stem: file})
    told = run_all.load(file.stem)
    test_an_exam_says_what_it_is_made_of(told)
    test_its_bound_is_the_one_that_ships(told)
    test_without_pictures_it_says_so(told, tmp_path / "none")


def test_its_bound_is_the_one_that_ships(exam):
    if exam.bound and exam.bound.where.startswith("packshot."):
        assert exam.bound.value == float(value_at(exam.bound.where))
    elif exam.bound:
        decided = exam.bound.where.startswith("decided by packshot")  # a score of 0 or 1 is a decision already
        assert decided or exam.kind is Kind.LEVEL, "a decision is marked at the bound that ships"


def test_without_pictures_it_says_so(exam, tmp_path):
    with pytest.raises(NoData):
        list(exam.items(Asked(tmp_path)))


def test_the_docs_show_the_kept_results():
    page = DOCS.read_text(encoding="utf-8")
    shown = re.search(r"(?s)<!-- quality/exams -->\n\n(.*?)\n\n<!-- /quality/exams -->", page)
    assert shown, "the markers are gone"
    assert shown[1] == run_all.tables(), "run: python benchmarks/quality/run_all.py --table"


def test_every_kept_result_is_of_an_exam_and_is_whole():
    for path in (ROOT / "benchmarks/results/quality").glob("*.json"):
        assert path.stem in EXAMS
        kept = json.loads(path.read_text(encoding="utf-8"))
        assert {"conditions", "packshot", "data", "bound", "set_on", "figures", "baselines", "wanted"} <= set(kept)
        assert len(summary.table([kept])) == 2 + len(kept["baselines"])


def test_a_check_says_the_same_as_its_examples():

    statuses = {"pass": False, "warn": False, "fail": True, "unsure": None}
    for name in ("blurry", "overexposed", "product_cut_off"):
        for example in plugins.discover("checks", Check)[name].examples:
            assert says(name, example.row) is statuses[example.status.value], example.why
