"""What tells, without reading, that a picture is the one read before."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells, without reading, that a file or object is the one read before."""

    size_bytes: int
    mtime_ns: int | None = None
    """Of a file on disk."""
    etag: str | None = None
    """Of an object: changes with its bytes."""
    last_modified: str | None = None
    """Of an object, ISO 8601 in UTC, to the second."""

    def is_that_of(self, other: Stamp) -> bool:
        """Whether both are of the same bytes, as far as stamps tell; the time counts where there is no etag."""
        if self.etag and other.etag:
            return (self.size_bytes, self.etag) == (other.size_bytes, other.etag)
        mine = (self.size_bytes, self.mtime_ns, self.last_modified)
        return mine == (other.size_bytes, other.mtime_ns, other.last_modified)
