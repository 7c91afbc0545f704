import csv
import io
import json

import pytest

from packshot.collect.opening import open_source
from packshot.core.errors import UsageError
from packshot.core.listing import Placement
from packshot.plugins import discover
from packshot.present.channel_feed import FORMS, ChannelFeed, Offer
from packshot.present.feed_forms import as_text, key, listings_of, unwritable, write

FEEDS = discover("feeds", ChannelFeed)
BASE = "https://cdn.shop.example/p"
OFFERS = (
    Offer("A-1", f"{BASE}/a.jpg", (f"{BASE}/b,c.jpg", f"{BASE}/d%20e.jpg"), 'Mug "Fjell" & co', ("show",) * 3),
    Offer("ünï <&>", f"{BASE}/u.jpg", (), "Zweiter", ("show",)),
    Offer("id:7", f"{BASE}/7.jpg", (f"{BASE}/7b.jpg",), "", ("show", "fix")),
)
CASES = [(name, form) for name, kind in FEEDS.items() for form in kind.forms]
READ_BACK = [("google", "tsv"), ("google", "xml"), ("shopify", "csv"), ("woocommerce", "csv"), ("pictures", "csv"),
             ("pictures", "tsv")]  # fmt: skip


def written(feed, form, offers=OFFERS):
    to = io.BytesIO()
    write(feed, (row for offer in offers for row in feed.rows(offer)), form, to)
    return to.getvalue()


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_says_where_its_columns_are_written_down(name):
    feed = FEEDS[name]()
    assert feed.forms
    assert set(feed.forms) <= set(FORMS)
    assert feed.id_column in feed.columns
    assert set(feed.joined) <= set(feed.columns)
    assert feed.source
    assert feed.read_on
    assert feed.evidence.value in {"verified", "corroborated"} or feed.unconfirmed, "say what is not confirmed"
    many = tuple(f"{BASE}/{number}.jpg" for number in range(feed.most_others or 30))
    rows = feed.rows(Offer("A", f"{BASE}/m.jpg", many))
    told = json.dumps(rows)
    assert all(f"{BASE}/{number}.jpg" in told for number in range(len(many)))
    assert all(set(row) == set(feed.columns) for row in rows)


@pytest.mark.parametrize(("name", "form"), CASES)
def test_what_is_written_is_read_as_an_earlier_file(tmp_path, name, form):
    feed = FEEDS[name]()
    file = tmp_path / f"feed.{form}"
    file.write_bytes(written(feed, form))
    found = listings_of(feed, file, form)
    for offer in OFFERS:
        rows = [as_text(feed, row) for row in feed.rows(offer)]
        assert found[key(feed, rows[0])] == rows


@pytest.mark.parametrize(("name", "form"), READ_BACK)
def test_our_own_sources_read_it_again(tmp_path, name, form):
    feed = FEEDS[name]()
    file = tmp_path / f"feed.{form}"
    file.write_bytes(written(feed, form))
    pictures = {}
    roles = {}
    for record in open_source(file).records():
        assert type(record).__name__ != "Trouble", record
        if isinstance(record, Placement):
            pictures.setdefault(record.listing_id, []).append(record.source_uri)
            roles.setdefault(record.listing_id, []).append(record.role.value)
    comma = "%2C" if (name, form) == ("google", "tsv") else ","
    for offer in OFFERS:
        assert pictures[offer.listing_id] == [offer.main, *(url.replace(",", comma) for url in offer.others)]
        assert roles[offer.listing_id] == ["main"] + ["secondary"] * len(offer.others)


def test_delimited_text_is_utf_8_with_plain_line_breaks():
    text = written(FEEDS["google"](), "tsv").decode()
    assert text.startswith("id\timage_link\tadditional_image_link\nA-1\t")
    assert "\r" not in text
    rows = list(csv.reader(io.StringIO(written(FEEDS["amazon"](), "csv").decode())))
    assert rows[0][:5] == ["item_sku", "update_delete", "main_image_url", "other_image_url1", "other_image_url2"]
    assert len(rows[0]) == 11


def test_an_empty_feed_is_whole():
    assert json.loads(written(FEEDS["amazon"](), "json", ())) == []
    assert written(FEEDS["google"](), "xml", ()).endswith(b"</channel>\n</rss>\n")


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "a\x00b", "\ud800", "\x1b[31m"])
def test_ids_that_would_break_a_line_are_told(text):
    assert unwritable(text)
    assert not unwritable("A-1 ü 東")


@pytest.mark.parametrize("content", [b"", b"other\tcolumns\n", b"id\timage_link\tadditional_image_link\n1\tx\n"])
def test_a_file_of_something_else_is_no_earlier_file(tmp_path, content):
    file = tmp_path / "old.tsv"
    file.write_bytes(content)
    with pytest.raises(UsageError):
        listings_of(FEEDS["google"](), file, "tsv")
    with pytest.raises(UsageError):
        listings_of(FEEDS["google"](), file, "xml")
    with pytest.raises(UsageError):
        listings_of(FEEDS["google"](), tmp_path / "missing.tsv", "tsv")


@pytest.mark.parametrize(("name", "form"), [("old.csv", "csv"), ("old.json", "json")])
def test_the_columns_of_another_channels_file_are_named(tmp_path, name, form):
    file = tmp_path / name
    file.write_bytes(written(FEEDS["ebay"](), form))
    with pytest.raises(UsageError, match=f"its columns are {next(iter(FEEDS['ebay'].columns))}") as refused:
        listings_of(FEEDS["amazon"](), file, form)
    assert "ValueError" not in refused.value.message


def test_an_earlier_file_may_not_hold_entities(tmp_path):
    file = tmp_path / "old.xml"
    file.write_text('<!DOCTYPE r [<!ENTITY a "aa">]><rss><channel><item>&a;</item></channel></rss>')
    with pytest.raises(UsageError):
        listings_of(FEEDS["google"](), file, "xml")


@pytest.mark.parametrize(
    ("name", "url", "refused"),
    [
        ("walmart", f"{BASE}/a.jpg", False),
        ("walmart", f"{BASE}/a.jpg?w=1", True),
        ("walmart", f"{BASE}/a.gif", True),
        ("walmart", "https://cdn.shop.example:9000/a.jpg", True),
        ("ebay", f"{BASE}/a.jpg", False),
        ("ebay", "http://cdn.shop.example/a.jpg", True),
        ("ebay", f"{BASE}/a;b.jpg", True),
        ("google", f"{BASE}/{'a' * 2000}.jpg", True),
    ],
)
def test_addresses_that_a_channel_does_not_take(name, url, refused):
    assert bool(FEEDS[name]().refuses(url)) is refused
