"""Which rules said nothing of a placement in a judgement because they were not asked, or had nothing to judge by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from packshot.evaluate.bind import holds
from packshot.evaluate.categories import all_named
from packshot.evaluate.judge_status import speaks_of_category

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packshot.evaluate.bind import BoundRule
    from packshot.pipeline.delta_sides import Side

NOT_ASKED = "not asked"
"""The policy had no such rule on that day, or it does not speak of the placement's role or category."""
NOT_JUDGED = "not judged"
"""There was no picture that could be opened."""
UNREADABLE = ("fetch", "decode")


def silence(side: Side, placements: pl.Series, rules: Iterable[str]) -> pl.DataFrame:
    """`placement_id rule word`: `NOT_ASKED` or `NOT_JUDGED`, for those `rules` that said so little of `placements`.

    Of what a rule was asked and could judge there is no row; nor is there any where the policy of then is not known.
    """
    names = pl.Schema({"placement_id": pl.String, "rule": pl.String, "word": pl.String})
    parts = [names.to_frame()]
    if side.bound is None:
        return parts[0]
    known = {id_: one for id_, one in side.bound.by_id().items() if holds(one.rule, side.judgement.rules_as_of)}
    places = _places(side, placements)
    blind = _blind(side, places)
    for id_ in rules:
        speaks = _speaks(known[id_]) if id_ in known else pl.lit(False)
        word = pl.when(~speaks).then(pl.lit(NOT_ASKED)).when(blind).then(pl.lit(NOT_JUDGED))
        parts.append(places.select("placement_id", rule=pl.lit(id_), word=word).drop_nulls("word"))
    return pl.concat(parts)


def _places(side: Side, placements: pl.Series) -> pl.DataFrame:
    """`placement_id asset_id role category` as they were judged."""
    judged = side.verdicts.select("placement_id", "listing_id", "asset_id", "role")
    judged = judged.filter(pl.col("placement_id").is_in(placements.unique().implode()))
    source = side.placements.select("placement_id", "source_id").unique("placement_id", keep="last")
    named = side.listings.select("source_id", "listing_id", all_named(side.listings))
    named = named.unique(["source_id", "listing_id"], keep="last")
    rows = judged.join(source, on="placement_id", how="left")
    return rows.join(named, on=("source_id", "listing_id"), how="left", nulls_equal=True)


def _blind(side: Side, places: pl.DataFrame) -> pl.Expr:
    lost = side.troubles.filter(pl.col("stage").is_in(UNREADABLE))["placement_id"].drop_nulls().unique()
    without = places.filter(pl.col("asset_id").is_null())["placement_id"]
    return pl.col("placement_id").is_in(pl.concat([lost, without]).implode())


def _speaks(bound: BoundRule) -> pl.Expr:
    roles = [role.value for role in bound.rule.roles]
    of_role = pl.col("role").is_in(roles) if roles else pl.lit(True)
    of_category = speaks_of_category(bound, pl.col("category"))
    return of_role if of_category is None else of_role & of_category
