import fcntl
import gc
import os
import tempfile

import pytest

from packshot.collect.feed_copy import FeedCopy
from packshot.core.errors import SourceError


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left_behind(place, name, *, lock=True, seconds=7200):
    """What a process that was killed left, so many seconds ago."""
    folder = place / f"packshot-feed-{name}"
    folder.mkdir()
    (folder / "feed.csv").write_text("id,image\n", encoding="utf-8")
    if lock:
        (folder / ".lock").touch()
    then = folder.stat().st_mtime - seconds
    os.utime(folder, (then, then))
    return folder


def test_a_copy_goes_when_nobody_needs_it(place):
    copy = FeedCopy()
    (copy.folder / "feed.csv").touch()
    assert [copy.folder] == list(place.iterdir())
    del copy
    gc.collect()
    assert list(place.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_copy(place):
    old = [left_behind(place, "a"), left_behind(place, "b", lock=False)]
    young = left_behind(place, "c", seconds=5)
    other = place / "packshot-other"
    other.mkdir()
    aim = place / "aim"
    aim.mkdir()
    (place / "packshot-feed-link").symlink_to(aim)
    copy = FeedCopy()
    assert not any(folder.exists() for folder in old)
    assert all(folder.exists() for folder in (young, other, aim, copy.folder))


def test_a_copy_in_use_stays_however_old(place):
    used = left_behind(place, "a")
    with (used / ".lock").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        copy = FeedCopy()
        assert (used / "feed.csv").exists()
    del copy
    gc.collect()
    assert FeedCopy().folder
    assert not used.exists()


def test_its_own_lock_holds(place):
    copy = FeedCopy()
    os.utime(copy.folder, (1, 1))
    assert FeedCopy().folder
    assert copy.folder.exists()
    assert place in copy.folder.parents


def test_no_room_for_a_copy_is_told(place, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(place / "gone"))
    with pytest.raises(SourceError, match="no place for a copy") as raised:
        FeedCopy()
    assert "TMPDIR" in raised.value.hint
