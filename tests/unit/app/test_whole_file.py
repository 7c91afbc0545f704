import os
import time

import pytest

from packshot.app.whole_file import write_file
from packshot.core.errors import WorkspaceError


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError("a bug")])
def test_what_was_there_stays_when_writing_ends_early(tmp_path, error):
    (tmp_path / "a.csv").write_text("old")

    def write(file):
        file.write(b"half")
        raise error

    with pytest.raises(WorkspaceError if isinstance(error, OSError) else type(error)) as caught:
        write_file(tmp_path / "a.csv", write)
    if isinstance(error, OSError):
        assert "disk is full" in caught.value.message
        assert "Free some space" in caught.value.hint
    assert (tmp_path / "a.csv").read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


def test_two_that_write_one_file_do_not_mix(tmp_path):
    def write(file):
        file.write(b"one ")
        write_file(tmp_path / "a.csv", lambda other: other.write(b"two"))
        assert (tmp_path / "a.csv").read_bytes() == b"two"
        file.write(b"whole")

    write_file(tmp_path / "a.csv", write)
    assert (tmp_path / "a.csv").read_bytes() == b"one whole"
    assert names(tmp_path) == ["a.csv"]


def test_a_file_that_only_its_owner_reads_stays_so_and_links_are_followed(tmp_path):
    (tmp_path / "a.csv").write_text("old")
    (tmp_path / "a.csv").chmod(0o600)
    (tmp_path / "link").symlink_to("a.csv")
    write_file(tmp_path / "link", lambda file: file.write(b"new"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a.csv").read_text() == "new"
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o600


def test_a_ring_of_links_is_told(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(WorkspaceError, match="cannot be written"):
        write_file(tmp_path / "a", lambda file: file.write(b"new"))
    assert names(tmp_path) == ["a", "b"]


def test_what_killed_processes_left_goes_when_it_is_old(tmp_path):
    for name, age in (("old", 2 * 86400), ("young", 60)):
        part = tmp_path / f".packshot-{name}.part"
        part.write_text("half")
        os.utime(part, (time.time() - age,) * 2)
    write_file(tmp_path / "a.csv", lambda file: file.write(b"new"))
    assert names(tmp_path) == [".packshot-young.part", "a.csv"]
