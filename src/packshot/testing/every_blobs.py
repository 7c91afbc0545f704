"""What every store of files must do: the conformance tests, for the built-in places and yours.

Each takes `opened`, a function that opens the same, at first empty, place anew each time it is called; `opened(".jpg")`
opens one for files made from assets.
"""

from __future__ import annotations

import pickle
import threading
from typing import TYPE_CHECKING

import pytest

from packshot.core.errors import WorkspaceError
from packshot.storage.blobs import BlobStore, blob_id

if TYPE_CHECKING:
    from collections.abc import Callable

    Opened = Callable[..., BlobStore]

_DATA = b"\xff\xd8 a picture \x00\n"


def bytes_come_back_by_their_hash(opened: Opened) -> None:
    """What was put is there, for this and every other instance; an empty file is a file."""
    id_ = blob_id(_DATA)
    assert not opened().exists(id_)
    assert opened().put(_DATA) == id_
    store = opened()
    assert store.exists(id_)
    assert (store.size(id_), store.read(id_, verify=True)) == (len(_DATA), _DATA)
    with store.open(id_) as file:
        assert file.read() == _DATA
    empty = store.put(b"")
    assert opened().read(empty, verify=True) == b""


def what_is_missing_is_said(opened: Opened) -> None:
    """A file that is not here raises WorkspaceError with a hint; what is no id is refused."""
    store, id_ = opened(), blob_id(_DATA)
    for ask in (store.read, store.size, store.open):
        with pytest.raises(WorkspaceError) as caught:
            ask(id_)
        assert caught.value.hint
    for bad in ("", "../../../etc/passwd", id_.upper(), id_ + "\n", "/" + id_[1:]):
        with pytest.raises(WorkspaceError):
            store.exists(bad)
        with pytest.raises(WorkspaceError):
            store.put_named(bad, b"")


def named_files_are_replaced(opened: Opened) -> None:
    """Files made from assets stand beside, under the id of the asset, and the last one counts."""
    id_ = opened().put(_DATA)
    thumbnails = opened(".jpg")
    assert not thumbnails.exists(id_)
    thumbnails.put_named(id_, b"first")
    thumbnails.put_named(id_, b"other")
    assert opened(".jpg").read(id_) == b"other"
    assert opened().read(id_) == _DATA


def all_files_are_listed_and_deleted(opened: Opened) -> None:
    """Every file is named once, with its size; deleted ones are gone, and deleting them again is nothing."""
    store = opened()
    sizes = {store.put(bytes([number]) * number): number for number in range(60)}
    assert {file.id: file.size for file in opened().files()} == sizes
    assert min(file.modified for file in opened().files()) > 0
    gone = sorted(sizes)[:20]
    assert store.present(sizes) == set(sizes)
    store.delete(gone)
    store.delete(gone)
    assert {file.id for file in opened().files()} == set(sizes) - set(gone)
    assert opened().present(sizes) == set(sizes) - set(gone)
    assert opened().present(gone[:3]) == set()


def others_open_it_by_its_location(opened: Opened) -> None:
    """The location is text without credentials; another process opens the store by it, or gets the store itself."""
    store = opened()
    id_ = store.put(_DATA, sync=False)
    store.sync()
    assert BlobStore.at(store.location).read(id_) == _DATA
    assert pickle.loads(pickle.dumps(store)).read(id_) == _DATA  # noqa: S301 - made in this line


def several_may_put_at_once(opened: Opened) -> None:
    """Threads that put the same files at once all succeed, and every file is whole."""
    wanted = [bytes([number]) * 20_000 for number in range(4)]
    failed: list[Exception] = []

    def put() -> None:
        store = opened()
        try:
            for data in wanted:
                store.put(data, sync=False)
        except WorkspaceError as error:
            failed.append(error)

    threads = [threading.Thread(target=put) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    store = opened()
    assert sorted(file.id for file in store.files()) == sorted(map(blob_id, wanted))
    for data in wanted:
        assert store.read(blob_id(data), verify=True) == data


EVERY = (
    bytes_come_back_by_their_hash,
    what_is_missing_is_said,
    named_files_are_replaced,
    all_files_are_listed_and_deleted,
    others_open_it_by_its_location,
    several_may_put_at_once,
)
"""All of them: `@pytest.mark.parametrize("holds", every_blobs.EVERY)`, then `holds(opened)`."""
