from __future__ import annotations

import os

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
