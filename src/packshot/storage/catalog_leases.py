"""Leases: what only one process may do at a time, and how one that was paused too long is kept from doing it."""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from packshot.core.errors import LostLease, WorkspaceError
from packshot.storage.catalog_tables import LEASE, LeaseRow
from packshot.storage.catalog_transactions import Transactions, microseconds, put_once, time_of
from packshot.storage.processes import Process, this_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import ColumnElement, Connection

COMMIT = "commit"
"""The lease under which snapshots become visible, judgements current, and tables are compacted."""

TTL_S = 30.0
"""How long others wait for a sign of life of a holder that they cannot see."""

TELL_AFTER_S = 2.0
_LOOK_S = 0.02
_LOOK_AT_MOST_S = 0.5
_RENEWALS = 4
"""How often a lease is renewed in its time to live."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that is held."""

    name: str
    fence: int
    """Greater than that of every holder before."""
    holder: str
    _records: LeaseRecords = field(repr=False)

    def hold(self) -> None:
        """Raise LostLease where another process has taken over; ask before a step that cannot be undone."""
        with self._records._read(f"looking at the lease {self.name}") as connection:  # noqa: SLF001 - its own records
            self.hold_in(connection)

    def hold_in(self, connection: Connection) -> None:
        """The same inside a transaction: in a writing one nobody can take over before it is committed."""
        held = select(LEASE.c.holder, LEASE.c.fence).where(LEASE.c.name == self.name)
        row = connection.execute(held).one_or_none()
        if row is None or (row.holder, row.fence) != (self.holder, self.fence):
            raise LostLease(self.name)


class LeaseRecords(Transactions):
    """Who does what alone.

    No clock is compared with another's: who waits for a holder watches, by its own steady clock, whether the holder
    renews the lease. A holder on this host whose process is gone is not waited for.
    """

    @contextlib.contextmanager
    def lease(
        self, name: str, *, ttl_s: float = TTL_S, waiting: Callable[[str], None] = _log.warning
    ) -> Iterator[Lease]:
        """Hold the lease `name`, and wait for it as long as its holder is alive. Its fence is greater than any before.

        A thread renews it. What this thread commits to the catalog meanwhile is refused with LostLease once another
        process has taken over. A thread that holds it already goes on with it; COMMIT is taken last.

        Args:
            name: What is to be done alone.
            ttl_s: Seconds without a renewal after which others may take over.
            waiting: Is told, once, for whom this waits, when it is for more than two seconds.
        """
        mine = self._held()
        for held in mine:
            if held.name == name:
                yield held
                return
        if any(held.name == COMMIT for held in mine):
            raise RuntimeError(
                f"The lease {name} is asked for under {COMMIT}: two processes could wait for each other."
            )
        lease = self._waited_for(name, ttl_s, waiting)
        done = threading.Event()
        renewing = threading.Thread(target=self._keep, args=(lease, ttl_s, done), name=f"lease {name}", daemon=True)
        renewing.start()
        mine.append(lease)
        try:
            yield lease
        finally:
            mine.remove(lease)
            done.set()
            renewing.join()
            # What was done under it is done. Where it cannot be given back, others take over as from a dead process.
            with contextlib.suppress(WorkspaceError):
                self._give_back(lease)

    def leases(self) -> list[LeaseRow]:
        """The leases that somebody holds, by name."""
        with self._read("reading the leases") as connection:
            rows = connection.execute(select(LEASE).where(LEASE.c.holder != "").order_by(LEASE.c.name)).all()
        return [LeaseRow(r.name, r.holder, r.fence, time_of(r.until)) for r in rows]

    @contextlib.contextmanager
    def _commit(self, doing: str) -> Iterator[Connection]:
        """A writing transaction under COMMIT that is refused when this thread has lost a lease it works under."""
        with self.lease(COMMIT), self._write(doing) as connection:
            for lease in self._held():
                lease.hold_in(connection)
            yield connection

    def _held(self) -> list[Lease]:
        """The leases of this thread, the first taken first."""
        held: list[Lease] | None = getattr(self._threads, "held", None)
        if held is None:
            held = self._threads.held = []
        return held

    def _waited_for(self, name: str, ttl_s: float, waiting: Callable[[str], None]) -> Lease:
        holder = f"{this_process()}/{secrets.token_hex(4)}"
        began, look_s, told = time.monotonic(), _LOOK_S, False
        watched, silent_s, looked = None, 0.0, began
        while True:
            seen = self._seen(name)
            now = time.monotonic()
            if seen != watched:
                watched, silent_s = seen, 0.0
            else:
                # Time in which this process itself was paused does not count: the holder may have been paused with it.
                silent_s += min(now - looked, 2 * look_s)
            looked = now
            if seen is None or seen.is_free(silent_s):
                lease = self._taken(name, holder, ttl_s, seen)
                if lease is not None:
                    return lease
                continue
            if not told and now - began > TELL_AFTER_S:
                waiting(f"Waiting for {seen.told}, which holds the lease {name!r} of {self._place}.")
                told = True
            time.sleep(look_s)
            look_s = min(look_s * 1.5, _LOOK_AT_MOST_S, ttl_s / _RENEWALS)

    def _seen(self, name: str) -> _Seen | None:
        with self._read(f"looking at the lease {name}") as connection:
            return _seen(connection, name)

    def _taken(self, name: str, holder: str, ttl_s: float, seen: _Seen | None) -> Lease | None:
        """The lease; None where it is no longer as it was seen."""
        with self._write(f"taking the lease {name}") as connection:
            if _seen(connection, name) != seen:
                return None
            fence = seen.fence + 1 if seen else 1
            until = microseconds(self._now() + timedelta(seconds=ttl_s))
            values = {"holder": holder, "fence": fence, "beats": 0, "ttl_us": round(ttl_s * 1e6), "until": until}
            if not put_once(connection, LEASE, {"name": name}, values):
                connection.execute(LEASE.update().where(LEASE.c.name == name).values(values))
        return Lease(name, fence, holder, self)

    def _keep(self, lease: Lease, ttl_s: float, done: threading.Event) -> None:
        """Renew the lease until it is done with or lost."""
        while not done.wait(ttl_s / _RENEWALS):
            until = microseconds(self._now() + timedelta(seconds=ttl_s))
            values = {"beats": LEASE.c.beats + 1, "until": until}
            try:
                with self._write(f"renewing the lease {lease.name}") as connection:
                    if not connection.execute(LEASE.update().where(*_is(lease)).values(values)).rowcount:
                        return
            except WorkspaceError as error:
                # The next renewal may succeed; if none does in time, another takes over and the commit is refused.
                _log.info("The lease %r was not renewed: %s", lease.name, error)

    def _give_back(self, lease: Lease) -> None:
        with self._write(f"giving back the lease {lease.name}") as connection:
            connection.execute(LEASE.update().where(*_is(lease)).values(holder=""))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A lease as one look found it."""

    holder: str
    fence: int
    beats: int
    ttl_s: float

    @property
    def process(self) -> Process | None:
        return Process.of(self.holder.partition("/")[0])

    @property
    def told(self) -> str:
        return self.process.told if self.process else "another process"

    def is_free(self, silent_s: float) -> bool:
        """Whether it may be taken, after it was watched for so long without a renewal."""
        dead = self.process is not None and self.process.ended() is True
        return not self.holder or dead or silent_s > self.ttl_s


def _seen(connection: Connection, name: str) -> _Seen | None:
    row = connection.execute(select(LEASE).where(LEASE.c.name == name)).one_or_none()
    return None if row is None else _Seen(row.holder, row.fence, row.beats, row.ttl_us / 1e6)


def _is(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return LEASE.c.name == lease.name, LEASE.c.holder == lease.holder, LEASE.c.fence == lease.fence
