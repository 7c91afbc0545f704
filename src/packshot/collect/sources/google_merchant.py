"""The product feed of Google Merchant Center: RSS 2.0 or Atom, or its tab-separated form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from packshot.collect.encoding import encoding_of_head
from packshot.collect.source import Example, Location, Options, Source
from packshot.collect.table import table_plan, table_rows
from packshot.collect.uris import uri_of_name
from packshot.collect.xml_items import item_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.collect.rows import Notes, Row
    from packshot.core.trouble import Trouble

_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_GOOGLE = "base.google.com/"
_RSS = (
    b'<?xml version="1.0"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>\n'
    b"<item><g:id>1</g:id><title>Mug &amp; saucer</title><g:image_link>1/main.jpg</g:image_link>\n"
    b"<g:additional_image_link><![CDATA[1/back.jpg]]></g:additional_image_link>\n"
    b"<g:additional_image_link>1/top.jpg</g:additional_image_link></item>\n"
    b"<item><title>Nameless</title><g:image_link>2.jpg</g:image_link></item>\n"
    b"</channel></rss>\n"
)


class GoogleMerchant(Source):
    """Items of a feed with Google's names for things, whatever prefix stands for Google's namespace.

    `image_link` comes first, every `additional_image_link` follows; `lifestyle_image_link` gets the role `lifestyle`.
    Documents with a type declaration are refused, since entities are a known way to exhaust a reader.
    Source: Google Merchant Center Help, "Product data specification".
    """

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            files={"feed.xml": _RSS},
            location="feed.xml",
            listings={"1": ("1/main.jpg", "1/back.jpg", "1/top.jpg")},
            why="repeated pictures, CDATA, and an item without an id",
            troubles=("no listing id",),
        ),
        Example(
            files={
                "feed.xml": b'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:p="http://base.google.com/ns/1.0">'
                b"<entry><p:id>7</p:id><title>Rug</title><p:image_link>7.jpg</p:image_link>"
                b"<p:lifestyle_image_link>7-room.jpg</p:lifestyle_image_link></entry></feed>"
            },
            location="feed.xml",
            listings={"7": ("7.jpg", "7-room.jpg")},
            why="Atom, another prefix, a lifestyle picture",
        ),
        Example(
            files={"feed.xml": _RSS.replace(b"</channel></rss>", b"<item><g:id>3")},
            location="feed.xml",
            listings={},
            why="cut off midway: nothing of it is to be trusted",
            refused=True,
        ),
        Example(
            files={
                "feed.xml": _RSS.replace(b"<rss", b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss', 1)
            },
            location="feed.xml",
            listings={},
            why="entities",
            refused=True,
        ),
    )

    @classmethod
    def accepts(cls, location: Location, options: Options) -> float:  # noqa: ARG003 - the contract's
        """1 for RSS or Atom that names Google's namespace, 0.9 without it, a little for any other XML."""
        text = _beginning(location)
        if not text.startswith("<"):
            return 0.0
        if _ROOT.search(text):
            return 1.0 if _GOOGLE in text else 0.9
        return 0.2 if text.startswith("<?xml") else 0.0

    def rows(self, location: Location, options: Options, notes: Notes) -> Iterator[Row | Trouble]:
        """Every item; a delimited feed is read as one, since its column names are the same."""
        feed = uri_of_name(location.path.name)
        if _beginning(location).startswith("<"):
            return item_rows(location.path, options.mapping, feed, notes)
        return table_rows(location.path, options.mapping, feed, notes, options.form)

    def tells_order(self, location: Location, options: Options) -> bool:
        """Whether roles or positions are mapped, or stand in a delimited feed by convention."""
        if _beginning(location).startswith("<"):
            return "role" in options.mapping or "position" in options.mapping
        name = uri_of_name(location.path.name)
        plan = table_plan(location.path, options.mapping, location.head, name, form=options.form)
        return "role" in plan.fields or "position" in plan.fields


def _beginning(location: Location) -> str:
    encoding = encoding_of_head(location.head)
    if encoding is None:
        return ""
    return location.head.decode(encoding.name, "replace").lstrip("\ufeff \t\r\n")
