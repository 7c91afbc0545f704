import pytest

from packshot.app.public_urls import NOT_PUBLIC, PRIVATE, SECRET, PublicUrls, is_public
from packshot.core.errors import UsageError

CDN = "https://cdn.shop.example/p/"


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("https://x.example/a.jpg", "https://x.example/a.jpg"),
        ("https://x.example/a b/ü.jpg?v=2", "https://x.example/a%20b/%C3%BC.jpg?v=2"),
        ("https://x.example/a%20b.jpg", "https://x.example/a%20b.jpg"),
        ("images/a.jpg", CDN + "images/a.jpg"),
        ("./images//a b.jpg", CDN + "images/a%20b.jpg"),
        ("file:a%09b.jpg", CDN + "a%09b.jpg"),
        ("s3://bucket/shoes/1.jpg", "https://s3.shop.example/shoes/1.jpg"),
        ("what?#.jpg", CDN + "what%3F%23.jpg"),
    ],
)
def test_a_public_address_is_found(uri, address):
    urls = PublicUrls.of([CDN.rstrip("/"), "s3://bucket/=https://s3.shop.example/"])
    assert urls.find(uri) == (address, "")


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("images/a.jpg", NOT_PUBLIC),
        ("../a.jpg", NOT_PUBLIC),
        ("/srv/a.jpg", NOT_PUBLIC),
        ("s3://bucket/a.jpg", NOT_PUBLIC),
        ("https://x.example/a.jpg?key=***", SECRET),
        ("https://x.example/a.jpg?token=abc", SECRET),
        ("https://user:word@x.example/a.jpg", SECRET),
        ("http://10.0.0.7/a.jpg", PRIVATE),
        ("http://localhost/a.jpg", PRIVATE),
        ("http://[::1]/a.jpg", PRIVATE),
        ("http://pim.internal/a.jpg", PRIVATE),
        ("http://[/a.jpg", NOT_PUBLIC),
    ],
)
def test_what_has_no_public_address_says_why(uri, why):
    assert PublicUrls().find(uri) == ("", why)


@pytest.mark.parametrize("uri", ["../a.jpg", "a/../../b.jpg", "/srv/a.jpg", "file:///srv/a.jpg"])
def test_nothing_leads_out_of_a_base(uri):
    assert PublicUrls.of([CDN]).find(uri)[0] == ""


def test_relative_names_start_at_a_feed_on_the_web():
    assert PublicUrls().find("img/a.jpg", "https://x.example/feeds/f.csv")[0] == "https://x.example/feeds/img/a.jpg"
    assert PublicUrls().find("img/a.jpg", "https://x.example/feeds/f.zip")[0] == ""
    assert PublicUrls.of([CDN]).find("img/a.jpg", "https://x.example/f.csv")[0] == CDN + "img/a.jpg"


@pytest.mark.parametrize(
    "text", ["ftp://x", "cdn", "=https://x.example/", "https://u:p@x.example/", "https://x.example/?token=1",
             "http://127.0.0.1/", "https://[/"],
)  # fmt: skip
def test_a_base_that_cannot_be_is_refused(text):
    with pytest.raises(UsageError) as told:
        PublicUrls.of([text])
    assert told.value.hint
    assert "u:p" not in str(told.value)


def test_one_place_has_one_base():
    with pytest.raises(UsageError):
        PublicUrls.of([CDN, "https://other.example/"])


def test_bare_names_are_not_public():
    assert is_public("cdn.shop.example")
    assert not is_public("nas")
    assert not is_public("")
