"""The body of an answer into a file: no more than the limit, packed or not; gone on with where it broke off."""

from __future__ import annotations

import contextlib
import os
import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from packshot.collect.patience import Passing
from packshot.collect.web.budget import at_hand, too_large
from packshot.collect.web.faults import unreachable
from packshot.core.errors import MediaError, WorkspaceError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from urllib3 import BaseHTTPResponse

PIECE = 64 * 1024
_MOST_TAG_CHARS = 1024
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.ASCII)
_GZIP_OR_ZLIB = 47
_MEMBER = b"\x1f\x8b"
"""What each member of a gzip file begins with; such a file may have several (RFC 1952, 2.2)."""
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})


@dataclass(slots=True)
class Part:
    """What a fetch has got so far of one version of a file."""

    into: BinaryIO
    most_bytes: int
    size: int = 0
    """Bytes that are in `into`."""
    etag: str = field(default="", repr=False)
    modified: str = ""
    total: int | None = None
    """Bytes of the whole, where the server said so."""

    def headers(self) -> dict[str, str]:
        """What asks for the rest, on condition that the whole is still the same; nothing where that cannot be asked."""
        version = self.etag if self.etag and not self.etag.startswith("W/") else self.modified
        if not self.size or not version:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": version}

    def start_over(self) -> None:
        """Forget what there is."""
        with _room():
            self.into.seek(0)
            self.into.truncate()
        self.size, self.etag, self.modified, self.total = 0, "", "", None

    def take(self, answer: BaseHTTPResponse) -> None:
        """Write the body of an answer with status 200, or 206 after `headers` asked for it.

        What came is kept when the connection breaks, so that `headers` can ask for the rest. Raises MediaError:
        TOO_LARGE; BOMB where it unpacks to more than the limit; UNREACHABLE for a part that was not asked for; and what
        reading raises. WorkspaceError where it cannot be written.
        """
        if answer.status == 206:  # noqa: PLR2004 - a code of HTTP
            self._hold_part(answer.headers)
        else:
            self.start_over()
            self._begin(answer.headers)
        packing = answer.headers.get("Content-Encoding", "identity").strip().lower()
        if packing not in {"identity", ""}:
            self._unpack(answer, packing)
            return
        if self.total is not None and self.total > self.most_bytes:
            raise too_large(self.most_bytes)
        for piece in _pieces(answer):
            self._write(piece)
        if self.total is not None and self.size < self.total:
            raise Passing(TroubleKind.UNREACHABLE, "the server broke off")

    def _begin(self, headers: Mapping[str, str]) -> None:
        self.etag, self.modified = _tag(headers.get("ETag", "")), _tag(headers.get("Last-Modified", ""))
        length = "" if "Transfer-Encoding" in headers else headers.get("Content-Length", "").strip()
        self.total = int(length) if length.isdecimal() and len(length) < 19 else None  # noqa: PLR2004 - of 64 bits

    def _hold_part(self, headers: Mapping[str, str]) -> None:
        """Raise Passing, and forget what there is, unless the part goes on where the last one broke off."""
        found = _RANGE.fullmatch(headers.get("Content-Range", "").strip())
        whole = None if found is None or found[3] == "*" else int(found[3])
        same = not (self.etag and headers.get("ETag")) or _tag(headers["ETag"]) == self.etag
        fits = found is not None and int(found[1]) == self.size and (self.total in {None, whole} or whole is None)
        if not self.size or not fits or not same or headers.get("Content-Encoding"):
            self.start_over()
            raise Passing(TroubleKind.UNREACHABLE, "the server sent another part of the file than it was asked for")
        self.total = self.total or whole

    def _write(self, piece: bytes) -> None:
        if self.size + len(piece) > self.most_bytes:
            raise too_large(self.most_bytes)
        with _room():
            self.into.write(piece)
        self.size += len(piece)

    def _unpack(self, answer: BaseHTTPResponse, packing: str) -> None:
        """Unpack what a server packed though nobody asked for it. Such a body is not gone on with."""
        if packing not in _PACKED:
            raise unreachable("the server packed the file in a way that it was not asked for")
        try:
            self._inflate(answer)
        except zlib.error as error:
            self.start_over()
            raise unreachable("the server's packing of the file is broken") from error
        except BaseException:
            self.start_over()
            raise

    def _inflate(self, answer: BaseHTTPResponse) -> None:
        self.total = None
        unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
        waiting, over = b"", False
        for piece in _pieces(answer):
            waiting += piece
            while waiting and not over:
                if unpacker.eof:
                    if waiting == _MEMBER[:1]:
                        break
                    over = not waiting.startswith(_MEMBER)  # what follows the last member is padding
                    unpacker = unpacker if over else zlib.decompressobj(_GZIP_OR_ZLIB)
                    continue
                unpacked = unpacker.decompress(waiting, PIECE * 16)
                if self.size + len(unpacked) > self.most_bytes:
                    detail = f"packed by the server, and unpacks to more than {self.most_bytes:,} bytes"
                    raise MediaError(TroubleKind.BOMB, detail)
                self._write(unpacked)
                waiting = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            waiting = b"" if over else waiting
        if not unpacker.eof:
            raise Passing(TroubleKind.UNREACHABLE, "the server broke off")


def _pieces(answer: BaseHTTPResponse) -> Iterator[bytes]:
    """The body as it comes; the budget at hand is told that it is not gathered."""
    budget = at_hand()
    for piece in answer.stream(PIECE, decode_content=False):
        if budget is not None:
            budget.passed_on()
        yield piece


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """Errors of writing as WorkspaceError: the server has no part in them."""
    try:
        yield
    except OSError as error:
        message = (
            f"What was fetched cannot be written: {os.strerror(error.errno) if error.errno else 'no reason given'}."
        )
        raise WorkspaceError(message, "Make room there, or name another folder in TMPDIR.") from error


def _tag(text: str) -> str:
    """A header that is sent back as it came; empty where it is no good for that."""
    return text if len(text) <= _MOST_TAG_CHARS and text.isascii() and text.isprintable() else ""
