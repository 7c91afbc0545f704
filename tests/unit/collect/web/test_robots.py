import contextlib

import pytest

from packshot.collect.web.robots import MOST_BYTES, Robots
from packshot.collect.web.urls import parse_url
from packshot.core.errors import MediaError


def allowed(text, *targets):
    """Which of `targets` a site with this robots.txt lets packshot fetch."""
    data = text if isinstance(text, bytes) else text.encode()
    robots = Robots(lambda _: data)
    found = []
    for target in targets:
        with contextlib.suppress(MediaError):
            robots.hold(parse_url("https://shop.example" + target))
            found.append(target)
    return found


@pytest.mark.parametrize(
    "line",
    ["Disallow: //[", "Crawl-delay: \u00b2", "Crawl-delay: " + "9" * 5000, "Request-rate: \u00b2/\u00b2", ":", "\0"],
)
def test_lines_that_make_no_sense_do_no_harm_and_the_others_hold(line):
    assert allowed(f"User-agent: *\n{line}\nDisallow: /private\n", "/a.jpg", "/private") == ["/a.jpg"]


def test_odd_addresses_are_judged_like_any_other():
    assert allowed("User-agent: *\nDisallow: /p", "//[x", "/%2F[a", "/?//[", "/p//[") == ["//[x", "/%2F[a", "/?//["]


def test_stars_and_ends_are_read_as_the_standard_has_them():
    text = "User-agent: *\nDisallow: /*.jpg$\nDisallow: *size=\nDisallow: /a*b*c"
    targets = ("/x.jpg", "/x.jpg?w=1", "/x.png", "/y?size=9", "/a/b/c/d", "/a/c/b")
    assert allowed(text, *targets) == ["/x.jpg?w=1", "/x.png", "/a/c/b"]


def test_the_longest_rule_wins_and_allow_on_a_tie():
    text = "User-agent: *\nDisallow: /\nAllow: /media/\nDisallow: /media/raw/\nAllow: /same\nDisallow: /same"
    targets = ("/a", "/media/a", "/media/raw/a", "/same", "/robots.txt")
    assert allowed(text, *targets) == ["/media/a", "/same", "/robots.txt"]


def test_groups_of_one_name_are_one_and_a_group_of_ours_stands_alone():
    text = (
        "\ufeffUser-Agent: PackShot/2.0 # us\nUser-agent: other\nDisallow: /one # why\n\n"
        "User-agent: *\nDisallow: /all\n"
        "User-agent: packshot\nCrawl-delay: 3\nDisallow: /two\nUser-agent: packshotter\nDisallow: /three\nDisallow:"
    )
    assert allowed(text, "/one", "/two", "/three", "/all") == ["/three", "/all"]
    assert allowed(text.replace("PackShot", "x").replace(" packshot", " y"), "/one", "/all") == ["/one"]


def test_spellings_of_one_path_are_one_and_those_of_another_are_not():
    text = "User-agent: *\nDisallow: /%7euser/\u00e9\nDisallow: /a%2fb"
    assert allowed(text, "/~user/\u00e9", "/%7Euser/%C3%A9", "/a%2Fb", "/a/b") == ["/a/b"]


def test_a_pattern_made_to_be_slow_is_not():
    # With backtracking this would not end.
    text = "User-agent: *\nDisallow: /" + "*a" * 2000 + "*b$\n"
    assert allowed(text, "/" + "a" * 20_000) == ["/" + "a" * 20_000]


def test_no_more_is_read_than_the_limit():
    assert allowed(b"User-agent: *\n" + b"#" * MOST_BYTES + b"\nDisallow: /", "/a") == ["/a"]
