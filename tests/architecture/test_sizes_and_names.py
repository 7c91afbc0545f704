import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
BANNED = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "core",
    "manager",
    "handler",
    "factory",
    "impl",
}
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_file_is_small_and_well_named(path):
    text = path.read_text(encoding="utf-8")
    assert path.stem not in BANNED, "the name must say what is in the file"
    assert len(text.splitlines()) <= MAX_FILE_LINES
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    too_long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in functions
        if node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    }
    assert not too_long
    assert ast.get_docstring(tree), "a module's docstring is one line: what it holds"


def test_no_folder_is_empty():
    empty = [path for path in (ROOT / "src").rglob("*") if path.is_dir() and not any(path.iterdir())]
    assert not empty


def test_the_project_names_no_machine_paths():
    kept = [
        path for folder in ("src", "docs", "examples", "tests", "benchmarks") for path in (ROOT / folder).rglob("*")
    ]
    texts = [p for p in kept if p.suffix in {".py", ".md", ".toml", ".html", ".json", ".csv"} and p.is_file()]
    needles = ["/work" + "/", "/ro" + "ot/", "/ho" + "me/"]
    found = [f"{p}: {n}" for p in texts for n in needles if n in p.read_text(encoding="utf-8", errors="replace")]
    assert not found
