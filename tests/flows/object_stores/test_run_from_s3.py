import pytest

import packshot
from packshot.collect.objects import store_of
from packshot.collect.opening import open_source
from packshot.core.listing import Placement


@pytest.fixture
def s3_shop(shop, bucket, plain_pictures):
    """A feed and fourteen pictures below `feeds/`; `shop.feed` is the feed's address."""
    shop.feed = bucket.feed(*((f"L{n // 2}", f"pictures/{n:02}.jpg") for n in range(14)))
    for number in range(14):
        bucket.put(f"feeds/pictures/{number:02}.jpg", plain_pictures(number, 120))
    bucket.server.forget()
    return shop


def pictures_asked(bucket, method="GET"):
    return sorted(path.rpartition("/")[2] for word, path in bucket.server.asked if word == method and ".jpg" in path)


def test_one_request_for_each_picture_then_none_then_what_changed(s3_shop, bucket, plain_pictures):
    first = s3_shop.run()
    assert (first.decoded, first.troubles, first.listings) == (14, 0, 7)
    assert pictures_asked(bucket) == [f"{number:02}.jpg" for number in range(14)]
    assert pictures_asked(bucket, "HEAD") == []
    bucket.server.forget()
    again = s3_shop.run()
    assert (again.decoded, again.reused, again.troubles) == (0, 14, 0)
    assert pictures_asked(bucket) == pictures_asked(bucket, "HEAD") == []
    assert bucket.server.requests == {"LIST": 1, "HEAD": 3, "GET": 1}, "three and one for the feed"
    before = s3_shop.one("placements", source_uri="pictures/03.jpg")
    bucket.put("feeds/pictures/03.jpg", plain_pictures(99, 120))
    bucket.delete("feeds/pictures/04.jpg")
    bucket.server.forget()
    changed = s3_shop.run()
    assert (changed.decoded, changed.assets, changed.troubles) == (1, 14, 1)
    assert pictures_asked(bucket) == ["03.jpg", "04.jpg", "04.jpg"], "what is not there is asked for twice"
    after = s3_shop.one("placements", source_uri="pictures/03.jpg")
    assert (after["placement_id"], after["asset_id"] == before["asset_id"]) == (before["placement_id"], False)
    assert s3_shop.one("troubles")["kind"] == "not_found"
    assert s3_shop.one("verdicts", source_uri="pictures/04.jpg")["verdict"] == "review"
    bucket.server.forget()
    assert s3_shop.run().troubles == 1
    assert pictures_asked(bucket) == [], "the listing says that it is still not there"


def test_hostile_names_are_refused_and_nothing_else_is_asked_for(shop, bucket, plain_pictures):
    bucket.put("secret.jpg", plain_pictures(1, 120))
    bucket.put("feeds2/neighbour.jpg", plain_pictures(1, 120))
    bucket.put("feeds/in.jpg", plain_pictures(2, 120))
    names = [
        "../secret.jpg",
        "a/../../secret.jpg",
        "..\\secret.jpg",
        "/secret.jpg",
        "s3://shop/secret.jpg",
        "s3://shop/feeds/../secret.jpg",
        "s3://shop/feeds2/neighbour.jpg",
        "s3://other/feeds/in.jpg",
        "gs://shop/feeds/in.jpg",
        "file:///etc/hostname",
        "file:%2E%2E/secret.jpg",
        "http://127.0.0.1/in.jpg",
        "ssh://127.0.0.1/in.jpg",
        "simplecache::s3://shop/secret.jpg",
        "S3://shop/secret.jpg",
    ]
    feed = bucket.feed(
        ("ok", "in.jpg"), ("ok", "s3://shop/feeds/in.jpg"), *((f"L{n}", uri) for n, uri in enumerate(names))
    )
    bucket.server.forget()
    summary = shop.run(feed)
    assert (summary.decoded, summary.troubles) == (1, len(names))
    assert set(shop.table("troubles")["kind"]) == {"refused"}
    assert {path for word, path in bucket.server.asked} == {"/shop/feeds/catalog.csv", "/shop/feeds/in.jpg"}


def test_a_folder_of_pictures_read_in_pages(shop, bucket, plain_pictures):
    for number in range(5):
        bucket.put(f"pictures/mug {number % 2}/{number}.jpg", plain_pictures(number, 120))
    bucket.put("pictures/mug 0/notes.txt", b"text")
    bucket.put("pictures/.hidden/1.jpg", b"")
    bucket.put("pictures/mug 0/", b"")
    bucket.put("pictures2/9.jpg", plain_pictures(9))
    asked = store_of("s3").fs.call_s3
    store_of("s3").fs.call_s3 = lambda name, **more: asked(
        name, **more, **({"MaxKeys": 2} if name == "list_objects_v2" else {})
    )
    summary = shop.run(f"{bucket.url}/pictures", group_by="folder")
    assert (summary.listings, summary.placements, summary.decoded, summary.troubles) == (2, 5, 5, 0)
    assert set(shop.table("placements")["source_uri"]) == {f"mug {n % 2}/{n}.jpg" for n in range(5)}
    assert shop.run(f"{bucket.url}/pictures/", group_by="folder").decoded == 0
    assert len(shop.table("placements")) == 5, "with and without the slash it is one source"


def test_a_folder_with_one_feed_is_read_by_it(bucket):
    bucket.feed(("A", "pictures/a.jpg"))
    bucket.put("feeds/pictures/other.csv", b"id,image\n")
    bucket.put("feeds/notes.txt", b"no feed")
    opened = open_source("s3://shop/feeds/")
    assert [record.source_uri for record in opened.records() if isinstance(record, Placement)] == ["pictures/a.jpg"]
    assert (opened.uri, opened.source_id) == (
        "s3://shop/feeds/catalog.csv",
        open_source("s3://shop/feeds/catalog.csv").source_id,
    )
    bucket.feed(("B", "b.jpg"), key="feeds/more.csv")
    with pytest.raises(packshot.SourceError, match=r"catalog\.csv, more\.csv"):
        open_source("s3://shop/feeds")


def test_without_copies_originals_are_read_where_they_lie(shop, bucket, monkeypatch, plain_pictures):
    from packshot.evaluate.measures.noise import Noise

    feed = bucket.feed(("A", "a.jpg"), ("B", "b.jpg"))
    bucket.put("feeds/a.jpg", plain_pictures(1, 120))
    bucket.put("feeds/b.jpg", plain_pictures(2, 120))
    shop.run(feed, copy=False)
    assert set(shop.table("assets")["ref_uri"]) == {"s3://shop/feeds/a.jpg", "s3://shop/feeds/b.jpg"}
    assert not [path for path in (shop.workspace / "blobs").rglob("*") if path.is_file()]
    bucket.put("feeds/b.jpg", plain_pictures(3, 120))
    monkeypatch.setattr(Noise, "version", Noise.version + 1)
    assert shop.run(feed, copy=False).decoded == 2, "one for the new version, one because it is new"
    assert shop.run(feed).troubles == 0
    assert set(shop.table("assets")["blob"]) == {"stored"}


def test_a_feed_on_disk_may_name_pictures_of_prefixes_that_the_user_allows(shop, bucket, plain_pictures):
    bucket.put("pictures/a.jpg", plain_pictures(1, 120))
    bucket.put("private/a.jpg", plain_pictures(2, 120))
    shop.put("here.jpg", plain_pictures(3, 120))
    shop.list(("A", "s3://shop/pictures/a.jpg"), ("B", "s3://shop/private/a.jpg"), ("C", "here.jpg"))
    refused = shop.run()
    assert (refused.decoded, refused.troubles) == (1, 2)
    assert "--allow-prefix" in shop.table("troubles")["detail"][0]
    bucket.server.forget()
    allowed = shop.run(allow_prefixes=("s3://shop/pictures",))
    assert (allowed.decoded, allowed.troubles) == (1, 1)
    assert pictures_asked(bucket) == ["a.jpg"]
    with pytest.raises(packshot.UsageError, match="allow-prefix"):
        shop.run(allow_prefixes=("https://shop.example/",))
