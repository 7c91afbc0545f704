import sys

import pytest

import packshot
from packshot.collect import objects
from packshot.collect.ingest import fetch_one
from packshot.collect.known_stamps import KnownStamps
from packshot.collect.opening import open_source
from packshot.collect.patience import TRIES
from packshot.collect.places import Place
from packshot.core.errors import SourceError
from packshot.core.trouble import TroubleKind
from packshot.media.limits import Limits


@pytest.fixture
def two(bucket, plain_pictures):
    """The address of a feed of two pictures."""
    for name in ("a", "b"):
        bucket.put(f"feeds/{name}.jpg", plain_pictures(ord(name)))
    address = bucket.feed(("A", "a.jpg"), ("B", "b.jpg"))
    bucket.server.forget()
    return address


def failing(path, status, code, times=1000):
    left = [times]

    def fault(_, asked):
        if asked.endswith(path) and left[0] > 0:
            left[0] -= 1
            return status, code
        return None

    return fault


@pytest.mark.parametrize(
    ("status", "code"), [(503, "SlowDown"), (500, "InternalError"), (429, "Throttling"), (502, "")]
)
@pytest.mark.usefixtures("two")
def test_what_passes_is_waited_for(bucket, status, code):
    bucket.server.fault = failing("/a.jpg", status, code, times=3)
    assert fetch_one("a.jpg", Place("s3://shop/feeds/")).asset.format == "jpeg"
    assert sum(path.endswith("/a.jpg") for _, path in bucket.server.asked) == 4


@pytest.mark.parametrize(("status", "code"), [(503, "SlowDown"), (403, "AccessDenied")])
def test_what_does_not_is_one_trouble_and_tried_again_by_the_next_run(shop, bucket, two, status, code):
    asked = TRIES if code == "SlowDown" else 1
    bucket.server.fault = failing("/a.jpg", status, code)
    summary = shop.run(two)
    assert (summary.decoded, summary.troubles) == (1, 1)
    trouble = shop.one("troubles")
    assert (trouble["kind"], trouble["retryable"], trouble["source_uri"]) == ("unreachable", True, "a.jpg")
    assert code in trouble["detail"]
    assert sum(path.endswith("/a.jpg") for _, path in bucket.server.asked) == asked
    bucket.server.fault = None
    assert shop.run(two).troubles == 0


def test_stamps_without_the_right_to_list(bucket):
    names = [f"{number}.jpg" for number in range(15)]
    for name in names:
        bucket.put(f"feeds/{name}", name.encode())
    bucket.server.forget()
    bucket.server.fault = lambda word, _: (403, "AccessDenied") if word == "LIST" else None
    stamps = KnownStamps(names, Place("s3://shop/feeds/"))
    assert {stamps.of(name).size_bytes for name in names} == {5, 6}
    assert bucket.server.requests == {"LIST": 1, "HEAD": 15}


def test_stamps_of_a_few_pictures_are_asked_for_one_by_one(bucket):
    bucket.put("feeds/a.jpg", b"picture")
    bucket.server.forget()
    few = KnownStamps(["a.jpg", "gone.jpg"], Place("s3://shop/feeds/"))
    assert few.of("a.jpg").size_bytes == 7
    with pytest.raises(packshot.PackshotError):
        few.of("gone.jpg")
    assert bucket.server.requests == {"HEAD": 3}, "what is not there is asked for twice"


def test_an_object_larger_than_the_limit_is_not_loaded(bucket):
    bucket.put("feeds/large.jpg", bytes(5000))
    trouble = fetch_one("large.jpg", Place("s3://shop/feeds/"), Limits(max_bytes=4999))
    assert trouble.kind is TroubleKind.TOO_LARGE
    assert fetch_one("large.jpg", Place("s3://shop/feeds/"), at_most=4999) is None


def refusal(*arguments, **more):
    with pytest.raises(SourceError) as caught:
        open_source(*arguments, **more)
    assert caught.value.hint
    return str(caught.value)


def test_sources_that_cannot_be_read_say_why(bucket, monkeypatch, two):
    assert "nothing at s3://shop/feeds/catalogue.csv" in refusal("s3://shop/feeds/catalogue.csv")
    assert "no such bucket" in refusal("s3://shopp/feeds/catalog.csv")
    assert "nothing at s3://shop/none/" in refusal("s3://shop/none/")
    bucket.server.fault = lambda *_: (403, "AccessDenied")
    assert "permissions" in refusal(two)
    bucket.server.fault = lambda *_: (503, "SlowDown")
    assert "cannot be read" in refusal(two)
    bucket.server.fault = None
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    objects.store_of.cache_clear()
    assert "no credentials" in refusal(two)


def test_anonymous_reading_must_be_asked_for(bucket, monkeypatch, two):
    import fsspec.config

    bucket.publish("feeds/catalog.csv")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    objects.store_of.cache_clear()
    assert "no credentials" in refusal(two)
    found = {}
    fsspec.config.set_conf_env(found, {"FSSPEC_S3": '{"anon": true}'})
    monkeypatch.setitem(fsspec.config.conf, "s3", found["s3"])
    objects.store_of.cache_clear()
    assert open_source(two).kind == "delimited"


def test_a_wrong_endpoint(bucket, monkeypatch, two):  # noqa: ARG001 - the bucket sets the environment
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://user:token@127.0.0.1:9")
    objects.store_of.cache_clear()
    said = refusal(two)
    assert "AWS_ENDPOINT_URL" in said
    assert "token" not in said


@pytest.mark.parametrize(
    "address",
    [
        "s3://key:secret@shop/feeds/catalog.csv",
        "https://127.0.0.1/feed.csv?token=secret",
        "simplecache::s3://shop/feed.csv",
        "github://shop:secret@main/feed.csv",
        "ssh://127.0.0.1/feed.csv",
        "s3:shop/feed.csv",
        "s3://shop/a/../feed.csv",
    ],
)
def test_addresses_that_are_not_read(address):
    assert "secret" not in refusal(address)


def test_a_feed_that_changes_while_it_is_copied(bucket, two, monkeypatch):
    store = objects.store_of("s3")
    stamp = store.stamp
    changes = [2]

    def changing(uri):
        found = stamp(uri)
        if changes[0]:
            changes[0] -= 1
            bucket.feed(("A", f"{changes[0]}.jpg"))
        return found

    monkeypatch.setattr(store, "stamp", changing)
    changes[0] = 1
    rows = list(open_source(two).records())
    assert rows[1].source_uri == "0.jpg", "read again, whole, as it is now"
    changes[0] = 5
    assert "changed while it was being read" in refusal(two)


def test_credentials_reach_no_table_and_no_report(shop, two):
    shop.run(two, report=True)
    for path in shop.workspace.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"secret-of-a-test" not in data, path
            assert b"key-of-a-test" not in data, path


def test_without_the_package_the_pip_line_is_named(monkeypatch):
    registry = pytest.importorskip("fsspec.registry")
    monkeypatch.delitem(registry._registry, "s3", raising=False)
    for name in ("s3fs", "gcsfs"):
        monkeypatch.setitem(sys.modules, name, None)
    objects.store_of.cache_clear()
    with pytest.raises(packshot.MissingExtra) as caught:
        open_source("s3://shop/feed.csv")
    assert caught.value.hint == 'pip install "packshot[s3]"'
    with pytest.raises(packshot.MissingExtra) as caught:
        open_source("gs://shop/feed.csv")
    assert caught.value.hint == "pip install gcsfs"
