"""A list of addresses: one picture in each line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from packshot.collect.encoding import encoding_of_head, find_encoding
from packshot.collect.rows import Row, RowPicture
from packshot.collect.source import Example, Location, Options, Source
from packshot.collect.uris import redact, uri_of_name
from packshot.core.trouble import Trouble, TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.collect.rows import Notes

_ADDRESS = re.compile(r"(?:https?|s3|gs|az|file)://\S", re.IGNORECASE)
_PICTURE = re.compile(r"[^\t,;|]+\.(?:jpe?g|png|webp|gif|avif|hei[cf]|tiff?|bmp)", re.IGNORECASE)
_LOOKED_AT = 50
_NAMES_ALONE = 0.8
"""Not enough to be taken for the feed of a folder: a list of its pictures may lie in it for other reasons."""


class UrlList(Source):
    """Each line names one picture, by its address or its path; empty lines and those that begin with `#` are left out.

    Each picture is a listing of its own, called by its address as tables show it: without credentials, signatures and
    scheme.
    """

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            files={
                "urls.txt": b"# pictures of spring\r\nhttps://cdn.example/a.jpg\r\n\r\n"
                b"  https://cdn.example/b.jpg?v=2&X-Amz-Signature=abc  \nhttps://cdn.example/a.jpg\nin the/folder.jpg\n"
                b"data:image/png;base64,AAAA\n"
            },
            location="urls.txt",
            listings={
                "cdn.example/a.jpg": ("https://cdn.example/a.jpg", "https://cdn.example/a.jpg"),
                "cdn.example/b.jpg?v=2": ("https://cdn.example/b.jpg?v=2",),
                "in the/folder.jpg": ("in the/folder.jpg",),
            },
            why="a comment, a signed address, one that comes twice, a path, a picture in the list itself",
            troubles=("data:",),
        ),
    )

    @classmethod
    def accepts(cls, location: Location, options: Options) -> float:
        """1 where the first lines are all addresses, less where they are all names of pictures in a `.txt`."""
        encoding = None if location.is_folder else encoding_of_head(location.head, options.form.encoding)
        if encoding is None:
            return 0.0
        text = location.head.decode(encoding.name, encoding.errors)
        whole = text if len(location.head) < 1 << 16 else text[: text.rfind("\n") + 1]
        lines = [line for number, line in _lines(iter(whole.splitlines())) if number <= _LOOKED_AT]
        if not lines or "\0" in whole:
            return 0.0
        if all(_ADDRESS.match(line) for line in lines):
            return 1.0
        known = all(_ADDRESS.match(line) or _PICTURE.fullmatch(line) for line in lines)
        return _NAMES_ALONE if known and location.suffix == ".txt" else 0.0

    def rows(self, location: Location, options: Options, notes: Notes) -> Iterator[Row | Trouble]:
        """One row for each line."""
        feed = uri_of_name(location.path.name)
        encoding = find_encoding(location.path, feed, options.form.encoding)
        if encoding.note:
            notes.add(encoding.note)
        with location.path.open(encoding=encoding.name, errors=encoding.errors) as file:
            for number, line in _lines(file):
                if line[:5].casefold() == "data:":
                    detail = f"line {number}: the picture stands in the list itself (data:); give it as a file"
                    yield Trouble("collect", TroubleKind.BAD_ROW, detail, feed)
                    continue
                listing = redact(line).partition("://")[2] if _ADDRESS.match(line) else line
                yield Row(f"line {number}", {"listing_id": listing[:1000]}, (RowPicture(line),))

    def tells_order(self, location: Location, options: Options) -> bool:  # noqa: ARG002 - the contract's
        """No."""
        return False


def _lines(lines: Iterator[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        text = line.strip("\ufeff \t\r\n")
        if text and not text.startswith("#"):
            yield number, text
