"""Which labels count now, and why the others do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from packshot.core.label import Answer, Subject
from packshot.core.plural import plural
from packshot.pipeline.current_rows import placed
from packshot.pipeline.peoples_word import frame_of, questions

if TYPE_CHECKING:
    from packshot.evaluate.bind import BoundPolicy
    from packshot.pipeline.stores import Stores


def label_rows(stores: Stores, placements: pl.DataFrame | None = None) -> pl.DataFrame:
    """All labels, the oldest first, with where their subject stands and whether they count: see `STATES`.

    `placements` are those that stand now; they are read unless given.
    """
    rows = frame_of(stores.catalog.labels())
    places = (placed(stores).placements if placements is None else placements).select(
        "placement_id", "listing_id", "source_uri", now="asset_id"
    )
    there = places.drop_nulls("now").unique("now", keep="first", maintain_order=True)
    there = there.select("now", pl.lit(True).alias("there"), uri="source_uri")
    rows = rows.join(places, on="placement_id", how="left", maintain_order="left")
    rows = rows.join(there, left_on="asset_id", right_on="now", how="left", maintain_order="left")
    rows = rows.join(
        there, left_on="other_asset_id", right_on="now", how="left", suffix="_other", maintain_order="left"
    )
    last = pl.col("seq") == pl.col("seq").max().over("question", "subject_kind", "subject_id")
    pair = pl.col("subject_kind") == Subject.PAIR.value
    both = (pl.col("there") & pl.col("there_other")).fill_null(value=False)
    state = (
        pl.when(~last)
        .then(pl.lit("superseded"))
        .when(pl.col("answer") == Answer.WITHDRAWN.value)
        .then(pl.lit("withdrawal"))
        .when(pl.when(pair).then(~both).otherwise(pl.col("listing_id").is_null()))
        .then(pl.lit("not placed"))
        .when(~pair & pl.col("asset_id").ne_missing(pl.col("now")))
        .then(pl.lit("picture replaced"))
        .otherwise(pl.lit("counts"))
    )
    first = ("seq", "question", "answer", "because", "author", "at", "state", "listing_id", "source_uri")
    rest = ("placement_id", "asset_id", "other_asset_id", "other_source_uri", "subject_kind", "supersedes", "said_of")
    uris = (pl.when(pair).then("uri").otherwise("source_uri").alias("source_uri"), pl.col("uri_other"))
    told = rows.with_columns(state.alias("state"), *uris).rename({"uri_other": "other_source_uri"})
    return told.select(*first, *rest)


STANDING = ("counts", "not asked")
"""The states of what nobody took back and what is of pictures that are there."""
STATES = {
    "counts": "it is judged and matched by",
    "not asked": "it stands, and no policy that was judged here has such a rule",
    "from the next run": "it was said after this was judged",
    "superseded": "somebody spoke of the same later",
    "withdrawal": "it takes back what was said before",
    "picture replaced": "another picture stands in that place now: it does not count, and nothing is carried over",
    "not placed": "what it is about is placed nowhere now",
}
"""Whether a label counts, and how that is said."""


def words_on(stores: Stores, bound: BoundPolicy, labels_seq: int) -> pl.DataFrame:
    """What a person should know who reads a judgement by `bound` that took the labels up to `labels_seq` into account.

    The columns of `label_rows`: what counts, what will from the next run, and what was said of pictures that have been
    replaced since; of the policy's rules and of pairs. What nobody stands by any more is left out.
    """
    rows = label_rows(stores)
    asked = pl.col("question").is_in(questions(bound)["question"].implode())
    late = pl.col("seq") > labels_seq
    standing = pl.col("state").is_in(["counts", "picture replaced"])
    rows = rows.filter((asked | (pl.col("subject_kind") == Subject.PAIR.value)) & (standing | _withdrawn(late)))
    waits = late & pl.col("state").is_in(["counts", "withdrawal"])
    return rows.with_columns(pl.when(waits).then(pl.lit("from the next run")).otherwise("state").alias("state"))


def _withdrawn(late: pl.Expr) -> pl.Expr:
    """Withdrawals that a judgement has not seen: what they take back still counts in it."""
    return (pl.col("state") == "withdrawal") & late


def replaced_note(stores: Stores, placements: pl.DataFrame) -> list[str]:
    """A line that says how much of what people said is of pictures that have been replaced; none where nothing is."""
    if not stores.catalog.last_label():
        return []
    count = label_rows(stores, placements).filter(pl.col("state") == "picture replaced").height
    if not count:
        return []
    return [f"{plural(count, 'label')} of pictures that were replaced, which do not count: packshot label list --all."]
