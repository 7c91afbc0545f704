"""The Ray engine: workers on the nodes of an existing cluster, each shard in a process that may die alone."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from packshot.core.errors import EngineError
from packshot.engines import ray_cluster
from packshot.engines.ray_seat import Seat, packed
from packshot.pipeline.engine import Engine, EngineOptions, LossKind, Lost, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from packshot.pipeline.engine import Shard, Work

AHEAD = 2
"""Shards in flight for each worker: enough to keep it busy, few enough to keep memory flat."""
PLACE_SECONDS = 120.0
"""So long may the cluster take until the first worker sits on a free core."""
MOST_FAILED_STARTS = 4
"""So many workers in a row may fail to start; then something else than bad luck is wrong."""
LOOK_SECONDS = 2.0


@dataclass(eq=False, slots=True)
class _Hired:
    """A seat, as the driver knows it."""

    actor: Any
    began: Any
    """Comes true when it is up."""
    pid: int | None = None
    """Of its process, once it is up."""


class RayEngine(Engine):
    """Workers on a Ray cluster: one supervised process for each core that it gives.

    Ray retries nothing here: a shard whose worker, node or answer was lost comes back so.
    """

    elsewhere = True

    def __init__(self, ray: Any, options: EngineOptions, *, ours: bool) -> None:
        """Use a connected `ray`; `ours` says that closing ends the connection."""
        self.workers = options.workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        self._ray = ray
        self._ours = ours
        self._options = options
        self._held: Work | None = None
        self._seats: list[_Hired] = []
        self._failed_starts = 0

    @classmethod
    def open(cls, options: EngineOptions) -> Self:
        """Connect to the cluster at `options.address` and hold that its nodes have this packshot."""
        address = ray_cluster.address_of(options.address)
        ray = ray_cluster.load_ray()
        ours = ray_cluster.connect(ray, address, options.workers)
        engine = cls(ray, options, ours=ours)
        try:
            ray_cluster.hold_versions(ray)
        except BaseException:
            engine.close()
            raise
        return engine

    @classmethod
    def hold_installed(cls) -> None:
        """Raise MissingExtra where Ray is not installed."""
        ray_cluster.load_ray()

    def hold(self, work: Work) -> None:
        """Run `work` on every node now, and in every worker that starts later."""
        ray_cluster.hold_everywhere(self._ray, work)
        self._held = work

    def run(self, work: Work, shards: Iterable[Shard], *, alone: bool = False) -> Iterator[Outcome]:
        """Run `work` over `shards`; what is lost with a worker or a node comes back as lost."""
        waiting = iter(shards)
        limit = 1 if alone else self.workers * AHEAD
        ready: deque[Shard] = deque()
        running: dict[Any, tuple[_Hired, Shard]] = {}
        since = time.monotonic()
        try:
            while True:
                while len(ready) + len(running) < limit and (shard := next(waiting, None)) is not None:
                    ready.append(shard)
                if not ready and not running:
                    return
                self._hire(len(ready) + len(running))
                self._assign(work, ready, running)
                done = self._first_done(running)
                if not running and not done and time.monotonic() - since > PLACE_SECONDS:
                    message = f"The Ray cluster gave no worker a core within {PLACE_SECONDS:g} seconds."
                    raise EngineError(message, "Look with `ray status`; wait for a free core, or add a node.")
                for reference in done:
                    yield self._outcome(reference, *running.pop(reference))
                since = time.monotonic() if done else since
        finally:
            for reference in running:
                self._ray.cancel(reference)

    def close(self) -> None:
        """End our workers, and the connection if it is ours; a cluster that was there before stays as it is."""
        for seat in tuple(self._seats):
            self._dismiss(seat)
        if self._ours:
            self._ray.shutdown()

    def _hire(self, wanted: int) -> None:
        if len(self._seats) >= min(wanted, self.workers):
            return
        remote = self._ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0)(Seat)
        while len(self._seats) < min(wanted, self.workers):
            actor = remote.remote(self._options)
            self._seats.append(_Hired(actor, actor.begin.remote(self._held)))

    def _assign(self, work: Work, ready: deque[Shard], running: dict[Any, tuple[_Hired, Shard]]) -> None:
        """Give shards to whoever has least to do."""
        load = Counter({seat: 0 for seat in self._seats if seat.pid is not None})
        load.update(seat for seat, _ in running.values() if seat in load)
        while ready and load:
            seat, busy = min(load.items(), key=lambda item: item[1])
            if busy >= AHEAD:
                return
            shard = ready.popleft()
            running[seat.actor.run.remote(work, shard.number, packed(shard.rows))] = (seat, shard)
            load[seat] += 1

    def _first_done(self, running: dict[Any, tuple[_Hired, Shard]]) -> list[Any]:
        """Answers that are there, after a while at most; workers that are up are marked so on the way."""
        arriving = {seat.began: seat for seat in self._seats if seat.pid is None}
        there, _ = self._ray.wait([*running, *arriving], num_returns=1, timeout=LOOK_SECONDS)
        for reference in there:
            if reference in arriving:
                self._arrived(arriving[reference])
        return [reference for reference in there if reference in running]

    def _arrived(self, seat: _Hired) -> None:
        try:
            seat.pid = self._ray.get(seat.began)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from error
        except self._ray.exceptions.RayError as error:
            self._dismiss(seat)
            self._failed_starts += 1
            if self._failed_starts == MOST_FAILED_STARTS:
                reason = " ".join(str(error).split())[:400]
                raise EngineError(
                    f"Workers do not start on the Ray cluster: {reason}", "Look with `ray status`."
                ) from error
        else:
            self._failed_starts = 0

    def _outcome(self, reference: Any, seat: _Hired, shard: Shard) -> Outcome:
        try:
            outcome: Outcome = self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from error
        except self._ray.exceptions.RayError:
            self._dismiss(seat)
            return Outcome(shard, None, Lost(LossKind.CRASHED, detail="its place on the Ray cluster was lost"))
        return replace(outcome, shard=shard)

    def _dismiss(self, seat: _Hired) -> None:
        if seat in self._seats:
            self._seats.remove(seat)
            self._ray.kill(seat.actor, no_restart=True)
