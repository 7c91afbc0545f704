"""The SQL tables of the catalog, and their rows as Python sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, String, Table, Text, UniqueConstraint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from packshot.core.measurement import Version

FORMAT_VERSION = 3
"""Raise it, and write a step in migrations.py, when a table changes."""


class RunState(StrEnum):
    """How a run ended, if it did."""

    RUNNING = "running"
    """Still going."""
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    KILLED = "killed"
    """Never stored: it was running, and its process is gone."""


class TombstoneKind(StrEnum):
    """What was forgotten."""

    ASSET = "asset"
    """By asset_id."""
    URI = "uri"
    """By uri_key."""
    LISTING = "listing"
    """By listing_id."""


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
    result: Mapping[str, Any] = field(default_factory=dict)
    """What a finished run left: the ids by which two runs are compared. Empty for runs that ended otherwise."""


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """What one process does alone."""

    name: str
    holder: str
    fence: int
    until: datetime
    """By the holder's clock, if it is not renewed."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What must not come back."""

    kind: TombstoneKind
    key: str
    because: str = ""


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
    wanted: Mapping[str, Version]
    """The measures that were read, and in which version."""
    labels_seq: int
    state: JudgementState
    at: datetime
    abandoned: bool = False
    """Still building, and its process is gone: nobody will finish it."""


@dataclass(frozen=True, slots=True)
class CurrentRow:
    """What is shown for one policy."""

    policy_id: str
    judgement_id: str
    match_generation: str | None
    choice_id: str | None


@dataclass(frozen=True, slots=True)
class NewLabel:
    """What somebody says, before it is kept."""

    question: str
    subject_kind: str
    subject_id: str
    answer: Mapping[str, object]
    author: str
    at: datetime | None = None
    """When it was said; now by default."""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """What somebody said, as it is kept for ever."""

    seq: int
    """Grows by one with every label."""
    question: str
    subject_kind: str
    subject_id: str
    answer: Mapping[str, Any]
    author: str
    at: datetime
    supersedes: int | None
    """The label about the same that stood until then."""


METADATA = MetaData()
_ID = String(128)

WORKSPACE = Table(
    "workspace",
    METADATA,
    Column("format_version", Integer, primary_key=True),
    Column("workspace_id", String(36), nullable=False, server_default=""),
)

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
    Column("process", Text, nullable=False, server_default=""),
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
    Column("result_json", Text, nullable=False, server_default="{}"),
    Column("process", Text, nullable=False, server_default=""),
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
    Column("process", Text, nullable=False, server_default=""),
)

CURRENT = Table(
    "current",
    METADATA,
    Column("policy_id", _ID, primary_key=True),
    Column("judgement_id", ForeignKey("judgement.judgement_id"), nullable=False),
    Column("match_generation", Text),
    Column("choice_id", Text),
)

LEASE = Table(
    "lease",
    METADATA,
    Column("name", _ID, primary_key=True),
    # Empty when nobody holds it; the row stays, so that the fence grows for ever.
    Column("holder", Text, nullable=False),
    Column("fence", BigInteger, nullable=False),
    # How often it was renewed: those who wait watch it change. They cannot compare `until` with their own clocks.
    Column("beats", BigInteger, nullable=False),
    Column("ttl_us", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)

TOMBSTONE = Table(
    "tombstone",
    METADATA,
    Column("kind", String(16), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("because", Text, nullable=False),
)

COMPACTION = Table(
    "compaction",
    METADATA,
    Column("table_name", _ID, primary_key=True),
    Column("to_version", BigInteger, primary_key=True),
    Column("from_version", BigInteger, nullable=False),
)

LABEL = Table(
    "label",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("question", Text, nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("answer_json", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("supersedes", BigInteger),
)
"""Only ever appended to; what is forgotten for good is emptied in its place, so that no number is given twice."""
