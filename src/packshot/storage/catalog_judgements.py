"""Policies, judgements, and which of them are shown, in the catalog."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from packshot.core.errors import WorkspaceError
from packshot.storage.catalog_leases import LeaseRecords
from packshot.storage.catalog_life import Life
from packshot.storage.catalog_tables import (
    CURRENT,
    JUDGEMENT,
    POLICY,
    CurrentRow,
    JudgementRow,
    JudgementState,
    PolicyRow,
)
from packshot.storage.catalog_transactions import as_json, microseconds, put_once, time_of
from packshot.storage.faults import fault
from packshot.storage.processes import this_process

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Row

    from packshot.core.measurement import Version


class JudgementRecords(LeaseRecords):
    """What was judged by which policy, and what of it is shown."""

    def put_policy(self, policy_hash: str, policy_id: str, toml: str) -> None:
        """Keep the text of a policy; the same hash is the same policy and is kept once."""
        with self._write("keeping a policy") as connection:
            put_once(connection, POLICY, {"policy_hash": policy_hash}, {"id": policy_id, "toml": toml})

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
        wanted: Mapping[str, Version],
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
        values |= {"pins_json": as_json(pins), "wanted_json": as_json(wanted), "state": JudgementState.BUILDING.value}
        values["process"] = str(this_process())
        with self._write("beginning a judgement") as connection:
            connection.execute(
                JUDGEMENT.insert().values(values | {"labels_seq": labels_seq, "at": microseconds(self._now())})
            )
        return judgement_id

    def commit_judgement(self, judgement_id: str) -> None:
        """Say that all tables of the judgement are stored."""
        update = JUDGEMENT.update().where(JUDGEMENT.c.judgement_id == judgement_id)
        with self._write("committing a judgement") as connection:
            if not connection.execute(update.values(state=JudgementState.COMMITTED.value)).rowcount:
                raise _no_judgement(judgement_id)
            fault("judgement:before-commit")
        fault("judgement:committed")

    def judgement(self, judgement_id: str) -> JudgementRow | None:
        """The judgement of that id, in whatever state."""
        with self._read("reading a judgement") as connection:
            query = select(JUDGEMENT).where(JUDGEMENT.c.judgement_id == judgement_id)
            row = connection.execute(query).one_or_none()
            return _judgement(row, Life(connection, self._now())) if row is not None else None

    def judgements(self, policy_id: str | None = None) -> list[JudgementRow]:
        """All judgements, or those by one policy, the oldest first, in whatever state."""
        query = select(JUDGEMENT).order_by(JUDGEMENT.c.at, JUDGEMENT.c.judgement_id)
        if policy_id is not None:
            query = query.join(POLICY, POLICY.c.policy_hash == JUDGEMENT.c.policy_hash).where(POLICY.c.id == policy_id)
        with self._read("reading the judgements") as connection:
            life = Life(connection, self._now())
            return [_judgement(row, life) for row in connection.execute(query)]

    def delete_judgements(self, ids: Collection[str]) -> None:
        """Forget these judgements, all or none; their tables are the caller's to delete, before.

        Raises WorkspaceError where one of them is shown, and LostLease as `set_current` does.
        """
        with self._commit("deleting judgements") as connection:
            shown = connection.execute(select(CURRENT.c.judgement_id).where(CURRENT.c.judgement_id.in_(ids))).first()
            if shown is not None:
                raise WorkspaceError(
                    f"The judgement {shown.judgement_id} is shown and cannot be deleted.",
                    "Judge again first: `packshot run` with its policy.",
                )
            connection.execute(JUDGEMENT.delete().where(JUDGEMENT.c.judgement_id.in_(ids)))

    def set_current(
        self, policy_id: str, judgement_id: str, *, match_generation: str | None = None, choice_id: str | None = None
    ) -> None:
        """Show this committed judgement, with its matches and choice: the one row that makes it visible.

        Raises LostLease, and changes nothing, where this thread has lost a lease that it works under.
        """
        values = {"judgement_id": judgement_id, "match_generation": match_generation, "choice_id": choice_id}
        state = select(JUDGEMENT.c.state).where(JUDGEMENT.c.judgement_id == judgement_id)
        with self._commit("making a judgement current") as connection:
            if connection.execute(state).scalar() != JudgementState.COMMITTED.value:
                raise _no_judgement(judgement_id)
            if not put_once(connection, CURRENT, {"policy_id": policy_id}, values):
                connection.execute(CURRENT.update().where(CURRENT.c.policy_id == policy_id).values(values))
            fault("current:before-commit")
        fault("current:committed")

    def current(self, policy_id: str) -> CurrentRow | None:
        """What is shown for this policy; None before its first judgement."""
        return self.currents().get(policy_id)

    def currents(self) -> dict[str, CurrentRow]:
        """What is shown for each policy, by policy id."""
        with self._read("reading what is current") as connection:
            rows = connection.execute(select(CURRENT).order_by(CURRENT.c.policy_id)).all()
        return {r.policy_id: CurrentRow(r.policy_id, r.judgement_id, r.match_generation, r.choice_id) for r in rows}


def _judgement(row: Row[Any], life: Life) -> JudgementRow:
    return JudgementRow(
        judgement_id=row.judgement_id,
        policy_hash=row.policy_hash,
        rules_as_of=date.fromisoformat(row.rules_as_of),
        pins=json.loads(row.pins_json),
        wanted=json.loads(row.wanted_json),
        labels_seq=row.labels_seq,
        state=JudgementState(row.state),
        at=time_of(row.at),
        abandoned=row.state == JudgementState.BUILDING.value and life.gone(row.process, row.at),
    )


def _no_judgement(judgement_id: str) -> WorkspaceError:
    return WorkspaceError(
        f"There is no complete judgement {judgement_id}.", "Judge again: `packshot run` with the policy."
    )
