"""Passes and runs, in the catalog."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from blake3 import blake3
from sqlalchemy import select

from packshot.core.errors import WorkspaceError
from packshot.storage.catalog_life import Life
from packshot.storage.catalog_tables import PASS, RUN, RunRow, RunState
from packshot.storage.catalog_transactions import Transactions, as_json, microseconds, put_once, time_of
from packshot.storage.processes import this_process

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Row

    from packshot.core.measurement import Version


class RunRecords(Transactions):
    """What was measured together, and how each run went."""

    def open_pass(self, measures: Mapping[str, Version]) -> str:
        """The id of the pass that holds these measures in these versions: equal measures, equal id, whoever asks."""
        digest = blake3(as_json(measures).encode()).hexdigest()
        pass_id = digest[:16]
        values = {"digest": digest, "measures_json": as_json(measures)}
        with self._write("opening a pass") as connection:
            put_once(connection, PASS, {"pass_id": pass_id}, values)
        return pass_id

    def passes(self) -> dict[str, dict[str, Version]]:
        """What each pass holds: pass id → measure → version."""
        with self._read("reading the passes") as connection:
            rows = connection.execute(select(PASS).order_by(PASS.c.pass_id)).all()
        return {row.pass_id: json.loads(row.measures_json) for row in rows}

    def start_run(self, plan_hash: str, plan: Mapping[str, object]) -> str:
        """Record that a run of `plan` (JSON data) begins, and give its id."""
        run_id, now = self._new_id(), microseconds(self._now())
        values = {"run_id": run_id, "plan_hash": plan_hash, "plan_json": as_json(plan), "state": RunState.RUNNING.value}
        values["process"] = str(this_process())
        with self._write("starting a run") as connection:
            connection.execute(
                RUN.insert().values(values | {"counters_json": "{}", "started_at": now, "heartbeat": now})
            )
        return run_id

    def heartbeat(self, run_id: str, counters: Mapping[str, int]) -> None:
        """Record that the run is alive, and how far it has come."""
        self._update_run(run_id, {"counters_json": as_json(counters)})

    def finish_run(
        self, run_id: str, state: RunState, counters: Mapping[str, int], *, result: Mapping[str, object] | None = None
    ) -> None:
        """Record how the run ended and what it left (`result`: JSON data)."""
        values = {"counters_json": as_json(counters), "state": state.value, "result_json": as_json(result or {})}
        self._update_run(run_id, values)

    def runs(self) -> list[RunRow]:
        """All runs, the oldest first; one that is running while its process is gone shows as killed."""
        with self._read("reading the runs") as connection:
            life = Life(connection, self._now())
            rows = connection.execute(select(RUN).order_by(RUN.c.started_at, RUN.c.run_id)).all()
        return [
            RunRow(
                run_id=r.run_id,
                plan_hash=r.plan_hash,
                plan=json.loads(r.plan_json),
                state=_state(r, life),
                counters=json.loads(r.counters_json),
                started_at=time_of(r.started_at),
                heartbeat=time_of(r.heartbeat),
                result=json.loads(r.result_json),
            )
            for r in rows
        ]

    def _update_run(self, run_id: str, values: dict[str, str]) -> None:
        update = RUN.update().where(RUN.c.run_id == run_id).values(**values, heartbeat=microseconds(self._now()))
        with self._write("recording the run") as connection:
            if not connection.execute(update).rowcount:
                raise WorkspaceError(f"There is no run {run_id}.", "The catalog was replaced while the run went on.")


def _state(row: Row[Any], life: Life) -> RunState:
    state = RunState(row.state)
    return RunState.KILLED if state is RunState.RUNNING and life.gone(row.process, row.heartbeat) else state
