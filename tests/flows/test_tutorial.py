import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
CATALOGUE = ROOT / "examples" / "sample_catalog" / "catalog"
BLOCK = re.compile(r"^```(\w+)[ ]*([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANY = "…"
SECONDS = 120


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tutorial")
    shutil.copytree(CATALOGUE, folder / "examples" / "sample_catalog" / "catalog")
    return folder


def in_a_shell(command, folder):
    binaries = Path(sys.executable).parent
    path = os.pathsep.join([str(binaries), os.environ.get("PATH", "")])
    env = {**os.environ, "PATH": path, "COLUMNS": "120", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)


@pytest.fixture
def in_here(command, monkeypatch, place):
    """Runs a line that is one command of packshot through its door in this process: the same, but for its start."""
    for name, value in {"COLUMNS": "120", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(place)

    def run(line):
        program, *words = shlex.split(line)
        assert program == "packshot"
        ended = command(*words)
        return subprocess.CompletedProcess(line, ended.code, ended.out, ended.err)

    return run


def is_one_command(line):
    """Whether it needs a shell for nothing but to start packshot."""
    return line.startswith("packshot ") and not re.search(r"[|&;<>$*?`~]", line)


def commands(text):
    """Each `$ …` of a console block with the lines that it is said to print."""
    found = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def pattern(lines):
    """A line that is `…` stands for any lines; within a line `…` stands for any text; runs of spaces count as one."""
    parts = []
    for line in lines:
        if line.strip() == ANY:
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            inner = ".*?".join(re.escape(piece) for piece in re.sub(r"\s+", " ", line.strip()).split(ANY))
            parts.append(inner + r"\n")
    return re.compile("".join(parts))


def plain(output):
    return "".join(re.sub(r"\s+", " ", line.strip()) + "\n" for line in output.rstrip().splitlines())


def says(shown, output):
    return bool(pattern(shown).fullmatch(plain(output)))


def test_every_step_of_the_tutorial_does_what_it_shows(place, in_here):
    blocks = BLOCK.findall(TUTORIAL.read_text(encoding="utf-8"))
    assert {kind for kind, _, _ in blocks} == {"console", "toml", "python", "text"}
    printed, wrong, started = "", [], False
    for kind, info, text in blocks:
        options = dict(word.split("=", 1) for word in info.split())
        if kind == "toml":
            (place / options["file"]).write_text(text, encoding="utf-8")
        elif kind == "python":
            done = in_a_shell([sys.executable, "-c", text], place)
            assert done.returncode == 0, done.stderr
            printed = done.stdout
        elif kind == "text":
            assert says(text.splitlines(), printed), f"shown:\n{text}\nprinted:\n{printed}"
        else:
            for command, shown in commands(text):
                # The first one shows that the program starts; the start is most of what the others would cost.
                here = started and is_one_command(command)
                done = in_here(command) if here else in_a_shell(["sh", "-c", command], place)
                started = started or command.startswith("packshot ")
                assert done.returncode == int(options.get("exit", 0)), f"{command}\n{done.stdout}\n{done.stderr}"
                if not says(shown, done.stdout):
                    wrong.append(f"{command}\nprinted:\n{done.stdout}")
    assert not wrong, "\n\n".join(wrong)
    assert (place / "shop" / "report" / "index.html").is_file()
    every_table_is_described(place / "shop")


def every_table_is_described(workspace):
    import packshot
    from packshot.app.tables import NAMES

    text = (ROOT / "docs" / "how-to" / "read-the-tables.md").read_text(encoding="utf-8")
    measures = (ROOT / "docs" / "reference" / "measures.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    with packshot.open(workspace) as place:
        for name in NAMES:
            described = sections[name] + (measures if name == "measurements" else "")
            columns = place.table(name).columns
            assert [c for c in columns if f"`{c}`" not in described] == [], f"columns of {name} without a word"
            if name != "measurements":
                told = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", sections[name], re.MULTILINE)))
                assert set(told) <= set(columns), f"{name} has no such columns"


@pytest.mark.parametrize(
    ("shown", "output", "fits"),
    [
        (["a … c"], "a  bb   c \n", True),
        (["a", "…", "d"], "a\nb\nc\nd\n", True),
        (["a", "…", "d"], "a\nd\n", True),
        (["a"], "a\nb\n", False),
        (["1 of 2"], "1 of 3\n", False),
        ([], "", True),
        ([], "said something\n", False),
    ],
)
def test_what_is_shown_is_compared(shown, output, fits):
    assert says(shown, output) is fits
