from __future__ import annotations

import os
import tracemalloc

import pytest

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.media.limits import Limits
from packshot.media.read import read_limited


def kind_of(path, limits=None):
    with pytest.raises(MediaError) as caught:
        read_limited(path, limits or Limits())
    return caught.value.kind


def test_a_regular_file(tmp_path):
    path = tmp_path / "new\nline.jpg"
    path.write_bytes(b"abc")
    assert read_limited(path) == b"abc"
    assert read_limited(str(path), Limits(max_bytes=3)) == b"abc"
    assert kind_of(path, Limits(max_bytes=2)) is TroubleKind.TOO_LARGE


def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    assert kind_of(tmp_path / "pipe") is TroubleKind.UNREACHABLE
    assert kind_of(tmp_path) is TroubleKind.UNREACHABLE
    assert kind_of("/dev/zero") is TroubleKind.UNREACHABLE
    assert kind_of(tmp_path / "empty") is TroubleKind.EMPTY
    assert kind_of(tmp_path / "gone.jpg") is TroubleKind.NOT_FOUND
    assert kind_of(tmp_path / "empty" / "below") is TroubleKind.NOT_FOUND
    assert kind_of("nul\x00byte") is TroubleKind.NOT_FOUND
    assert kind_of("x" * 5000) is TroubleKind.UNREACHABLE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path):
    path = tmp_path / "locked"
    path.write_bytes(b"abc")
    path.chmod(0)
    assert kind_of(path) is TroubleKind.UNREACHABLE


def test_no_more_memory_than_the_file_is_large(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 1000)
    tracemalloc.start()
    try:
        assert read_limited(path) == b"x" * 1000
        assert tracemalloc.get_traced_memory()[1] < 100_000  # bytes, at most; the limit is 256 MB
    finally:
        tracemalloc.stop()


def test_a_file_that_grows_while_it_is_read_is_read_to_its_limit(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(b"a" * 10)
    read = os.read

    def growing(descriptor, size):
        with path.open("ab") as file:
            file.write(b"b" * 10)
        return read(descriptor, size)

    monkeypatch.setattr(os, "read", growing)
    with pytest.raises(MediaError) as refused:
        read_limited(path, Limits(max_bytes=35))
    assert refused.value.kind is TroubleKind.TOO_LARGE
