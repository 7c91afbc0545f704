import threading
import time

import pytest

memory = pytest.importorskip("fsspec.implementations.memory", reason="fsspec is not installed")

from packshot.collect import known_stamps, patience  # noqa: E402 - after the skip
from packshot.collect.ahead import THREADS, Ahead, Want  # noqa: E402
from packshot.collect.ingest import fetch_one, read_located, stamp_of  # noqa: E402
from packshot.collect.known_stamps import KnownStamps  # noqa: E402
from packshot.collect.objects import store_of  # noqa: E402
from packshot.collect.opening import open_source  # noqa: E402
from packshot.collect.places import Place  # noqa: E402
from packshot.core.errors import MediaError, SourceError  # noqa: E402
from packshot.core.listing import Placement  # noqa: E402
from packshot.core.trouble import Trouble, TroubleKind  # noqa: E402
from packshot.media.limits import DEFAULT_LIMITS  # noqa: E402

SHOP = Place("memory://shop/")


@pytest.fixture(autouse=True)
def put(monkeypatch):
    """Puts an object into the bucket `shop`; nobody waits."""
    monkeypatch.setattr(patience.time, "sleep", lambda _: None)
    memory.MemoryFileSystem.store.clear()
    yield lambda key, data=b"x": store_of("memory").fs.pipe_file(f"shop/{key}", data)
    memory.MemoryFileSystem.store.clear()
    memory.MemoryFileSystem.pseudo_dirs[:] = [""]


def test_bytes_and_stamp(put):
    put("a.jpg", b"picture")
    fetched = fetch_one("a.jpg", SHOP, blob="referenced")
    assert (fetched.data, fetched.asset.ref_uri) == (b"picture", "memory://shop/a.jpg")
    assert read_located(fetched.asset.ref_uri) == b"picture"
    assert fetched.stamp.is_that_of(stamp_of("a.jpg", SHOP))
    put("a.jpg", b"another")
    assert not fetched.stamp.is_that_of(stamp_of("a.jpg", SHOP)), "the time tells where there is no etag"


def test_an_object_that_changes_while_it_is_read_is_read_once_more(put, monkeypatch):
    put("a.jpg", b"first")
    fs, left = store_of("memory").fs, [1]
    cat = fs.cat_file

    def late(*arguments, **more):
        found = cat(*arguments, **more)
        if left[0]:
            left[0] -= 1
            put("a.jpg", b"later")
        return found

    monkeypatch.setattr(fs, "cat_file", late)
    assert fetch_one("a.jpg", SHOP).data == b"later"
    left[0] = 9
    trouble = fetch_one("a.jpg", SHOP)
    assert (trouble.kind, trouble.retryable) == (TroubleKind.CHANGED, True)


def test_other_spellings_are_tried_where_a_name_is_not_there(put):
    put("mugs/a.jpg")
    assert fetch_one("mugs\\a.jpg", SHOP, blob="referenced").asset.ref_uri == "memory://shop/mugs/a.jpg"
    assert fetch_one("mugs\\b.jpg", SHOP).kind is TroubleKind.NOT_FOUND


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError("token=secret"), "denies access"),
        (TimeoutError("token=secret"), "in time"),
        (ConnectionResetError("token=secret"), "ConnectionResetError"),
        (OSError(22, "token=secret"), "refuses"),
        (ValueError("token=secret"), "makes no sense"),
    ],
)
def test_what_a_store_fails_with_is_a_trouble_without_its_words(put, monkeypatch, error, said):
    put("a.jpg")

    def failing(*_, **__):
        raise error

    monkeypatch.setattr(store_of("memory").fs, "info", failing)
    trouble = fetch_one("a.jpg", SHOP)
    assert trouble.kind is TroubleKind.UNREACHABLE
    assert said in trouble.detail
    assert "secret" not in trouble.detail


def test_objects_are_read_ahead_and_given_in_order(put, monkeypatch):
    names = [f"{number}.jpg" for number in range(20)]
    for name in names:
        put(name, name.encode())
    store = store_of("memory")
    get, lock, now, most = store.get, threading.Lock(), [0], [0]

    def slow(*arguments, **more):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        threading.Event().wait(0.01)
        try:
            return get(*arguments, **more)
        finally:
            with lock:
                now[0] -= 1

    monkeypatch.setattr(store, "get", slow)
    names[3] = "../hostile.jpg"
    names[5] = "gone.jpg"
    with Ahead([Want(name) for name in names], SHOP, DEFAULT_LIMITS, blob="stored") as ahead:
        found = [ahead.take(Want(name)) for name in names]
    kinds = {number: one.kind for number, one in enumerate(found) if isinstance(one, Trouble)}
    assert kinds == {3: TroubleKind.REFUSED, 5: TroubleKind.NOT_FOUND}
    assert all(
        one.data == name.encode() for name, one in zip(names, found, strict=True) if not isinstance(one, Trouble)
    )
    assert 1 < most[0] <= THREADS


def test_a_picture_that_waits_for_its_turn_on_the_web_gives_signs_of_life(monkeypatch):
    from packshot.collect import ahead as module

    monkeypatch.setattr(module, "ALIVE_SECONDS", 0.01)
    heard = threading.Event()

    def slow(*_, sign, **__):
        sign.up = True
        assert heard.wait(10)
        sign.up = False
        raise MediaError(TroubleKind.EMPTY, "nothing")

    monkeypatch.setattr(module, "fetch_web", slow)
    want = Want("https://127.0.0.1/a.jpg")
    with Ahead([want], SHOP, DEFAULT_LIMITS, blob="stored") as ahead:
        assert ahead.take(want, heard.set).kind is TroubleKind.EMPTY


def test_large_objects_are_read_in_their_turn(put, monkeypatch):
    from packshot.collect import ahead as module

    monkeypatch.setattr(module, "AHEAD_BYTES", 4)
    put("large.jpg", b"large!")
    put("small.jpg", b"tiny")
    with Ahead([Want("large.jpg"), Want("small.jpg")], SHOP, DEFAULT_LIMITS, blob="stored") as ahead:
        assert [ahead.take(Want(name)).data for name in ("large.jpg", "small.jpg")] == [b"large!", b"tiny"]


def test_stamps_from_a_listing_and_one_by_one_are_the_same(put, monkeypatch):
    names = [f"p/{number}.jpg" for number in range(20)]
    for name in names:
        put(name, name.encode())
    names += ["p/gone.jpg", "../out.jpg"]
    stamped = store_of("memory").stamp
    monkeypatch.setattr(store_of("memory"), "stamp", lambda _: pytest.fail("a listing has it"))
    listed = KnownStamps(names, SHOP)
    monkeypatch.setattr(store_of("memory"), "stamp", stamped)
    monkeypatch.setattr(known_stamps, "MOST_PER_PICTURE", 0)
    asked = KnownStamps(names, SHOP)
    for name in names[:20]:
        assert listed.of(name) == asked.of(name) == stamp_of(name, SHOP)
    for stamps in (listed, asked):
        for name, kind in (("p/gone.jpg", TroubleKind.NOT_FOUND), ("../out.jpg", TroubleKind.REFUSED)):
            with pytest.raises(MediaError) as caught:
                stamps.of(name)
            assert caught.value.kind is kind


def test_a_folder_leaves_out_what_is_hidden_the_workspace_and_keys_that_are_no_paths(put):
    for key in ("b/2.jpg", "b/10.jpg", "a.jpg", ".hidden/x.jpg", "b/.x.jpg", "ws/blobs/1.jpg", "b//3.jpg"):
        put(key)
    opened = open_source("memory://shop", group_by="folder", skip=("memory://shop/ws",))
    records = list(opened.records())
    assert [record.source_uri for record in records if isinstance(record, Placement)] == [
        "a.jpg",
        "b/2.jpg",
        "b/10.jpg",
    ]
    assert [(one.kind, one.source_uri) for one in records if isinstance(one, Trouble)] == [
        (TroubleKind.REFUSED, "b//3.jpg")
    ]
    assert sum(opened.notes.counts().values()) == 3


def test_a_listing_that_breaks_off_refuses_the_whole(put, monkeypatch):
    put("a.jpg")
    opened = open_source("memory://shop/", kind="folder")

    def breaking(*_, **__):
        raise TimeoutError

    monkeypatch.setattr(store_of("memory").fs, "find", breaking)
    with pytest.raises(SourceError, match="in time"):
        list(opened.records())


def test_the_copy_of_a_feed_goes_with_its_source(put):
    put("feed.csv", b"id,image\n1,a.jpg\n")
    opened = open_source("memory://shop/feed.csv")
    folder = opened.path.parent
    assert opened.path.is_file()
    assert len(list(opened.records())) == len(list(opened.records())) == 2
    del opened
    deadline = time.monotonic() + 5
    while folder.exists() and time.monotonic() < deadline:
        pass
    assert not folder.exists()
