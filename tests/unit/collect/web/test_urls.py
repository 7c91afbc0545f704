import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.collect.web.urls import host_of, lent, names_web, parse_url
from packshot.core.errors import MediaError


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("HTTP://Shop.Example", "http://shop.example/"),
        ("https://shop.example:443/a b.jpg?w=1 2#part", "https://shop.example/a%20b.jpg?w=1%202"),
        ("http://shop.example:8080/%7Ea/é.jpg", "http://shop.example:8080/%7Ea/%C3%A9.jpg"),
        ("http://bücher.example./a", "http://xn--bcher-kva.example/a"),
        ("http://[2600:0:0::1]:80/a", "http://[2600::1]/a"),
        ("http://127.0.0.1/a?x=[1]|2", "http://127.0.0.1/a?x=[1]|2"),
        ("http://me:secret@shop.example/a ", "http://shop.example/a"),
        ("http://a_b.example/", "http://a_b.example/"),
    ],
)
def test_an_address_is_put_as_servers_want_it(text, same):
    assert parse_url(text).text() == same


def test_credentials_are_apart_and_shown_nowhere():
    url = parse_url("https://me:se%20cret@shop.example/a?token=secret")
    assert url.credentials == "Basic bWU6c2UgY3JldA=="
    assert "secret" not in repr(url)
    assert url.redirected("/b").credentials == url.credentials
    assert url.redirected("https://shop.example:444/b").credentials == ""
    assert url.redirected("http://shop.example/b").credentials == ""


@pytest.mark.parametrize(
    ("location", "there"),
    [
        ("b?c=1", "http://h.example/x/b?c=1"),
        ("//o.example/b", "http://o.example/b"),
        ("../../../b", "http://h.example/b"),
        ("?d", "http://h.example/x/a?d"),
        ("/\u00c3\u00a9", "http://h.example/%C3%A9"),
    ],
)
def test_redirects_are_relative_to_where_they_stand(location, there):
    assert parse_url("http://h.example/x/a?q").redirected(location).text() == there


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://h.example/a b.jpg?c=1", "http://me:pw%40@h.example/a%20b.jpg?c=1"),
        ("http://H.example:80/a", "http://me:pw%40@h.example/a"),
        ("http://h.example:8080/a", ""),
        ("https://h.example/a", ""),
        ("http://other.example/a", ""),
        ("http://you@h.example/a", ""),
        ("file:///etc/passwd", ""),
        ("http://[", ""),
    ],
)
def test_credentials_of_a_feed_are_lent_to_what_lies_beside_it_alone(url, asked):
    assert lent("http://me:pw%40@h.example/feed.csv?token=1", url) == asked
    assert lent("http://h.example/feed.csv", url) == ""


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text):
    for uri in (text, f"http://{text}", f"https://h.example/{text}", f"http://h.example?{text}"):
        with contextlib.suppress(MediaError):
            url = parse_url(uri)
            assert url.host == host_of(uri)
            assert names_web(uri)
            assert url.text().isascii()
            assert not set("\r\n \t\0") & set(url.host + url.target)
            assert parse_url(url.text()).text() == url.text()
