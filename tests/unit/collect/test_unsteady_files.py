"""Files that vanish, change or fail while they are read: always a trouble, never an error."""

import errno
import os

import pytest

from packshot.collect import ingest
from packshot.collect.ingest import Fetched, fetch_one, read_located
from packshot.collect.opening import open_source
from packshot.collect.places import Place
from packshot.core.errors import MediaError, SourceError
from packshot.core.listing import Listing
from packshot.core.trouble import Trouble, TroubleKind
from packshot.media.limits import Limits


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x" * 5000)
    return path


def fetched(path, limits=Limits()):  # noqa: B008 - it is frozen
    return fetch_one(path.name, Place.of(path.parent), limits)


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EACCES, errno.ETIMEDOUT, errno.EMFILE])
@pytest.mark.parametrize("call", ["open", "stat", "fstat"])
def test_what_a_disk_or_a_network_share_fails_with(path, monkeypatch, number, call):
    def failing(*_, **__):
        raise OSError(number, os.strerror(number), "/secret/path")

    monkeypatch.setattr(ingest.os, call, failing)
    trouble = fetched(path)
    monkeypatch.undo()
    assert isinstance(trouble, Trouble)
    assert (trouble.kind, trouble.retryable) == (TroubleKind.UNREACHABLE, True)
    assert os.strerror(number) in trouble.detail
    assert "secret" not in trouble.detail
    assert isinstance(fetched(path), Fetched)


def test_a_read_that_fails_midway(path, monkeypatch):
    opened = os.fdopen

    class Failing:
        def __init__(self, *arguments, **more):
            self.file = opened(*arguments, **more)

        def __enter__(self):
            self.file.__enter__()
            return self

        def __exit__(self, *told):
            return self.file.__exit__(*told)

        def read(self, _):
            raise OSError(errno.EIO, "gone")

    monkeypatch.setattr(ingest.os, "fdopen", Failing)
    assert fetched(path).kind is TroubleKind.UNREACHABLE


def changing(monkeypatch, change, times=10):
    """`change` is called right after the file was looked at and before it is read."""
    stamp, left = ingest._stamp, [times]

    def looked(descriptor):
        found = stamp(descriptor)
        if left[0] > 0:
            left[0] -= 1
            change()
        return found

    monkeypatch.setattr(ingest, "_stamp", looked)


def test_a_file_that_is_cut_short_while_it_is_read(path, monkeypatch):
    changing(monkeypatch, lambda: os.truncate(path, 10), times=1)
    assert fetched(path).data == b"x" * 10, "it is read once more, as it is now"


def test_a_file_that_never_rests(path, monkeypatch):
    sizes = iter(range(100, 200))
    changing(monkeypatch, lambda: os.truncate(path, next(sizes)))
    trouble = fetched(path)
    assert (trouble.kind, trouble.retryable) == (TroubleKind.CHANGED, True)


def test_a_file_that_is_replaced_while_it_is_read_is_read_as_it_was(path, monkeypatch):
    def replace():
        other = path.with_suffix(".new")
        other.write_bytes(b"y" * 5000)
        other.rename(path)

    changing(monkeypatch, replace, times=1)
    assert set(fetched(path).data) == {ord("x")}, "all of one version, never a mix"
    assert set(fetched(path).data) == {ord("y")}


def test_a_file_that_goes_between_finding_and_opening(path, monkeypatch):
    inside = ingest.open_inside

    def late(found, folder):
        found.unlink()
        return inside(found, folder)

    monkeypatch.setattr(ingest, "open_inside", late)
    assert fetched(path).kind is TroubleKind.NOT_FOUND


def test_a_folder_exchanged_for_a_link_between_finding_and_opening(tmp_path, monkeypatch):
    shop, secret = tmp_path / "shop", tmp_path / "secret"
    for folder, content in ((shop / "in", b"inside"), (secret, b"outside")):
        folder.mkdir(parents=True)
        (folder / "a.jpg").write_bytes(content)
    inside = ingest.open_inside

    def late(found, folder):
        (shop / "in").rename(shop / "was")
        (shop / "in").symlink_to(secret)
        return inside(found, folder)

    monkeypatch.setattr(ingest, "open_inside", late)
    trouble = fetch_one("in/a.jpg", Place.of(shop))
    assert isinstance(trouble, Trouble)
    assert trouble.kind is TroubleKind.NOT_FOUND


def test_a_sparse_file_of_a_terabyte_takes_no_memory(path):
    os.truncate(path, 1 << 40)
    assert fetched(path).kind is TroubleKind.TOO_LARGE
    with pytest.raises(MediaError) as caught:
        read_located(path.as_uri())
    assert caught.value.kind is TroubleKind.TOO_LARGE


@pytest.fixture
def tree(tmp_path):
    for name in ("a/1.jpg", "b/2.jpg", "c/3.jpg"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def failing_folder(monkeypatch, name, number):
    scandir = os.scandir

    def scan(path):
        if str(path).endswith(name):
            raise OSError(number, os.strerror(number), path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scan)


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.EACCES, TroubleKind.UNREACHABLE), (errno.ENOENT, TroubleKind.NOT_FOUND)]
)
def test_a_folder_that_is_closed_or_gone_is_a_trouble(tree, monkeypatch, number, kind):
    failing_folder(monkeypatch, "/b", number)
    records = list(open_source(tree, group_by="folder").records())
    assert [record.listing_id for record in records if isinstance(record, Listing)] == ["a", "c"]
    assert [(found.source_uri, found.kind) for found in records if isinstance(found, Trouble)] == [("b", kind)]


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EMFILE])
def test_a_folder_that_a_disk_fails_to_give_refuses_the_whole(tree, monkeypatch, number):
    failing_folder(monkeypatch, "/b", number)
    with pytest.raises(SourceError, match="b cannot be read"):
        list(open_source(tree, group_by="folder").records())
