"""One picture on the web to one asset, or to the word that it has not changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.collect.ingest import STORED, Fetched, describe
from packshot.collect.web.gathered import Gathered

if TYPE_CHECKING:
    from packshot.collect.fetch import Fetcher
    from packshot.collect.stamp import Stamp
    from packshot.collect.web.budget import Sign
    from packshot.media.limits import Limits


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says that a picture is what it was."""

    stamp: Stamp


def fetch_web(
    fetcher: Fetcher, url: str, limits: Limits, *, known: Stamp | None = None, sign: Sign | None = None
) -> Fetched | Unchanged:
    """Fetch the picture at `url`. Raises MediaError as `Fetcher.get` does.

    `known` is what its server said when it was fetched before; `sign` is up while it waits for its turn. Its bytes are
    always to be kept: they lie nowhere else.
    """
    with Gathered() as into:
        answer = fetcher.get(url, into, limits.max_bytes, known=known, sign=sign)
        if answer.unchanged:
            return Unchanged(answer.stamp)
        data = into.getvalue()
    asset, header = describe(data, limits, blob=STORED)
    return Fetched(asset, data, answer.stamp, header)
