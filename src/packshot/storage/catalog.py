"""The catalog: what is small, changes, and must change as a whole."""

from __future__ import annotations

import contextlib
import json
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from blake3 import blake3
from sqlalchemy import URL, func, inspect, make_url, select
from sqlalchemy.exc import ArgumentError

from packshot.core.errors import WorkspaceError
from packshot.storage.catalog_tables import (
    CURRENT,
    FORMAT_VERSION,
    JUDGEMENT,
    METADATA,
    PASS,
    POLICY,
    RUN,
    SNAPSHOT,
    SOURCE,
    WORKSPACE,
    CurrentRow,
    JudgementRow,
    JudgementState,
    PolicyRow,
    RunRow,
    RunState,
    SnapshotRow,
    SourceRow,
)
from packshot.storage.sqlite import WRITES, sql_explained, sqlite_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection, Engine, Row, Table

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class Catalog:
    """Sources, snapshots, passes, runs, policies, judgements, and which of them are current.

    Every method is one transaction; what it wrote survives a power cut when it returns. Errors are WorkspaceErrors.
    It may be used from many threads and, opened in each, from many processes.
    """

    def __init__(self, engine: Engine, now: Callable[[], datetime] = utc_now) -> None:
        """Use an engine whose tables are there; `Catalog.open` makes them."""
        self._engine = engine
        self._now = now
        self._place = engine.url.render_as_string(hide_password=True)

    @classmethod
    def open(cls, place: str | Path, *, now: Callable[[], datetime] = utc_now) -> Self:
        """Open the catalog in a file, or at a URL such as `sqlite:////data/shop/catalog.sqlite`; make it if need be.

        Raises:
            WorkspaceError: It cannot be opened, belongs to a newer packshot or to something else, or is no SQLite URL.
        """
        try:
            url = make_url(place) if isinstance(place, str) else URL.create("sqlite", database=str(place))
        except ArgumentError as error:
            raise WorkspaceError(
                "The catalog's URL cannot be read.", "Write sqlite:////folder/catalog.sqlite"
            ) from error
        if url.get_backend_name() != "sqlite":
            raise WorkspaceError(
                f"The catalog cannot be kept in {url.get_backend_name()}.",
                "This version keeps it in SQLite on a local disk: sqlite:////folder/catalog.sqlite",
            )
        catalog = cls(sqlite_engine(url), now)
        try:
            catalog._hold_format()
        except BaseException:
            catalog.close()
            raise
        return catalog

    def close(self) -> None:
        """Close the connections; the catalog opens them again when it is used again."""
        self._engine.dispose()

    # Sources and snapshots

    def add_source(self, source_id: str, uri: str, mapping: Mapping[str, str]) -> None:
        """Make the source known, or update its address (without credentials) and column mapping."""
        values = {"uri_redacted": uri, "mapping_json": _json(mapping)}
        with self._write("adding a source") as connection:
            if not _put_once(connection, SOURCE, {"source_id": source_id}, values):
                connection.execute(SOURCE.update().where(SOURCE.c.source_id == source_id).values(values))

    def source(self, source_id: str) -> SourceRow | None:
        """The source of that id; None where it was never added."""
        return self.sources().get(source_id)

    def sources(self) -> dict[str, SourceRow]:
        """All sources, by id."""
        with self._read("reading the sources") as connection:
            rows = connection.execute(select(SOURCE).order_by(SOURCE.c.source_id)).all()
        return {
            r.source_id: SourceRow(r.source_id, r.uri_redacted, json.loads(r.mapping_json), r.current_snapshot_id)
            for r in rows
        }

    def begin_snapshot(self, source_id: str, digest: str) -> str:
        """Give the id under which the rows of a new snapshot are stored; nobody sees them before its commit."""
        snapshot_id = self._new_id()
        with self._write("beginning a snapshot") as connection:
            connection.execute(SNAPSHOT.insert().values(snapshot_id=snapshot_id, source_id=source_id, digest=digest))
        return snapshot_id

    def commit_snapshot(self, snapshot_id: str, rows: int) -> None:
        """Make a complete snapshot of `rows` rows the source's current one; a second commit changes nothing."""
        with self._write("committing a snapshot") as connection:
            found = connection.execute(select(SNAPSHOT).where(SNAPSHOT.c.snapshot_id == snapshot_id)).one_or_none()
            if found is None:
                raise WorkspaceError(f"There is no snapshot {snapshot_id}.", "Read the source again.")
            if found.ordinal is not None:
                return
            last = connection.execute(select(func.max(SNAPSHOT.c.ordinal))).scalar()
            values = {"rows": rows, "committed_at": _us(self._now()), "ordinal": (last or 0) + 1}
            connection.execute(SNAPSHOT.update().where(SNAPSHOT.c.snapshot_id == snapshot_id).values(values))
            source = SOURCE.update().where(SOURCE.c.source_id == found.source_id)
            connection.execute(source.values(current_snapshot_id=snapshot_id))

    def current_snapshot(self, source_id: str) -> SnapshotRow | None:
        """The last committed snapshot of a source; its digest tells whether the source has changed."""
        ids = select(SOURCE.c.current_snapshot_id).where(SOURCE.c.source_id == source_id)
        with self._read("reading a snapshot") as connection:
            row = connection.execute(select(SNAPSHOT).where(SNAPSHOT.c.snapshot_id.in_(ids))).one_or_none()
        if row is None:
            return None
        return SnapshotRow(row.snapshot_id, row.source_id, row.digest, row.rows, _time_or_none(row.committed_at))

    def committed_snapshots(self) -> list[str]:
        """The ids of all committed snapshots, the oldest first: only their rows count."""
        query = select(SNAPSHOT.c.snapshot_id).where(SNAPSHOT.c.ordinal.is_not(None)).order_by(SNAPSHOT.c.ordinal)
        with self._read("reading the snapshots") as connection:
            return list(connection.execute(query).scalars())

    # Passes and runs

    def open_pass(self, measures: Mapping[str, int]) -> str:
        """The id of the pass that holds these measures in these versions: equal measures, equal id, whoever asks."""
        digest = blake3(_json(measures).encode()).hexdigest()
        pass_id = digest[:16]
        values = {"digest": digest, "measures_json": _json(measures)}
        with self._write("opening a pass") as connection:
            _put_once(connection, PASS, {"pass_id": pass_id}, values)
        return pass_id

    def passes(self) -> dict[str, dict[str, int]]:
        """What each pass holds: pass id → measure → version."""
        with self._read("reading the passes") as connection:
            rows = connection.execute(select(PASS).order_by(PASS.c.pass_id)).all()
        return {row.pass_id: json.loads(row.measures_json) for row in rows}

    def start_run(self, plan_hash: str, plan: Mapping[str, object]) -> str:
        """Record that a run of `plan` (JSON data) begins, and give its id."""
        run_id, now = self._new_id(), _us(self._now())
        values = {"run_id": run_id, "plan_hash": plan_hash, "plan_json": _json(plan), "state": RunState.RUNNING.value}
        with self._write("starting a run") as connection:
            connection.execute(
                RUN.insert().values(values | {"counters_json": "{}", "started_at": now, "heartbeat": now})
            )
        return run_id

    def heartbeat(self, run_id: str, counters: Mapping[str, int]) -> None:
        """Record that the run is alive, and how far it has come."""
        self._update_run(run_id, {"counters_json": _json(counters)})

    def finish_run(self, run_id: str, state: RunState, counters: Mapping[str, int]) -> None:
        """Record how the run ended."""
        self._update_run(run_id, {"counters_json": _json(counters), "state": state.value})

    def runs(self) -> list[RunRow]:
        """All runs, the oldest first."""
        with self._read("reading the runs") as connection:
            rows = connection.execute(select(RUN).order_by(RUN.c.started_at, RUN.c.run_id)).all()
        return [
            RunRow(
                run_id=r.run_id,
                plan_hash=r.plan_hash,
                plan=json.loads(r.plan_json),
                state=RunState(r.state),
                counters=json.loads(r.counters_json),
                started_at=_time(r.started_at),
                heartbeat=_time(r.heartbeat),
            )
            for r in rows
        ]

    # Policies and judgements

    def put_policy(self, policy_hash: str, policy_id: str, toml: str) -> None:
        """Keep the text of a policy; the same hash is the same policy and is kept once."""
        with self._write("keeping a policy") as connection:
            _put_once(connection, POLICY, {"policy_hash": policy_hash}, {"id": policy_id, "toml": toml})

    def policy(self, policy_hash: str) -> PolicyRow | None:
        """The policy of that hash, as it was when it was kept."""
        with self._read("reading a policy") as connection:
            row = connection.execute(select(POLICY).where(POLICY.c.policy_hash == policy_hash)).one_or_none()
        return PolicyRow(row.policy_hash, row.id, row.toml) if row is not None else None

    def begin_judgement(
        self,
        policy_hash: str,
        *,
        rules_as_of: date,
        pins: Mapping[str, int],
        wanted: Mapping[str, int],
        labels_seq: int = 0,
    ) -> str:
        """Give the id under which a judgement's tables are stored; it cannot become current before its commit.

        Args:
            policy_hash: A policy that was put before.
            rules_as_of: The day whose rules are applied.
            pins: The version of each table that is read.
            wanted: The measures that are read, and in which version.
            labels_seq: The last label that is taken into account.
        """
        judgement_id = self._new_id()
        values = {"judgement_id": judgement_id, "policy_hash": policy_hash, "rules_as_of": rules_as_of.isoformat()}
        values |= {"pins_json": _json(pins), "wanted_json": _json(wanted), "state": JudgementState.BUILDING.value}
        with self._write("beginning a judgement") as connection:
            connection.execute(JUDGEMENT.insert().values(values | {"labels_seq": labels_seq, "at": _us(self._now())}))
        return judgement_id

    def commit_judgement(self, judgement_id: str) -> None:
        """Say that all tables of the judgement are stored."""
        update = JUDGEMENT.update().where(JUDGEMENT.c.judgement_id == judgement_id)
        with self._write("committing a judgement") as connection:
            if not connection.execute(update.values(state=JudgementState.COMMITTED.value)).rowcount:
                raise _no_judgement(judgement_id)

    def judgement(self, judgement_id: str) -> JudgementRow | None:
        """The judgement of that id, in whatever state."""
        with self._read("reading a judgement") as connection:
            query = select(JUDGEMENT).where(JUDGEMENT.c.judgement_id == judgement_id)
            row = connection.execute(query).one_or_none()
        return _judgement(row) if row is not None else None

    def judgements(self, policy_id: str | None = None) -> list[JudgementRow]:
        """All judgements, or those by one policy, the oldest first, in whatever state."""
        query = select(JUDGEMENT).order_by(JUDGEMENT.c.at, JUDGEMENT.c.judgement_id)
        if policy_id is not None:
            query = query.join(POLICY, POLICY.c.policy_hash == JUDGEMENT.c.policy_hash).where(POLICY.c.id == policy_id)
        with self._read("reading the judgements") as connection:
            return [_judgement(row) for row in connection.execute(query)]

    def set_current(
        self, policy_id: str, judgement_id: str, *, match_generation: str | None = None, choice_id: str | None = None
    ) -> None:
        """Show this committed judgement, with its matches and choice: the one row that makes it visible."""
        values = {"judgement_id": judgement_id, "match_generation": match_generation, "choice_id": choice_id}
        state = select(JUDGEMENT.c.state).where(JUDGEMENT.c.judgement_id == judgement_id)
        with self._write("making a judgement current") as connection:
            if connection.execute(state).scalar() != JudgementState.COMMITTED.value:
                raise _no_judgement(judgement_id)
            if not _put_once(connection, CURRENT, {"policy_id": policy_id}, values):
                connection.execute(CURRENT.update().where(CURRENT.c.policy_id == policy_id).values(values))

    def current(self, policy_id: str) -> CurrentRow | None:
        """What is shown for this policy; None before its first judgement."""
        return self.currents().get(policy_id)

    def currents(self) -> dict[str, CurrentRow]:
        """What is shown for each policy, by policy id."""
        with self._read("reading what is current") as connection:
            rows = connection.execute(select(CURRENT).order_by(CURRENT.c.policy_id)).all()
        return {r.policy_id: CurrentRow(r.policy_id, r.judgement_id, r.match_generation, r.choice_id) for r in rows}

    # How it is done

    def _update_run(self, run_id: str, values: dict[str, str]) -> None:
        update = RUN.update().where(RUN.c.run_id == run_id).values(**values, heartbeat=_us(self._now()))
        with self._write("recording the run") as connection:
            if not connection.execute(update).rowcount:
                raise WorkspaceError(f"There is no run {run_id}.", "The catalog was replaced while the run went on.")

    def _hold_format(self) -> None:
        """Make the tables where there are none; refuse what is newer or not ours."""
        with self._read("opening the catalog") as connection:
            found = set(inspect(connection).get_table_names())
            version = (
                connection.execute(select(WORKSPACE.c.format_version)).scalar() if WORKSPACE.name in found else None
            )
        if version is None and found - set(METADATA.tables):
            raise WorkspaceError(
                f"The database {self._place} holds other tables and is no packshot catalog.",
                "Name another workspace with --workspace.",
            )
        if version is None:
            with self._write("making the catalog") as connection:
                METADATA.create_all(connection)
                _put_once(connection, WORKSPACE, {"format_version": FORMAT_VERSION}, {})
        elif version > FORMAT_VERSION:
            raise WorkspaceError(
                f"A newer packshot made this workspace: its format is {version}, this one reads {FORMAT_VERSION}.",
                "pip install --upgrade packshot",
            )

    @contextlib.contextmanager
    def _write(self, doing: str) -> Iterator[Connection]:
        with (
            sql_explained(doing, self._place),
            self._engine.connect().execution_options(**{WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    @contextlib.contextmanager
    def _read(self, doing: str) -> Iterator[Connection]:
        with sql_explained(doing, self._place), self._engine.connect() as connection:
            yield connection

    def _new_id(self) -> str:
        """An id that sorts by time and can be the name of a folder."""
        return f"{self._now().astimezone(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


def _put_once(connection: Connection, table: Table, key: Mapping[str, object], values: Mapping[str, object]) -> bool:
    """Insert a row unless its key is there; gives whether it was inserted. The transaction must be a writing one."""
    ((column, value),) = key.items()
    if connection.execute(select(table.c[column]).where(table.c[column] == value)).first() is not None:
        return False
    connection.execute(table.insert().values({**key, **values}))
    return True


def _judgement(row: Row[Any]) -> JudgementRow:
    return JudgementRow(
        judgement_id=row.judgement_id,
        policy_hash=row.policy_hash,
        rules_as_of=date.fromisoformat(row.rules_as_of),
        pins=json.loads(row.pins_json),
        wanted=json.loads(row.wanted_json),
        labels_seq=row.labels_seq,
        state=JudgementState(row.state),
        at=_time(row.at),
    )


def _no_judgement(judgement_id: str) -> WorkspaceError:
    return WorkspaceError(
        f"There is no complete judgement {judgement_id}.", "Judge again: `packshot run` with the policy."
    )


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(dict(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _us(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(microseconds=1)


def _time(us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=us)


def _time_or_none(us: int | None) -> datetime | None:
    return None if us is None else _time(us)
