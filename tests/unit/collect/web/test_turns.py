import errno
import os
import signal
import subprocess
import sys
import threading

import pytest

from packshot.collect.web import turns as module
from packshot.collect.web.budget import Budget
from packshot.collect.web.turns import Turns
from packshot.core.errors import MediaError, WorkspaceError


@pytest.fixture
def turns(tmp_path):
    return Turns(tmp_path / "turns", 1, 0.0)


def kind(turns, host="h", seconds=0.05):
    try:
        with turns.at(host, Budget(seconds, seconds)):
            return "turn"
    except MediaError as error:
        return error.kind.value


def test_a_turn_is_for_one_and_comes_back(turns):
    with turns.at("h", Budget(1, 1)):
        assert kind(turns) == "timed_out"
        assert kind(turns, "other") == "turn"
    assert kind(turns) == "turn"


def test_who_waits_gets_the_turn_when_it_is_free(turns):
    begun, got = threading.Event(), []

    def wait():
        begun.set()
        got.append(kind(turns, seconds=5))

    with turns.at("h", Budget(1, 1)):
        thread = threading.Thread(target=wait)
        thread.start()
        begun.wait(5)
    thread.join()
    assert got == ["turn"]


def test_a_host_that_wants_peace_or_never_answers_is_not_asked(turns, monkeypatch):
    turns.cool("h", 60)
    assert kind(turns) == "unreachable"
    turns.cool("soon", 0.02)
    assert kind(turns, "soon", 2) == "turn"
    monkeypatch.setattr(module, "MOST_FAILURES", 2)
    turns.failed("dead")
    turns.answered("dead")
    turns.failed("dead")
    assert kind(turns, "dead") == "turn"
    turns.failed("dead")
    assert kind(turns, "dead") == "unreachable"


def test_what_is_killed_gives_its_turn_back(turns, tmp_path):
    code = (
        "import sys, time; from pathlib import Path\n"
        "from packshot.collect.web.turns import Turns; from packshot.collect.web.budget import Budget\n"
        "with Turns(Path(sys.argv[1]), 1, 0.0).at('h', Budget(9, 9)):\n    print('mine', flush=True); time.sleep(60)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "turns")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "mine\n"
        assert kind(turns) == "timed_out"
        os.kill(other.pid, signal.SIGKILL)
    assert kind(turns) == "turn"


def test_a_folder_that_cannot_be_written_is_told(turns, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module.os, "open", full)
    with pytest.raises(WorkspaceError, match="No space left") as raised:
        kind(turns)
    assert "TMPDIR" in raised.value.hint
    assert str(tmp_path) in str(raised.value)


def test_a_state_that_was_cut_off_is_begun_anew(turns, tmp_path):
    assert kind(turns) == "turn"
    turns.cool("h", 60)
    for path in (tmp_path / "turns").glob("*.json"):
        path.write_text('{"next_at": 1', encoding="ascii")
    assert kind(turns) == "turn"
