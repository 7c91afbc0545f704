"""How a catalog of an older format becomes one of this format: ordered steps, done in one transaction.

A step is written in plain SQL that SQLite and PostgreSQL both take, and is never changed once it was released: the
tables it starts from are those of its time, not those of catalog_tables.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

_TO_2 = (
    "ALTER TABLE workspace ADD COLUMN workspace_id VARCHAR(36) NOT NULL DEFAULT ''",
    "ALTER TABLE run ADD COLUMN result_json TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE run ADD COLUMN process TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE snapshot ADD COLUMN process TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE judgement ADD COLUMN process TEXT NOT NULL DEFAULT ''",
    (
        "CREATE TABLE lease (name VARCHAR(128) NOT NULL PRIMARY KEY, holder TEXT NOT NULL, fence BIGINT NOT NULL,"
        " beats BIGINT NOT NULL, ttl_us BIGINT NOT NULL, until BIGINT NOT NULL)"
    ),
    (
        'CREATE TABLE tombstone (kind VARCHAR(16) NOT NULL, "key" TEXT NOT NULL, at BIGINT NOT NULL,'
        ' because TEXT NOT NULL, PRIMARY KEY (kind, "key"))'
    ),
    (
        "CREATE TABLE compaction (table_name VARCHAR(128) NOT NULL, to_version BIGINT NOT NULL,"
        " from_version BIGINT NOT NULL, PRIMARY KEY (table_name, to_version))"
    ),
)


def _to_2(connection: Connection) -> None:
    """Workspaces have an id; runs have a result and a process; leases, tombstones and compactions are kept."""
    for statement in _TO_2:
        connection.execute(text(statement))
    connection.execute(text("UPDATE workspace SET workspace_id = :id"), {"id": str(uuid.uuid4())})


def _to_3(connection: Connection) -> None:
    """What people say is kept."""
    connection.execute(
        text(
            "CREATE TABLE label (seq BIGINT NOT NULL PRIMARY KEY, question TEXT NOT NULL,"
            " subject_kind VARCHAR(16) NOT NULL, subject_id TEXT NOT NULL, answer_json TEXT NOT NULL,"
            " author TEXT NOT NULL, at BIGINT NOT NULL, supersedes BIGINT)"
        )
    )


STEPS: dict[int, Callable[[Connection], None]] = {1: _to_2, 2: _to_3}
"""Format → the step that makes the next format of it."""


def migrate(connection: Connection, found: int, wanted: int) -> None:
    """Do all steps from the format `found` to `wanted` in the transaction of `connection`."""
    for version in range(found, wanted):
        STEPS[version](connection)
    connection.execute(text("UPDATE workspace SET format_version = :version"), {"version": wanted})
