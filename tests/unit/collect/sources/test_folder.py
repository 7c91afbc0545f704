import os

import pytest

from packshot.collect.opening import open_source
from packshot.collect.paths import resolve_local
from packshot.collect.sources.folder import natural
from packshot.core.errors import SourceError
from packshot.core.listing import Listing, Placement, Role
from packshot.core.trouble import Trouble, TroubleKind


def read(folder, group_by="file", skip=()):
    opened = open_source(folder, group_by=group_by, skip=skip)
    records = list(opened.records())
    placements = [record for record in records if isinstance(record, Placement)]
    return placements, [record for record in records if isinstance(record, Trouble)], opened


def fill(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_natural_order():
    names = ["img10", "img2", "Img1", "img2b", "b", "9" * 250, "10", "9"]
    assert sorted(names, key=natural) == ["9", "10", "9" * 250, "b", "Img1", "img2", "img2b", "img10"]


def test_any_name_is_read_and_found_again(tmp_path):
    names = [
        b"bad\xff.jpg",
        b"new\nline.jpg",
        b" outer .jpg",
        b"file:a.jpg",
        b"C:\\x.jpg",
        b"data:x.jpg",
        "é.jpg".encode(),
    ]
    names += [b"a%20b.jpg", b"q?x#y.jpg", b"\x1b[31m.jpg", b"-rf.jpg", b"s3:x.jpg"]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(name)
    placements, troubles, opened = read(tmp_path)
    assert troubles == []
    assert len({placement.listing_id for placement in placements}) == len(names)
    found = {resolve_local(placement.source_uri, opened.base.folder).read_bytes() for placement in placements}
    assert found == set(names)
    assert len({placement.uri_key for placement in placements}) == len(names)


def test_names_that_differ_by_extension_alone(tmp_path):
    fill(tmp_path, "a.jpg", "a.png", "a.jpg.png", "b.jpg", "b")
    placements, _, _ = read(tmp_path)
    ids = {placement.source_uri: placement.listing_id for placement in placements}
    assert ids == {"a.jpg": "a.jpg", "a.png": "a.png", "a.jpg.png": "a.jpg.png", "b.jpg": "b"}


def test_grouped_by_folder(tmp_path):
    fill(tmp_path, "mug.jpg", "mug/2.jpg", "mug/10.jpg", "mug/1.jpg", "sets/tea/a.jpg")
    placements, _, _ = read(tmp_path, "folder")
    found = [(p.listing_id, p.source_uri, p.role, p.position) for p in placements]
    assert found == [
        ("mug.jpg", "mug.jpg", Role.MAIN, 0),
        ("mug", "mug/1.jpg", Role.MAIN, 0),
        ("mug", "mug/2.jpg", Role.SECONDARY, 1),
        ("mug", "mug/10.jpg", Role.SECONDARY, 2),
        ("sets/tea", "sets/tea/a.jpg", Role.MAIN, 0),
    ]


def test_links(tmp_path):
    base = tmp_path / "base"
    fill(base, "in/a.jpg")
    fill(tmp_path, "out/b.jpg")
    (base / "link.jpg").symlink_to("in/a.jpg")
    (base / "out.jpg").symlink_to(tmp_path / "out" / "b.jpg")
    (base / "out").symlink_to(tmp_path / "out")
    (base / "in" / "round").symlink_to("..")
    (base / "gone.jpg").symlink_to("nothing.jpg")
    placements, troubles, opened = read(base)
    assert [placement.source_uri for placement in placements] == ["gone.jpg", "link.jpg", "in/a.jpg"]
    assert {(trouble.source_uri, trouble.kind) for trouble in troubles} == {
        ("out.jpg", TroubleKind.REFUSED),
        ("out", TroubleKind.REFUSED),
    }
    assert any("links to folders" in note for note in opened.notes.lines())


def test_what_is_left_out_is_counted(tmp_path):
    fill(tmp_path, ".hidden.jpg", ".git/a.jpg", "__MACOSX/a.jpg", "notes.txt", "a.jpg")
    (tmp_path / "README").write_text("text")
    os.mkfifo(tmp_path / "pipe")
    placements, troubles, opened = read(tmp_path)
    assert [placement.source_uri for placement in placements] == ["a.jpg"]
    assert [(trouble.source_uri, trouble.kind) for trouble in troubles] == [("pipe", TroubleKind.REFUSED)]
    assert opened.notes.counts() == {
        "hidden files and folders were left out": 3,
        "files that are no pictures were left out": 2,
    }


def test_content_counts_where_the_name_says_nothing(tmp_path):
    (tmp_path / "photo.dat").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "photo").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "page.jpg").write_bytes(b"<html>")
    (tmp_path / "blob").write_bytes(b"\x00\x01\x02")
    (tmp_path / "nothing").write_bytes(b"")
    (tmp_path / "shop").write_bytes(b"8BPS\x00\x01")
    placements, troubles, _ = read(tmp_path)
    assert [placement.source_uri for placement in placements] == ["page.jpg", "photo", "photo.dat", "shop"]
    expected = {"blob": TroubleKind.NOT_AN_IMAGE, "nothing": TroubleKind.EMPTY}
    assert {trouble.source_uri: trouble.kind for trouble in troubles} == expected


def test_the_workspace_inside_is_not_read(tmp_path):
    fill(tmp_path, "a.jpg", "work/blobs/b.jpg")
    placements, _, opened = read(tmp_path, skip=[tmp_path / "work"])
    assert [placement.source_uri for placement in placements] == ["a.jpg"]
    assert any("workspace" in note for note in opened.notes.lines())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_folders_that_may_not_be_read(tmp_path):
    fill(tmp_path, "a.jpg", "closed/b.jpg")
    (tmp_path / "closed").chmod(0)
    try:
        placements, troubles, _ = read(tmp_path)
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert [placement.source_uri for placement in placements] == ["a.jpg"]
    assert [(trouble.source_uri, trouble.kind) for trouble in troubles] == [("closed", TroubleKind.UNREACHABLE)]


def test_a_folder_that_goes_away(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    opened = open_source(folder)
    folder.rmdir()
    with pytest.raises(SourceError):
        list(opened.records())


def test_ids_stay_when_others_come(tmp_path):
    fill(tmp_path, "b.jpg")
    before, _, _ = read(tmp_path)
    fill(tmp_path, "a.jpg", "c/d.jpg")
    after, _, _ = read(tmp_path)
    assert before[0] in after
    assert sum(isinstance(record, Listing) for record in open_source(tmp_path).records()) == 3
