from __future__ import annotations

import os

import pytest

from packshot.storage.durable import write_whole


@pytest.mark.parametrize("sync", [True, False])
def test_missing_folders_are_made_and_what_was_there_is_replaced(tmp_path, sync):
    path, scratch = tmp_path / "a/b/c", tmp_path / "x/tmp"
    for data in (b"one", b"", b"three" * 1000):
        write_whole(path, data, scratch, sync=sync)
        assert path.read_bytes() == data
        assert not list(scratch.iterdir())
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()


def test_a_system_that_takes_a_little_at_a_time(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data[:7])))
    write_whole(tmp_path / "a", bytes(range(100)), tmp_path / "tmp")
    assert (tmp_path / "a").read_bytes() == bytes(range(100))


def test_nothing_is_left_of_what_was_refused(tmp_path):
    (tmp_path / "a").mkdir()  # a folder cannot be replaced by a file
    with pytest.raises(OSError, match="irectory"):
        write_whole(tmp_path / "a", b"one", tmp_path / "tmp")
    assert not list((tmp_path / "tmp").iterdir())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
