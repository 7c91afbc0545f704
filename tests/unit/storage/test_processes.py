import dataclasses
import multiprocessing
import subprocess
import sys

import pytest

from packshot.storage import processes
from packshot.storage.processes import Process, this_process


def test_this_process_is_there_and_reads_back():
    mine = this_process()
    assert mine.ended() is False
    assert Process.of(str(mine)) == mine
    assert str(mine.pid) in mine.told
    assert mine.host in mine.told


@pytest.mark.parametrize("text", ["", "someone", "host:pid:1:w", "a:b:c", "host:-1:1:w"])
def test_other_text_is_no_process(text):
    assert Process.of(text) is None


def test_a_process_is_gone_when_it_was_killed_though_nobody_has_waited_for_it():
    code = "from packshot.storage.processes import this_process; print(this_process(), flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        there = Process.of(child.stdout.readline().decode().strip())
        assert there.pid == child.pid
        assert there.ended() is False
        child.kill()
        child.stdout.read()  # it is dead when its end of the pipe is closed
        while there.ended() is False:
            pass
        assert child.returncode is None
        assert there.ended() is True
    assert there.ended() is True


def test_a_number_that_was_given_anew_is_another_process():
    mine = this_process()
    assert dataclasses.replace(mine, started=mine.started + "1").ended() is True


def test_what_cannot_be_seen_is_not_said_to_be_gone(monkeypatch, tmp_path):
    mine = this_process()
    assert dataclasses.replace(mine, world="another").ended() is None
    monkeypatch.setattr(processes, "_PROC", tmp_path)
    assert mine.ended() is None
    assert processes._process.__wrapped__(1).ended() is None


def test_a_forked_child_is_another_process():
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=lambda: theirs.send(str(this_process())))
    before = str(this_process())
    child.start()
    assert Process.of(ours.recv()).pid == child.pid
    child.join()
    assert str(this_process()) == before
