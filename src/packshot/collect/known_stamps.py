"""The stamps of many pictures at once: one listing of an object store instead of a request for each of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from packshot.collect.ingest import first_of, stamp_of
from packshot.collect.objects import store_of
from packshot.collect.places import ObjectUri
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from packshot.collect.places import Place
    from packshot.collect.stamp import Stamp

FEWEST = 13
"""From so many pictures on a listing is tried: it gives 1,000 objects for the price of 12.5 requests for one."""
MOST_PER_PICTURE = 80
"""A prefix that holds so many times more objects than are wanted is cheaper to ask object by object."""
THREADS = 16


class KnownStamps:
    """The stamps of what some addresses name; those in object stores have been asked for together."""

    def __init__(self, uris: Iterable[str], place: Place) -> None:
        """Ask the object stores for `uris`; files are looked at when their stamps are asked for."""
        self._place = place
        self._answers: dict[ObjectUri, Stamp | MediaError] = {}
        groups: dict[tuple[str, str], dict[ObjectUri, None]] = {}
        for uri in uris:
            try:
                for found in place.objects(uri):
                    groups.setdefault((found.scheme, found.bucket), {})[found] = None
            except MediaError:
                continue  # not silent: `of` raises it again
        for (scheme, bucket), wanted in groups.items():
            whole = len(wanted) >= FEWEST and self._list(scheme, bucket, wanted)
            if not whole:
                self._ask([found for found in wanted if found not in self._answers])

    def of(self, uri: str) -> Stamp:
        """The stamp of what `uri` names. Raises MediaError as `stamp_of` does."""
        objects = self._place.objects(uri)
        return first_of(objects, self._answer) if objects else stamp_of(uri, self._place)

    def _answer(self, found: ObjectUri) -> Stamp:
        answer = self._answers.get(found)
        if answer is None:
            raise MediaError(TroubleKind.NOT_FOUND, "there is no such object")
        if isinstance(answer, MediaError):
            raise answer
        return answer

    def _list(self, scheme: str, bucket: str, wanted: dict[ObjectUri, None]) -> bool:
        """Take the stamps from a listing of what the keys have in common; whether it came to its end."""
        prefix = ObjectUri(scheme, bucket, _common([found.key for found in wanted]))
        try:
            for number, entry in enumerate(store_of(scheme).entries(prefix.as_prefix, deep=True)):
                if number > MOST_PER_PICTURE * len(wanted):
                    return False
                found = ObjectUri(scheme, bucket, entry.key)
                if entry.stamp is not None and found in wanted:
                    self._answers[found] = entry.stamp
        except MediaError:
            # Not silent: listing may be forbidden where reading is not, and asking one by one tells what is wrong.
            return False
        return True

    def _ask(self, wanted: list[ObjectUri]) -> None:
        def ask(found: ObjectUri) -> Stamp | MediaError:
            try:
                return store_of(found.scheme).stamp(found)
            except MediaError as error:
                return error

        if wanted:
            with ThreadPoolExecutor(THREADS) as pool:
                self._answers.update(zip(wanted, pool.map(ask, wanted), strict=True))


def _common(keys: Sequence[str]) -> str:
    """The longest prefix of whole steps that all keys have: that of the first and the last in order."""
    first, last = min(keys), max(keys)
    same = next((place for place, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    return first[:same].rpartition("/")[0]
