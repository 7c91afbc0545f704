"""The SQL tables of the catalog, and their rows as Python sees them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, String, Table, Text, UniqueConstraint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

FORMAT_VERSION = 1
"""Raise it when an older packshot could no longer read the workspace."""


class RunState(StrEnum):
    """How a run ended, if it did."""

    RUNNING = "running"
    """Still going, or killed: its heartbeat tells."""
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class JudgementState(StrEnum):
    """Whether a judgement may be read."""

    BUILDING = "building"
    COMMITTED = "committed"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Where listings come from."""

    source_id: str
    uri: str
    """As given, without credentials."""
    mapping: Mapping[str, str]
    current_snapshot_id: str | None


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """One complete reading of a source."""

    snapshot_id: str
    source_id: str
    digest: str
    """Of what was read: equal when the feed is unchanged."""
    rows: int | None
    committed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of a plan."""

    run_id: str
    plan_hash: str
    plan: Mapping[str, object]
    state: RunState
    counters: Mapping[str, int]
    started_at: datetime
    heartbeat: datetime
    """The last sign of life."""


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy as it was when something was judged by it."""

    policy_hash: str
    policy_id: str
    toml: str


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """One judging of all placements by one policy."""

    judgement_id: str
    policy_hash: str
    rules_as_of: date
    pins: Mapping[str, int]
    """The version of each table that was read."""
    wanted: Mapping[str, int]
    """The measures that were read, and in which version."""
    labels_seq: int
    state: JudgementState
    at: datetime


@dataclass(frozen=True, slots=True)
class CurrentRow:
    """What is shown for one policy."""

    policy_id: str
    judgement_id: str
    match_generation: str | None
    choice_id: str | None


METADATA = MetaData()
_ID = String(128)

WORKSPACE = Table("workspace", METADATA, Column("format_version", Integer, primary_key=True))

SOURCE = Table(
    "source",
    METADATA,
    Column("source_id", _ID, primary_key=True),
    Column("uri_redacted", Text, nullable=False),
    Column("mapping_json", Text, nullable=False),
    Column("current_snapshot_id", _ID),
)

SNAPSHOT = Table(
    "snapshot",
    METADATA,
    Column("snapshot_id", _ID, primary_key=True),
    Column("source_id", ForeignKey("source.source_id"), nullable=False, index=True),
    Column("digest", Text, nullable=False),
    Column("rows", BigInteger),
    Column("committed_at", BigInteger),
    # The order of commits: clocks go back, this does not.
    Column("ordinal", Integer),
    UniqueConstraint("ordinal"),
)

PASS = Table(
    "pass",
    METADATA,
    Column("pass_id", _ID, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("measures_json", Text, nullable=False),
)

RUN = Table(
    "run",
    METADATA,
    Column("run_id", _ID, primary_key=True),
    Column("plan_hash", Text, nullable=False),
    Column("plan_json", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("counters_json", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("heartbeat", BigInteger, nullable=False),
)

POLICY = Table(
    "policy",
    METADATA,
    Column("policy_hash", _ID, primary_key=True),
    Column("id", Text, nullable=False),
    Column("toml", Text, nullable=False),
)

JUDGEMENT = Table(
    "judgement",
    METADATA,
    Column("judgement_id", _ID, primary_key=True),
    Column("policy_hash", ForeignKey("policy.policy_hash"), nullable=False),
    Column("rules_as_of", String(10), nullable=False),
    Column("pins_json", Text, nullable=False),
    Column("wanted_json", Text, nullable=False),
    Column("labels_seq", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

CURRENT = Table(
    "current",
    METADATA,
    Column("policy_id", _ID, primary_key=True),
    Column("judgement_id", ForeignKey("judgement.judgement_id"), nullable=False),
    Column("match_generation", Text),
    Column("choice_id", Text),
)
