import json

import pytest

from packshot.collect.places import Place, allowed_prefixes, names_object, parse_object
from packshot.collect.uris import UriKeys, source_id_of
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

BELOW = Place("s3://shop/feeds/")


def test_names_below_the_prefix():
    ways = ["a.jpg", "./a.jpg", "s3://shop/feeds/a.jpg", "S3://shop/feeds/a.jpg", "file:a.jpg"]
    assert {str(BELOW.objects(way)[0]) for way in ways} == {"s3://shop/feeds/a.jpg"}
    assert [found.key for found in BELOW.objects("mugs\\a b.jpg")] == ["feeds/mugs\\a b.jpg", "feeds/mugs/a b.jpg"]
    assert BELOW.objects("a%20b?c#d.jpg")[0].key == "feeds/a%20b?c#d.jpg", "keys are literal"
    assert BELOW.objects("file:a%20b%3F.jpg")[0].key == "feeds/a b?.jpg"


@pytest.mark.parametrize(
    "uri",
    [
        *("../a.jpg", "a/../../b.jpg", "a/./b.jpg", "..\\a.jpg", "/a.jpg", "", "mugs/", "a\0.jpg", "C:\\a.jpg"),
        *("s3://other/feeds/a.jpg", "s3://shop/feeds2/a.jpg", "s3://shop/feeds", "s3://shop/feeds/", "s3:///a.jpg"),
        *("s3://shop/feeds/../b.jpg", "s3://key:secret@shop/feeds/a.jpg", "gs://shop/feeds/a.jpg", "s3:a.jpg"),
        *("file:///etc/passwd", "file:/a.jpg", "file:%2e%2e/a.jpg", "file:%2Fa.jpg", "//host/a.jpg", "data:,a"),
        *("http://h/a.jpg", "HTTPS:/h/a.jpg", "github://o:r@m/a", "ssh://h/a.jpg", "zip::s3://shop/feeds/a.zip"),
        *("file:bad%FF.jpg", "x" * 1100),
    ],
)
def test_everything_else_is_refused(uri):
    with pytest.raises(MediaError) as caught:
        BELOW.objects(uri)
    assert caught.value.kind is TroubleKind.REFUSED
    assert "secret" not in str(caught.value)


def test_a_folder_on_disk_allows_objects_only_by_prefix():
    folder = Place("/feeds", allowed_prefixes(["s3://shop/pictures", "gs://more"]))
    assert folder.allowed == ("s3://shop/pictures/", "gs://more/")
    assert folder.objects("a.jpg") == folder.objects("file:///etc/passwd") == (), "for the rules of the disk"
    assert str(folder.objects("s3://shop/pictures/a.jpg")[0]) == "s3://shop/pictures/a.jpg"
    assert str(folder.objects("gs://more/a.jpg")[0]) == "gs://more/a.jpg"
    for uri in ("s3://shop/pictures2/a.jpg", "s3://more/a.jpg"):
        with pytest.raises(MediaError, match="allow-prefix"):
            folder.objects(uri)
    for text in ("https://h/", "/feeds", "file:///feeds", "s3://"):
        with pytest.raises(MediaError):
            allowed_prefixes([text])


def test_json_gives_the_same_place():
    place = Place("s3://shop/feeds/", ("s3://shop/pictures/",))
    assert Place.from_json(json.loads(json.dumps(place.as_json()))) == place


def test_one_key_for_one_object():
    keys = UriKeys("s3://shop/feeds/")
    same = ["a b.jpg", "./a b.jpg", "s3://shop/feeds/a b.jpg", "S3://shop/feeds/a b.jpg", "s3://k:s@shop/feeds/a b.jpg"]
    assert len({keys.key(uri) for uri in same}) == 1
    others = [
        "a b.jpg",
        "a%20b.jpg",
        "A b.jpg",
        "x/../a b.jpg",
        "s3://shop/a b.jpg",
        "file:a%FF.jpg",
        "a//b.jpg",
        "a/b.jpg",
    ]
    assert len({keys.key(uri) for uri in others}) == len(others)
    assert UriKeys("s3://shop/").key("feeds/a.jpg") == keys.key("a.jpg")
    assert source_id_of("s3://shop/feeds") != source_id_of("s3://shop/feeds2")


def test_what_is_written_as_an_object():
    assert all(names_object(uri) for uri in ("s3://a/b", "GS://a", "az://a/b", "memory://a"))
    assert not any(names_object(uri) for uri in ("a.jpg", "/s3://a", "s3:a", "http://s3://a", "x s3://a", "s3fs://a"))
    assert parse_object("s3://shop").as_prefix.key == ""


WEB = Place.beside("https://me:hush@H.example:443/feeds/shop.csv?token=hush")


@pytest.mark.parametrize(
    ("uri", "url"),
    [
        ("a.jpg", "https://h.example/feeds/a.jpg"),
        ("../a b.jpg?x=1", "https://h.example/a b.jpg?x=1"),
        ("/a.jpg", "https://h.example/a.jpg"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("HTTP://o.example/a.jpg", "HTTP://o.example/a.jpg"),
    ],
)
def test_a_feed_on_the_web_names_places_relative_to_itself(uri, url):
    assert WEB.root == "https://h.example/feeds/", "without secrets"
    assert WEB.web_url(uri) == url
    assert WEB.is_away(uri)
    keys = UriKeys(WEB.root)
    assert keys.key(uri) == keys.key(url)


@pytest.mark.parametrize(
    "uri", ["file:///etc/passwd", "file:a.jpg", "ftp://h/a.jpg", "data:x", "c:\\a.jpg", "//[x", "a\0"]
)
def test_a_feed_on_the_web_names_nothing_of_this_machine(uri):
    with pytest.raises(MediaError) as caught:
        WEB.web_url(uri)
    assert caught.value.kind is TroubleKind.REFUSED
    assert len(UriKeys(WEB.root).key(uri)) == 64, "it has a key all the same"


def test_every_source_may_name_the_web_and_only_that():
    for place in (Place("/feeds"), BELOW, Place("/feeds/shop.zip/", archive="/feeds/shop.zip")):
        assert place.web_url("https://h.example/a.jpg") == "https://h.example/a.jpg"
        assert place.web_url("a.jpg") is None
        assert place.is_away("https://h.example/a.jpg")
    assert WEB.web_url("s3://shop/a.jpg") is None
    with pytest.raises(MediaError):
        WEB.objects("s3://shop/a.jpg")
    assert Place.beside("https://h.example/f.csv", ("s3://shop/",)).objects("s3://shop/a.jpg")


def test_an_archive_holds_what_is_named_relative_to_its_feed():
    place = Place("https://h.example/shop.zip/in/", archive="/tmp/shop.zip", inside="in/")  # noqa: S108 - never opened
    assert place.member("./a/b.jpg") == "in/a/b.jpg"
    assert (place.is_web, place.is_remote, place.is_away("a.jpg"), place.objects("a.jpg")) == (False, False, False, ())
    for uri in ("../a.jpg", "/a.jpg", "a//b.jpg", "file:///a.jpg", "..\\a.jpg", "a/", "ftp://h/a.jpg"):
        with pytest.raises(MediaError) as caught:
            place.member(uri)
        assert caught.value.kind is TroubleKind.REFUSED
    assert Place.from_json(json.loads(json.dumps(place.as_json()))) == place
