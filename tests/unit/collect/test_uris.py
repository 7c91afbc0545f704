import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.collect.uris import UriKeys, file_uri, local_name, normalise, placement_id, redact, uri_of_name
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("https://anna:secret@shop.example/a.jpg", "https://shop.example/a.jpg"),
        ("https:/anna:secret@shop.example/a.jpg", "https:/shop.example/a.jpg"),
        ("https:anna:secret@shop.example/a.jpg", "https:shop.example/a.jpg"),
        ("//anna:secret@shop.example/a.jpg", "//shop.example/a.jpg"),
        ("https://cdn.example/fetch/https://anna:secret@shop.example/a.jpg", None),
        ("https://s3.example/a.jpg?X-Amz-Signature=secret&x-amz-credential=secret&w=9", "https://s3.example/a.jpg?w=9"),
        ("https://b.example/a.jpg?sv=2024&se=2030&sp=r&sig=secret&w=9", "https://b.example/a.jpg?w=9"),
        ("https://b.example/a.jpg?%73ig=secret", "https://b.example/a.jpg"),
        ("https://b.example/a.jpg?Expires=1&hash=secret", "https://b.example/a.jpg"),
        ("https://b.example/a.jpg?access_token=secret#token=secret", "https://b.example/a.jpg"),
        ("https://b.example/get?key=secret&w=9", "https://b.example/get?key=***&w=9"),
        ("https://b.example/a;jsessionid=secret?w=9", "https://b.example/a?w=9"),
        ("https://p.example/i?src=https%3A%2F%2Fa%3Asecret%40h%2Fx.jpg%3Ftoken%3Dsecret", None),
        ("http://[::1/a.jpg?token=secret", "http://[::1/a.jpg"),
        ("file://anna:secret@host/a.jpg", "file://host/a.jpg"),
    ],
)
def test_credentials_are_never_shown(uri, shown):
    assert "secret" not in redact(uri)
    assert shown is None or redact(uri) == shown


@pytest.mark.parametrize(
    "uri",
    [
        "shoes/red@2x.jpg",
        "/data/me@home/red@2x.jpg",
        "file:///data/red@2x.jpg",
        "a?sig=b.jpg",
        "a#1.jpg",
        "C:\\shoes\\red@2x.jpg",
        "https://h.example/a.jpg?w=200&st=2&format=webp",
        "",
    ],
)
def test_what_holds_no_credentials_stays(uri):
    assert redact(uri) == uri


def test_one_place_has_one_key():
    keys = UriKeys(Path("/feeds/spring"))
    places = [
        "a/b.jpg",
        "./a/b.jpg",
        "a//b.jpg",
        "x/../a/b.jpg",
        "/feeds/spring/a/b.jpg",
        "file:///feeds/spring/a/b.jpg",
    ]
    places += ["file:a/b.jpg", "FILE://localhost/feeds/spring/a/%62.jpg", "//feeds/spring/a/b.jpg"]
    assert len({keys.key(place) for place in places}) == 1
    assert len({keys.key(place) for place in ["a/b.jpg", "A/b.jpg", "a/b.jpg ", "a/b.png", "a.b.jpg"]}) == 5
    assert keys.key("a.jpg") != UriKeys(Path("/feeds/autumn")).key("a.jpg")


def test_the_key_of_a_url_outlives_its_signature():
    keys = UriKeys(Path("/feeds"))
    urls = [
        "https://b.example/a.jpg?w=1&sig=1&se=2",
        "HTTPS://B.example:443/a.jpg?w=1&sig=9&se=9",
        "https://me:pw@b.example/a.jpg?w=1",
    ]
    assert len({keys.key(url) for url in urls}) == 1
    assert keys.key("https://b.example/get?key=shoes/1.jpg") != keys.key("https://b.example/get?key=shoes/2.jpg")


LETTERS = st.characters(categories=("L", "N")) | st.sampled_from("_.~ /%@-")


@given(st.text(LETTERS, min_size=1, max_size=30))
def test_the_short_way_to_a_key_gives_what_the_long_one_does(name):
    assert UriKeys(Path("/b c")).key(name) == UriKeys(Path("/b c")).key(normalise(name, "/b c"))


@given(st.binary(min_size=1, max_size=40).filter(lambda name: b"\0" not in name and not name.startswith(b"/")))
def test_any_file_name_comes_back_from_its_text(name):
    relative = os.fsdecode(name)
    text = uri_of_name(relative)
    text.encode("utf-8")
    assert text == text.strip()
    assert not any(character < " " for character in text)
    assert local_name(text) == relative


@pytest.mark.parametrize("name", ["mug.jpg", "Größe 3/füße.jpg", "100%.jpg", "a#b?c.jpg", "日本.jpg", "می‌خواهم.jpg"])
def test_an_ordinary_name_stands_for_itself(name):
    assert uri_of_name(name) == name


@pytest.mark.parametrize(
    "uri",
    [
        "https://h.example/a.jpg",
        "s3://bucket/a.jpg",
        "ftp://h.example/a.jpg",
        "javascript://alert",
        "data:image/png;base64,AAAA",
        "file://fileserver/share/a.jpg",
        "C:\\a.jpg",
        "c:/a.jpg",
        "\\\\server\\share\\a.jpg",
        "a\0.jpg",
        "file:///a%00.jpg",
    ],
)
def test_what_names_no_local_file_is_refused(uri):
    with pytest.raises(MediaError) as caught:
        local_name(uri)
    assert caught.value.kind is TroubleKind.REFUSED


def test_file_uris_are_decoded():
    assert local_name("file:///a%20b/c.jpg?x=1#y") == "/a b/c.jpg"
    assert local_name(file_uri("/a?b#c%41.jpg")) == "/a?b#c%41.jpg"


def test_placement_ids_tell_apart_what_differs():
    parts = [("s", "l", "k", 0), ("t", "l", "k", 0), ("s", "m", "k", 0), ("s", "l", "j", 0), ("s", "l", "k", 1)]
    ids = {placement_id(*part) for part in parts} | {placement_id("s", "l\x1fk", "k", 0)}
    assert len(ids) == 6
    assert all(len(one) == 32 for one in ids)
