import os
import unicodedata
from pathlib import Path

import pytest

from packshot.collect.paths import open_inside, resolve_local
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind


@pytest.fixture
def base(tmp_path):
    base = tmp_path / "feed"
    (base / "shoes").mkdir(parents=True)
    (base / "shoes" / "a.jpg").write_bytes(b"inside")
    (tmp_path / "secret.jpg").write_bytes(b"outside")
    (tmp_path / "feed2").mkdir()
    (tmp_path / "feed2" / "a.jpg").write_bytes(b"neighbour")
    return base


def kind_of(uri, base):
    with pytest.raises(MediaError) as caught:
        resolve_local(uri, base)
    return caught.value.kind


def test_every_way_to_write_a_file_inside(base):
    wanted = base / "shoes" / "a.jpg"
    ways = [
        "shoes/a.jpg",
        "./shoes/../shoes/a.jpg",
        str(wanted),
        f"file://{wanted}",
        "shoes\\a.jpg",
        "../feed/shoes/a.jpg",
    ]
    assert {resolve_local(way, base) for way in ways} == {wanted}


@pytest.mark.parametrize(
    "uri",
    [
        "../secret.jpg",
        "shoes/../../secret.jpg",
        "..\\secret.jpg",
        "/etc/passwd",
        "file:///etc/passwd",
        "file:%2e%2e/secret.jpg",
        "../feed2/a.jpg",
        "../not-there-at-all.jpg",
        "/dev/zero",
        "shoes/a.jpg\0.png",
        "",
        "shoes",
    ],
)
def test_what_lies_outside_or_is_no_file_is_refused(base, uri):
    assert kind_of(uri, base) is TroubleKind.REFUSED


def test_links_count_by_where_they_end(base, tmp_path):
    (base / "in.jpg").symlink_to("shoes/a.jpg")
    (base / "out.jpg").symlink_to("../secret.jpg")
    (base / "out").symlink_to(tmp_path)
    (base / "round.jpg").symlink_to("round.jpg")
    (base / "dangling.jpg").symlink_to("nothing.jpg")
    assert resolve_local("in.jpg", base) == base / "shoes" / "a.jpg"
    assert kind_of("out.jpg", base) is TroubleKind.REFUSED
    assert kind_of("out/secret.jpg", base) is TroubleKind.REFUSED
    assert resolve_local("out/feed/shoes/a.jpg", base) == base / "shoes" / "a.jpg"
    assert kind_of("round.jpg", base) is TroubleKind.NOT_FOUND
    assert kind_of("dangling.jpg", base) is TroubleKind.NOT_FOUND


def test_the_base_may_itself_be_behind_a_link(base, tmp_path):
    (tmp_path / "current").symlink_to("feed")
    current = tmp_path / "current"
    assert resolve_local("shoes/a.jpg", current) == base / "shoes" / "a.jpg"
    assert resolve_local(str(current / "shoes" / "a.jpg"), current) == base / "shoes" / "a.jpg"


def test_missing_files_and_impossible_names(base):
    assert kind_of("b.jpg", base) is TroubleKind.NOT_FOUND
    assert kind_of("shoes/a.jpg/b.jpg", base) is TroubleKind.NOT_FOUND
    assert kind_of("n" * 300, base) is TroubleKind.NOT_FOUND
    assert kind_of("n/" * 4000, base) is TroubleKind.NOT_FOUND


def test_pipes_are_refused_and_do_not_hang(base):
    os.mkfifo(base / "pipe.jpg")
    assert kind_of("pipe.jpg", base) is TroubleKind.REFUSED
    with pytest.raises(MediaError) as caught:
        open_inside(base / "pipe.jpg", base)
    assert caught.value.kind is TroubleKind.REFUSED


def test_both_unicode_forms_and_real_backslashes(base):
    composed, apart = "é.jpg", unicodedata.normalize("NFD", "ü.jpg")
    for name in (composed, apart, "real\\slash.jpg"):
        (base / name).write_bytes(b"x")
    assert resolve_local(unicodedata.normalize("NFD", composed), base).name == composed
    assert resolve_local("ü.jpg", base).name == apart
    assert resolve_local("real\\slash.jpg", base).name == "real\\slash.jpg"


def test_names_that_are_no_utf8(base):
    (base / os.fsdecode(b"bad\xff\n.jpg")).write_bytes(b"x")
    assert os.fsencode(resolve_local("file:bad%FF%0A.jpg", base).name) == b"bad\xff\n.jpg"


@pytest.mark.parametrize("swapped", ["file", "folder"])
def test_a_link_that_takes_the_files_place_later_is_not_followed(base, tmp_path, swapped):
    path = resolve_local("shoes/a.jpg", base)
    if swapped == "file":
        path.unlink()
        path.symlink_to(tmp_path / "secret.jpg")
    else:
        path.parent.rename(base / "moved")
        path.parent.symlink_to(tmp_path / "feed2")
    with pytest.raises(MediaError):
        open_inside(path, base)


def test_opening_gives_the_bytes_and_leaks_no_descriptor(base):
    before = len(list(Path("/proc/self/fd").iterdir()))
    with os.fdopen(open_inside(resolve_local("shoes/a.jpg", base), base), "rb") as file:
        assert file.read() == b"inside"
    with pytest.raises(MediaError):
        open_inside(base / "shoes" / "none.jpg", base)
    with pytest.raises(MediaError):
        open_inside(base / "shoes", base)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
