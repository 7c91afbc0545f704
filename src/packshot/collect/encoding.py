"""The text of a feed: which encoding it is in, found from its bytes and said aloud when it had to be guessed."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.errors import SourceError
from packshot.core.plural import plural

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20
MAX_LINE_BYTES = 16 * 1024 * 1024
"""A longer line is no feed's, and reading it would take all memory."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook; save the sheet as CSV (UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV (UTF-8)"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"),
    (b"BZh", "compressed with bzip2; unpack it first"),
    (b"\xfd7zXZ", "compressed with xz; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it first"),
    (b"%PDF-", "a PDF; export the feed as CSV"),
    (b"PAR1", "a Parquet file, which the source `parquet` reads"),
)
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_SURROGATES = re.compile("[\udc80-\udcff]")
_WIDE_SHARE = 0.3
"""Share of NUL bytes at every second place from which text without a byte-order mark counts as UTF-16."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to open a feed as text."""

    name: str
    errors: str = "strict"
    note: str = ""
    """What a person should know; empty where the encoding is beyond doubt."""


def encoding_of_head(head: bytes, named: str | None = None) -> Encoding | None:
    """The encoding as far as the first bytes tell it, or as it is `named`; None where they are no text."""
    if any(head.startswith(magic) for magic, _ in _NO_TEXT):
        return None
    if named is not None:
        return Encoding(_marked(named, head), "replace")
    for bom, name in _BOMS:
        if head.startswith(bom):
            return Encoding(name, "replace")
    wide = _wide(head)
    if wide:
        return Encoding(wide, "replace")
    return Encoding("utf-8", "surrogateescape")


def no_text(head: bytes) -> str:
    """What a file is that begins as no text does, and what to do; empty where it may be text."""
    return next((what for magic, what in _NO_TEXT if head.startswith(magic)), "")


def find_encoding(path: Path, feed: str, named: str | None = None) -> Encoding:
    """Read the whole file once and say how to decode it: UTF-8, UTF-16 or UTF-32; else Windows-1252 or Latin-1, noted.

    Where UTF-8 is right but for a few damaged places, those come out as lone surrogates and the note counts them. An
    encoding that the user `named` is taken where the file is valid in it throughout, and refused where it is not.
    Raises SourceError for a workbook or archive, and for a line of more than 16 MiB.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if what := no_text(head):
        raise SourceError(f"{feed} is no text.", f"It is {what}.")
    if named is not None:
        return _checked_wide(path, _marked(named, head), feed, "")
    for bom, name in _BOMS:
        if head.startswith(bom) and name != "utf-8-sig":
            return _checked_wide(path, name, feed, "")
    wide = _wide(head)
    if wide:
        return _checked_wide(path, wide, feed, f"{feed} has no byte-order mark and was read as {wide.upper()}")
    return _eight_bit(path, "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8", feed)


def _marked(named: str, head: bytes) -> str:
    """UTF-8 with its byte-order mark, where one is there: it is no letter of the first name."""
    plain = codecs.lookup(named).name
    return "utf-8-sig" if plain == "utf-8" and head.startswith(codecs.BOM_UTF8) else plain


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: Latin letters leave a NUL at every second place."""
    even, odd = head[0:4000:2], head[1:4000:2]
    if not odd:
        return None
    if odd.count(0) > _WIDE_SHARE * len(odd) and even.count(0) < odd.count(0) / 10:
        return "utf-16-le"
    if even.count(0) > _WIDE_SHARE * len(even) and odd.count(0) < even.count(0) / 10:
        return "utf-16-be"
    return None


def _checked_wide(path: Path, name: str, feed: str, note: str) -> Encoding:
    decoder = codecs.getincrementaldecoder(name)("strict")
    lines = _LongestLine(feed)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            lines.take(chunk)
            _decode(decoder, chunk, feed, name, final=False)
        _decode(decoder, b"", feed, name, final=True)
    return Encoding(name, "strict", note)


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, feed: str, name: str, *, final: bool) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        message = (
            f"{feed} was to be read as {name.upper()} and is not valid {name.upper()} throughout ({error.reason})."
        )
        raise SourceError(message, "Save it again as UTF-8, or name its encoding.") from error


def _eight_bit(path: Path, name: str, feed: str) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    lines = _LongestLine(feed)
    invalid = valid = 0
    undefined = False
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            lines.take(chunk)
            if chunk.isascii():
                invalid += len(_SURROGATES.findall(decoder.decode(chunk)))
                continue
            undefined = undefined or _NOT_CP1252.search(chunk) is not None
            text = decoder.decode(chunk)
            bad = len(_SURROGATES.findall(text))
            invalid += bad
            # ASCII characters take one byte each, so what encoding adds stands for the others.
            valid += len(text) - len(text.encode("ascii", "ignore")) - bad
    invalid += len(_SURROGATES.findall(decoder.decode(b"", final=True)))
    if not invalid:
        return Encoding(name)
    if name == "utf-8-sig" or valid > invalid:
        note = f"{feed} is UTF-8 with {plural(invalid, 'damaged byte')}; rows damaged in id or picture are left out"
        return Encoding(name, "surrogateescape", note)
    guess = "latin-1" if undefined else "cp1252"
    return Encoding(guess, "strict", f"{feed} is not UTF-8 and was read as {guess}: look at its accented letters")


class _LongestLine:
    """Refuses a file whose line grows beyond all reason, chunk by chunk."""

    def __init__(self, feed: str) -> None:
        self._feed = feed
        self._length = 0

    def take(self, chunk: bytes) -> None:
        if b"\n" in chunk or b"\r" in chunk:
            self._length = 0
        else:
            self._length += len(chunk)
        if self._length > MAX_LINE_BYTES:
            message = f"{self._feed} has a line of more than {MAX_LINE_BYTES // 2**20} MiB."
            raise SourceError(message, "It is no feed of rows; look at how it was exported.")
