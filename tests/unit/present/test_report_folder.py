from __future__ import annotations

import threading
from pathlib import Path

import pytest

from packshot.core.errors import UsageError, WorkspaceError
from packshot.present.report_folder import MARKER, replaced


def write(folder, text):
    with replaced(folder) as new:
        (new / "index.html").write_text(text)


def test_a_new_folder_is_made_with_its_parents(tmp_path):
    write(tmp_path / "a" / "b", "one")
    assert (tmp_path / "a" / "b" / "index.html").read_text() == "one"
    assert (tmp_path / "a" / "b" / MARKER).is_file()
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_an_earlier_report_is_replaced_and_what_others_put_there_stays(tmp_path):
    write(tmp_path / "r", "one")
    (tmp_path / "r" / "faults").mkdir()
    (tmp_path / "r" / "notes.txt").write_text("mine")
    write(tmp_path / "r", "two")
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == [MARKER, "index.html", "notes.txt"]
    assert (tmp_path / "r" / "index.html").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_an_empty_folder_may_be_used(tmp_path):
    (tmp_path / "r").mkdir()
    write(tmp_path / "r", "one")
    assert (tmp_path / "r" / "index.html").exists()


def test_a_swap_that_was_killed_half_way_is_finished(tmp_path):
    write(tmp_path / "r", "one")
    (tmp_path / "r" / "notes.txt").write_text("mine")
    (tmp_path / "r").rename(tmp_path / ".r.packshot-old")  # the kill came before the new one took its place
    (tmp_path / ".r.packshot-new").mkdir()
    (tmp_path / ".r.packshot-new" / "half").write_text("")
    write(tmp_path / "r", "two")
    assert (tmp_path / "r" / "index.html").read_text() == "two"
    assert (tmp_path / "r" / "notes.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_a_link_to_a_folder_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write(tmp_path / "link", "one")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "index.html").read_text() == "one"


@pytest.mark.parametrize("fill", [lambda p: p.write_text("x"), lambda p: (p.mkdir(), (p / "x").write_text("x"))])
def test_what_is_no_report_is_refused(tmp_path, fill):
    fill(tmp_path / "r")
    with pytest.raises(UsageError) as caught:
        write(tmp_path / "r", "one")
    assert "-o" in caught.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_two_that_write_one_report_do_so_one_after_the_other(tmp_path):
    (tmp_path / "r").mkdir()
    inside, others = threading.Event(), []

    def second():
        inside.wait()
        write(tmp_path / "r", "two")
        others.append((tmp_path / "r" / "index.html").read_text())

    thread = threading.Thread(target=second)
    thread.start()
    with replaced(tmp_path / "r") as new:
        (new / "index.html").write_text("one")
        inside.set()
        thread.join(0.1)
        assert thread.is_alive()
        (new / "troubles.html").write_text("one")
    thread.join()
    assert others == ["two"]
    assert not (tmp_path / "r" / "troubles.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_what_fails_leaves_the_report_of_before_and_nothing_else(tmp_path):
    write(tmp_path / "r", "one")
    with pytest.raises(WorkspaceError), replaced(tmp_path / "r") as new:
        (new / "nowhere" / "x").write_text("half")
    assert (tmp_path / "r" / "index.html").read_text() == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_a_mount_and_a_ring_of_links_are_told_before_anything_is_written(tmp_path, monkeypatch):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(WorkspaceError, match="could not be written"):
        write(tmp_path / "a", "one")
    (tmp_path / "r").mkdir()
    monkeypatch.setattr(Path, "is_mount", lambda path: path.name == "r")
    with pytest.raises(UsageError, match="a mount") as caught:
        write(tmp_path / "r", "one")
    assert f"-o {tmp_path / 'r' / 'report'}" in caught.value.hint
