"""The recipes of docs/how-to/run-every-night.md, run as they are written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import packshot

PAGE = Path(__file__).parents[2] / "docs/how-to/run-every-night.md"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def bash(tmp_path):
    """Runs a script of the page, with a `packshot` that is this one."""
    home = tmp_path / "bin"
    home.mkdir()
    (home / "packshot").write_text(f'#!/bin/sh\nexec {sys.executable} -m packshot.cli "$@"\n', encoding="utf-8")
    (home / "packshot").chmod(0o755)

    def run(script, *arguments):
        path = tmp_path / "script.sh"
        path.write_text(script, encoding="utf-8")
        more = {"PATH": f"{home}:{os.environ['PATH']}", "NO_COLOR": "1"}
        return subprocess.run(
            ["bash", str(path), *map(str, arguments)],
            env=os.environ | more,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_nightly_script_mails_the_delta_or_what_went_wrong(bash, small_shop, pictures):
    (nightly, alert) = blocks("bash")
    small_shop.run()
    small_shop.put("watch.jpg", pictures["soft"])
    ended = bash(nightly, small_shop.feed, small_shop.workspace)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "watch.jpg" in ended.stdout
    small_shop.list(("A", "vase.jpg"))
    ended = bash(nightly, small_shop.feed, small_shop.workspace)
    assert (ended.returncode, "--accept-removals" in ended.stdout) == (2, True)
    small_shop.list(("A", "vase.jpg"), ("A", "watch.jpg"), ("B", "pan.jpg"), ("C", "gone.jpg"))
    ended = bash(nightly, small_shop.feed, small_shop.workspace)
    assert (ended.returncode, "gone.jpg" in ended.stdout) == (3, True)
    alert = alert.replace("/data/packshot", str(small_shop.workspace))
    assert bash(alert).returncode == 1, "the listing C lost its main picture"


def test_the_worker_runs_each_feed_once_and_sets_the_bad_ones_aside(small_shop, tmp_path, capsys):
    (text,) = blocks("python")
    names = {"__name__": "worker"}
    exec(compile(text, "worker.py", "exec"), names)  # noqa: S102 - the page's own code, as it is written
    queue = tmp_path / "queue"
    queue.mkdir()
    (queue / "1.feed").write_text(f"{small_shop.feed}\n", encoding="utf-8")
    (queue / "2.feed").write_text("nowhere.csv", encoding="utf-8")
    names["work"](queue, small_shop.workspace, wait_seconds=0)
    assert [path.name for path in queue.glob("*.feed")] == []
    assert [path.name for path in (queue / "failed").iterdir()] == ["2.feed"]
    assert "nowhere.csv" in capsys.readouterr().err
    with packshot.open(small_shop.workspace) as place:
        assert place.table("placements").height == 4
