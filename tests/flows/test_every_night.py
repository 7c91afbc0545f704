"""The recipes of docs/how-to/run-every-night.md, run as they are written."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import packshot

PAGE = Path(__file__).parents[2] / "docs/how-to/run-every-night.md"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


ASKS = """
import json, os, socket, sys
with socket.create_connection(("127.0.0.1", int(os.environ["PACKSHOT_UNDER_TEST"]))) as asked:
    asked.sendall(json.dumps(sys.argv[1:]).encode() + b"\\n")
    told = json.load(asked.makefile("rb"))
os.write(1, told["out"].encode())
os.write(2, told["err"].encode())
sys.exit(told["code"])
"""
"""The `packshot` of a script: this process runs it, through the door that the shell uses; a start costs seconds."""


@pytest.fixture
def bash(tmp_path, command):
    """Runs a script of the page, with a `packshot` that is this one."""
    home = tmp_path / "bin"
    home.mkdir()
    (home / "asks.py").write_text(ASKS, encoding="utf-8")
    (home / "packshot").write_text(f'#!/bin/sh\nexec {sys.executable} -S {home}/asks.py "$@"\n', encoding="utf-8")
    (home / "packshot").chmod(0o755)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.02)
    more = {"PATH": f"{home}:{os.environ['PATH']}", "PACKSHOT_UNDER_TEST": str(listener.getsockname()[1])}

    def answer():
        asked, _ = listener.accept()
        with asked:
            asked.settimeout(None)
            ended = command(*json.loads(asked.makefile("rb").readline()))
            asked.sendall(json.dumps({"code": ended.code, "out": ended.out, "err": ended.err}).encode())

    def run(script, *arguments):
        path = tmp_path / "script.sh"
        path.write_text(script, encoding="utf-8")
        started = ["bash", str(path), *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(started, env=os.environ | more, **pipes) as process:
            while process.poll() is None:
                with contextlib.suppress(TimeoutError):
                    answer()
            return process.returncode, process.stdout.read(), process.stderr.read()

    with listener:
        yield run


def test_the_nightly_script_mails_the_delta_or_what_went_wrong(bash, run_shop, pictures):
    (nightly, alert) = blocks("bash")
    run_shop.put("watch.jpg", pictures["soft"])
    code, out, err = bash(nightly, run_shop.feed, run_shop.workspace)
    assert (code, err) == (0, "")
    assert "watch.jpg" in out
    run_shop.list(("A", "vase.jpg"))
    code, out, _ = bash(nightly, run_shop.feed, run_shop.workspace)
    assert (code, "--accept-removals" in out) == (2, True)
    run_shop.list(("A", "vase.jpg"), ("A", "watch.jpg"), ("B", "pan.jpg"), ("C", "gone.jpg"))
    code, out, _ = bash(nightly, run_shop.feed, run_shop.workspace)
    assert (code, "gone.jpg" in out) == (3, True)
    alert = alert.replace("/data/packshot", str(run_shop.workspace))
    assert bash(alert)[0] == 1, "the listing C lost its main picture"


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
