"""What people have said, as tables that judging and matching read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from packshot.core.label import SAME_PICTURE, Answer, Subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from packshot.evaluate.bind import BoundPolicy
    from packshot.pipeline.stores import Stores
    from packshot.storage.catalog_tables import LabelRow

LABELS = pl.Schema(
    {
        "seq": pl.Int64(),
        "question": pl.String(),
        "subject_kind": pl.String(),
        "subject_id": pl.String(),
        "placement_id": pl.String(),
        "asset_id": pl.String(),
        "other_asset_id": pl.String(),
        "answer": pl.String(),
        "because": pl.String(),
        "author": pl.String(),
        "at": pl.Datetime("us", "UTC"),
        "supersedes": pl.Int64(),
        "said_of": pl.String(),
    }
)
"""A label in columns; `said_of` is what the rule said when a person spoke, null where nobody noted it."""
SAID = pl.Schema(
    {
        "placement_id": pl.String(),
        "asset_id": pl.String(),
        "rule": pl.String(),
        "seq": pl.Int64(),
        "author": pl.String(),
        "at": pl.Datetime("us", "UTC"),
        "because": pl.String(),
        "status": pl.String(),
    }
)
"""What people say in place of rules: `status` is `pass` or `fail`."""
PAIRS = pl.Schema({"asset_a": pl.String(), "asset_b": pl.String(), "same": pl.Boolean(), "seq": pl.Int64()})
"""What people say of pairs; `asset_a` is the lesser."""
_KEY = ("question", "subject_kind", "subject_id")


@dataclass(frozen=True, slots=True)
class Word:
    """What stands of all that people have said, up to some label."""

    standing: pl.DataFrame
    """The last label about each thing, as `LABELS`; those that withdraw what was said among them."""

    def of_policy(self, bound: BoundPolicy, placements: pl.DataFrame) -> pl.DataFrame:
        """A row of `SAID` for each rule of `bound` and placement that somebody spoke of.

        What was said of a picture that is no longer in its place is not among them.
        """
        told = self._about(bound, placements).filter(pl.col("answer") != Answer.WITHDRAWN.value)
        told = told.sort("seq").unique(("placement_id", "asset_id", "rule"), keep="last", maintain_order=True)
        return told.rename({"answer": "status"}).select(list(SAID))

    def of_pairs(self, placements: pl.DataFrame) -> pl.DataFrame:
        """A row of `PAIRS` for each pair of placed assets that somebody spoke of."""
        told = self._of_placed_pairs(placements).filter(pl.col("answer") != Answer.WITHDRAWN.value)
        same = (pl.col("answer") == Answer.SAME.value).alias("same")
        return told.select(pl.col("asset_id").alias("asset_a"), pl.col("other_asset_id").alias("asset_b"), same, "seq")

    def last_seq(self, bound: BoundPolicy, placements: pl.DataFrame) -> int:
        """The last label that matters to a judgement: of its rules and pictures, or of two of its pictures; else 0."""
        parts = (self._about(bound, placements)["seq"], self._of_placed_pairs(placements)["seq"])
        return max((seq for part in parts for seq in part.to_list()), default=0)

    def _about(self, bound: BoundPolicy, placements: pl.DataFrame) -> pl.DataFrame:
        """The labels about rules of the policy and pictures in their places, with `rule`."""
        rows = self.standing.filter(pl.col("subject_kind") == Subject.PLACEMENT.value)
        places = placements.select("placement_id", "asset_id").drop_nulls()
        rows = rows.join(places, on=("placement_id", "asset_id"), how="semi")
        return rows.join(questions(bound), on="question", how="inner", maintain_order="left")

    def _of_placed_pairs(self, placements: pl.DataFrame) -> pl.DataFrame:
        ids = placements.select("asset_id").drop_nulls().unique()
        rows = self.standing.filter(pl.col("question") == SAME_PICTURE)
        rows = rows.join(ids, on="asset_id", how="semi")
        return rows.join(ids.rename({"asset_id": "other_asset_id"}), on="other_asset_id", how="semi")


def word(stores: Stores, upto: int | None = None) -> Word:
    """What people have said; by the labels up to the number `upto` where it is given."""
    every = [] if upto == 0 else stores.catalog.labels()
    rows = [row for row in every if upto is None or row.seq <= upto]
    return Word(frame_of(rows).unique(_KEY, keep="last", maintain_order=True))


def frame_of(rows: Sequence[LabelRow]) -> pl.DataFrame:
    """Labels as a table with the columns of `LABELS`, in their order."""
    return pl.DataFrame([_values(row) for row in rows], schema=LABELS, orient="row")


def questions(bound: BoundPolicy) -> pl.DataFrame:
    """`question rule`: by which questions each rule of the policy is spoken of.

    By its id, by its check, and by either of them behind the policy's id and a slash.
    """
    policy = bound.policy.id
    told = [
        (question, rule.rule.id)
        for rule in bound.rules
        for name in dict.fromkeys((rule.rule.id, rule.rule.check))
        if name
        for question in (name, f"{policy}/{name}")
    ]
    return pl.DataFrame(told, schema={"question": pl.String(), "rule": pl.String()}, orient="row")


def with_authors(findings: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Described `findings` where `measured` is a person's word wherever one stands in place of the rule's.

    `said` is what `Word.of_policy` gave when they were judged.
    """
    if said.is_empty():
        return findings
    because = pl.when(pl.col("because") == "").then(pl.lit("")).otherwise(pl.format(": {}", "because"))
    text = pl.format("{} says so ({}){}", "author", pl.col("at").dt.strftime("%Y-%m-%d"), because)
    told = said.filter(pl.col("status") == Answer.FAIL.value).select("placement_id", "rule", text.alias("_said"))
    rows = findings.join(told, on=("placement_id", "rule"), how="left", maintain_order="left")
    return rows.with_columns(pl.coalesce("_said", "measured").alias("measured")).drop("_said")


def _values(row: LabelRow) -> tuple[object, ...]:
    first, _, second = row.subject_id.partition("/")
    pair = row.subject_kind == Subject.PAIR.value
    placement, asset, other = (None, first, second) if pair else (first, second, None)
    answer = row.answer
    return (
        *(row.seq, row.question, row.subject_kind, row.subject_id, placement, asset, other),
        *(answer.get("answer"), answer.get("because", ""), row.author, row.at, row.supersedes, answer.get("said_of")),
    )
