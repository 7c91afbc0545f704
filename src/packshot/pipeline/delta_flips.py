"""Which verdicts flipped, by which rules, and what lies behind: columnar, for all that flipped at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from packshot.core.verdict import Status, Verdict, contribution
from packshot.pipeline.delta_rows import change_rows, differing
from packshot.pipeline.delta_silence import silence

if TYPE_CHECKING:
    from packshot.evaluate.bind import BoundPolicy
    from packshot.pipeline.delta_rules import RuleChanges, RuleFacts
    from packshot.pipeline.delta_sides import Side

OBJECTS = (Status.FAIL.value, Status.UNSURE.value)
"""The statuses that count as a rule objecting."""
UNMEASURED = Status.UNMEASURED.value
RANK = {verdict.word: int(verdict) for verdict in Verdict}
REASONS = dict.fromkeys(("placement_id", "rule", "cause", "text", "effect"), pl.String())
SAID = {"fail": "fails", "warn": "warns"}
"""Statuses as a sentence has them; of a rule without a finding, `passes` where it was asked."""
SAME = ("exact", "same")

CAUSES = {
    "picture": "the picture was replaced, or came for the first time",
    "role": "the role changed",
    "trouble": "trouble came or went",
    "listing": "the listing's words changed",
    "gallery": "the listing's other pictures changed",
    "duplicates": "the same picture came or went elsewhere",
    "said": "a person spoke, or took back what was said",
    "policy": "the policy changed",
    "day": "the day of the rules moved a date",
    "measure": "a measure came in another version",
    "measured": "what was not measured is measured now, or the other way round",
    "judging": "judging itself changed",
    "unexplained": "nothing that is recorded explains it",
}
"""What may lie behind a flip, and how it is said."""


@dataclass(frozen=True, slots=True)
class Flips:
    """Verdicts that changed."""

    changes: pl.DataFrame
    """Rows of `CHANGES`, `worse` and `better`."""
    reasons: pl.DataFrame
    """`placement_id rule cause text effect`: why each of them flipped; `rule` and `effect`, what the rule said before
    and says now, are null where no rule is behind it."""


def flips(before: Side, after: Side, rules: RuleChanges) -> Flips:
    """Every placement of both sides whose verdict changed, with all causes that can be told.

    A rule is behind a flip when what it adds to the verdict changed. A cause is named for a rule only when the rule
    reads what changed; where more than one may be behind it, all are named.
    """
    old, new = differing(before.verdicts, after.verdicts, ("placement_id", "verdict"))
    was = old.select(
        "placement_id",
        *(pl.col(name).alias(f"{name}_before") for name in ("verdict", "role", "asset_id", "not_assessed")),
    )
    flipped = _with_flags(new.join(was, on="placement_id", how="inner", maintain_order="left"), before, after)
    told = _rule_changes(flipped, before, after)
    reasons = pl.concat([_of_placements(flipped), _of_rules(told, flipped, rules)])
    reasons = _with_unexplained(flipped, reasons)
    flipped = flipped.join(_in_words(reasons), on="placement_id", how="left", maintain_order="left")
    rank = [pl.col(name).replace_strict(RANK, return_dtype=pl.Int8) for name in ("verdict_before", "verdict")]
    change = pl.when(rank[1] > rank[0]).then(pl.lit("worse")).otherwise(pl.lit("better"))
    names = {"before": "verdict_before", "after": "verdict", "why": "text"}
    assets = {"asset_before": "asset_id_before", "asset_after": "asset_id"}
    return Flips(change_rows(flipped, "verdict", change, **names, **assets), reasons)


def _in_words(reasons: pl.DataFrame) -> pl.DataFrame:
    """`placement_id` and `text`: each reason once, with what the rules made of it."""
    effects = pl.col("effect").drop_nulls().unique(maintain_order=True).str.join(", ")
    grouped = reasons.group_by("placement_id", "text", maintain_order=True).agg(effects)
    said = pl.when(pl.col("effect") == "").then("text").otherwise(pl.concat_str("text", "effect", separator=": "))
    return grouped.group_by("placement_id", maintain_order=True).agg(said.alias("text"))


def objections(before: Side, after: Side) -> pl.DataFrame:
    """For each rule how many placements (or listings) it objects to: `rule before after began ceased`.

    To object is to fail or to be unsure; `began` and `ceased` leave out what is there on one side only.
    """
    objects = pl.col("status").is_in(OBJECTS)
    old, new = (side.findings.filter(objects) for side in (before, after))
    ceased, began = differing(old, new, ("placement_id", "listing_id", "rule"))
    began, ceased = _there(began, before), _there(ceased, after)
    named = {"before": old, "after": new, "began": began, "ceased": ceased}
    counted = [frame.group_by("rule").agg(pl.len().cast(pl.Int64).alias(name)) for name, frame in named.items()]
    total = pl.concat(counted, how="diagonal").group_by("rule").agg(pl.col(*named).sum())
    return total.filter((pl.col("began") + pl.col("ceased") > 0) | (pl.col("before") != pl.col("after"))).sort(
        pl.col("began") + pl.col("ceased"), "rule", descending=[True, False]
    )


def _there(findings: pl.DataFrame, side: Side) -> pl.DataFrame:
    """Those whose placement, or for a rule about listings whose listing, is on that side."""
    asked = {name: findings[name].drop_nulls().unique().implode() for name in ("placement_id", "listing_id")}
    placed = side.verdicts.filter(pl.col("placement_id").is_in(asked["placement_id"])).select("placement_id")
    listings = side.listings.filter(pl.col("listing_id").is_in(asked["listing_id"])).select("listing_id").unique()
    of_listings = findings.filter(pl.col("placement_id").is_null())
    return pl.concat(
        [findings.join(placed, on="placement_id", how="semi"), of_listings.join(listings, on="listing_id", how="semi")]
    )


def _with_flags(flipped: pl.DataFrame, before: Side, after: Side) -> pl.DataFrame:
    """What changed around each flipped placement, as one Boolean column `f:<cause>` each; `trouble` as texts."""
    keys = flipped.select("placement_id", "listing_id", "asset_id", "asset_id_before")
    words = [_listing_words(side, keys) for side in (before, after)]
    pictures = [_listing_pictures(side, keys) for side in (before, after)]
    alike = [_alike(side, keys) for side in (before, after)]
    came, went = _trouble(after, before, keys), _trouble(before, after, keys)
    return flipped.with_columns(
        pl.col("asset_id").ne_missing(pl.col("asset_id_before")).alias("f:picture"),
        (pl.col("role") != pl.col("role_before")).alias("f:role"),
        words[0].ne_missing(words[1]).alias("f:listing"),
        pictures[0].ne_missing(pictures[1]).alias("f:gallery"),
        alike[0].ne_missing(alike[1]).alias("f:duplicates"),
        pl.col("asset_id").is_in(_spoken_of(before, after).implode()).fill_null(value=False).alias("f:pairs"),
        came.alias("trouble_came"),
        went.alias("trouble_went"),
    )


def _listing_words(side: Side, keys: pl.DataFrame) -> pl.Series:
    """A hash of what a listing says that rules read; null where there is none."""
    mine = side.listings.join(keys.select("listing_id").unique(), on="listing_id", how="semi")
    said = mine.select(
        "listing_id", pl.struct("title", "category", "google_category", "variant_group_id").hash().alias("h")
    )
    hashed = said.group_by("listing_id").agg(pl.col("h").sum())
    return keys.join(hashed, on="listing_id", how="left", maintain_order="left")["h"]


def _listing_pictures(side: Side, keys: pl.DataFrame) -> pl.Series:
    """A number that tells which readable pictures stand on the listing in which role."""
    lost = side.troubles.select("placement_id").drop_nulls().unique()
    mine = side.verdicts.join(keys.select("listing_id").unique(), on="listing_id", how="semi")
    mine = mine.filter(pl.col("asset_id").is_not_null()).join(lost, on="placement_id", how="anti")
    told = mine.select("listing_id", pl.struct("placement_id", "asset_id", "role").hash().alias("h"))
    hashed = told.group_by("listing_id").agg(pl.col("h").sum())
    return keys.join(hashed, on="listing_id", how="left", maintain_order="left")["h"]


def _alike(side: Side, keys: pl.DataFrame) -> pl.Series:
    """A number that tells where the picture, and those that show the same, are placed on that side."""
    wanted = pl.concat([keys["asset_id"], keys["asset_id_before"]]).drop_nulls().unique().alias("asset_id").to_frame()
    pairs = side.pairs.filter(pl.col("kind").is_in(SAME) & (pl.col("asset_a") != pl.col("asset_b")))
    twins = pl.concat(
        [
            wanted.select("asset_id", twin="asset_id"),
            pairs.select(asset_id="asset_a", twin="asset_b"),
            pairs.select(asset_id="asset_b", twin="asset_a"),
        ]
    ).join(wanted, on="asset_id", how="semi")
    placed = side.verdicts.select(pl.col("asset_id").alias("twin"), "placement_id").drop_nulls()
    where = twins.join(placed, on="twin", how="inner").select("asset_id", pl.col("placement_id").hash().alias("h"))
    hashed = where.group_by("asset_id").agg(pl.col("h").sum())
    return keys.join(hashed, on="asset_id", how="left", maintain_order="left")["h"]


def _spoken_of(before: Side, after: Side) -> pl.Series:
    """The assets of the pairs of which people say something else, or no more, or for the first time."""
    old, new = differing(before.said_of_pairs, after.said_of_pairs, ("asset_a", "asset_b", "seq"))
    pairs = pl.concat([old, new])
    return pl.concat([pairs["asset_a"], pairs["asset_b"]]).unique()


def _trouble(these: Side, those: Side, keys: pl.DataFrame) -> pl.Series:
    """The kinds of trouble that each placement has on the one side and not on the other, as one text; else null."""
    named = ["placement_id", "kind"]
    only = these.troubles.select(named).join(those.troubles.select(named), on=named, how="anti").unique()
    texts = only.drop_nulls().group_by("placement_id").agg(pl.col("kind").sort().str.join(", "))
    return keys.join(texts, on="placement_id", how="left", maintain_order="left")["kind"]


def _rule_changes(flipped: pl.DataFrame, before: Side, after: Side) -> pl.DataFrame:
    """`placement_id rule status_before status_after`, where what the rule adds to the verdict changed.

    A status is null where the rule passes; `silence` says what stands in place of one that was not asked.
    """
    old = _statuses(flipped, before, "not_assessed_before").rename({"status": "status_before"})
    new = _statuses(flipped, after, "not_assessed").rename({"status": "status_after"})
    both = old.join(new, on=["placement_id", "rule"], how="full", coalesce=True)
    both = both.with_columns(
        _adds(before.bound, "status_before").alias("adds_before"), _adds(after.bound, "status_after").alias("adds")
    )
    changed = both.filter(pl.col("adds_before") != pl.col("adds"))
    for one, name in ((before, "status_before"), (after, "status_after")):
        bare = changed.filter(pl.col(name).is_null())
        word = silence(one, bare["placement_id"], bare["rule"].unique())
        joined = changed.join(word, on=["placement_id", "rule"], how="left", maintain_order="left")
        changed = joined.with_columns(pl.coalesce(name, "word").alias(name)).drop("word")
    return _with_said(changed, before, after)


def _with_said(told: pl.DataFrame, before: Side, after: Side) -> pl.DataFrame:
    """The same with `f:said`, whether another word of a person stands for the rule now, and `said`, what it is."""
    keys = ["placement_id", "rule"]
    old = before.said.select(*keys, was="seq")
    new = after.said.select(*keys, "seq", "author", "because")
    both = told.join(old, on=keys, how="left", maintain_order="left").join(
        new, on=keys, how="left", maintain_order="left"
    )
    because = pl.when(pl.col("because") == "").then(pl.lit("")).otherwise(pl.format(" ({})", "because"))
    said = pl.when(pl.col("seq").is_not_null()).then(pl.format("{} says so{}", "author", because))
    return both.with_columns(
        pl.col("was").ne_missing(pl.col("seq")).alias("f:said"),
        said.otherwise(pl.lit("what a person said counts no more")).alias("said"),
    )


def _statuses(flipped: pl.DataFrame, side: Side, unassessed: str) -> pl.DataFrame:
    found = side.findings.drop_nulls("placement_id").join(flipped.select("placement_id"), on="placement_id", how="semi")
    listed = flipped.select("placement_id", rule=unassessed).explode("rule").drop_nulls("rule")
    status = pl.lit(Status.NOT_ASSESSED.value).alias("status")
    return pl.concat([found.select("placement_id", "rule", "status"), listed.with_columns(status)])


def _adds(bound: BoundPolicy | None, status: str) -> pl.Expr:
    """What the rule of each row adds to the verdict by its status, by the one rule of `core.verdict`."""
    if bound is None:  # its consequences are not known: every change of status counts
        return pl.col(status).fill_null("").hash()
    table = {
        f"{rule.rule.id} {one.value}": int(contribution(one, rule.rule.on_fail, required=rule.rule.require))
        for rule in bound.rules
        for one in Status
    }
    key = pl.col("rule") + pl.lit(" ") + pl.col(status)
    return key.replace_strict(table, default=0, return_dtype=pl.UInt64).fill_null(0)


def _of_placements(flipped: pl.DataFrame) -> pl.DataFrame:
    """Causes that need no rule: trouble, and a picture that was not there before."""
    came = flipped.filter(pl.col("trouble_came").is_not_null())
    went = flipped.filter(pl.col("trouble_went").is_not_null())
    arrived = flipped.filter(pl.col("asset_id_before").is_null() & pl.col("asset_id").is_not_null())
    return pl.concat(
        [
            _reasons(came, "trouble", pl.format("trouble came: {}", "trouble_came")),
            _reasons(went, "trouble", pl.format("trouble went: {}", "trouble_went")),
            _reasons(arrived, "picture", "the picture came for the first time"),
        ]
    )


def _of_rules(told: pl.DataFrame, flipped: pl.DataFrame, rules: RuleChanges) -> pl.DataFrame:
    """Causes for each rule that changed its mind; `told` is what `_rule_changes` gave."""
    known = told.join(flipped.select(pl.col("placement_id", "role", "role_before", "^f:.*$")), on="placement_id")
    known = known.filter(pl.col("rule").is_in(list(rules.rules)))
    found = [pl.DataFrame(schema=REASONS)]
    for (id_,), part in known.group_by("rule", maintain_order=True):
        found += _of_rule(part, rules.rules[str(id_)], rules.judging)
    return pl.concat(found)


def _of_rule(part: pl.DataFrame, rule: RuleFacts, judging: str) -> list[pl.DataFrame]:
    """Each cause that may be behind the change of one rule; `unexplained` where there is none."""
    said = [pl.col(name).replace(SAID).fill_null("passes") for name in ("status_before", "status_after")]
    part = part.with_columns(effect=pl.concat_str(pl.lit(f"{rule.id} "), said[0], pl.lit(" → "), said[1]))
    always = {"policy": rule.policy, "day": rule.day, "measure": rule.measures, "judging": judging}
    here: dict[str, tuple[str | pl.Expr, bool]] = {
        "said": (pl.col("said"), True),
        "picture": ("the picture was replaced", rule.measured or rule.of_matches),
        "role": ("the role changed", rule.of_role),
        "listing": ("the listing's title, category or variant group changed", rule.of_listing or rule.of_matches),
        "gallery": ("the listing's other pictures changed", rule.of_gallery),
        "duplicates": ("where the same picture stands changed", rule.of_matches),
    }
    found = [_reasons(part, cause, text, rule.id) for cause, text in always.items() if text]
    hits = pl.lit(bool(found))
    for cause, (text, reads) in here.items():
        if reads:
            hits |= pl.col(f"f:{cause}")
            found.append(_reasons(part.filter(f"f:{cause}"), cause, text, rule.id))
    if rule.of_matches:
        hits |= pl.col("f:pairs")
        found.append(_reasons(part.filter("f:pairs"), "said", "somebody said which pictures are the same", rule.id))
    newly = (pl.col("status_before") == UNMEASURED) | (pl.col("status_after") == UNMEASURED)
    newly = newly.fill_null(value=False) & ~hits
    found.append(_reasons(part.filter(newly), "measured", CAUSES["measured"], rule.id))
    found.append(_reasons(part.filter(~hits & ~newly), "unexplained", CAUSES["unexplained"], rule.id))
    return found


def _with_unexplained(flipped: pl.DataFrame, reasons: pl.DataFrame) -> pl.DataFrame:
    bare = flipped.join(reasons.select("placement_id").unique(), on="placement_id", how="anti", maintain_order="left")
    return pl.concat([reasons, _reasons(bare, "unexplained", CAUSES["unexplained"])])


def _reasons(rows: pl.DataFrame, cause: str, text: str | pl.Expr, rule: str | None = None) -> pl.DataFrame:
    told = {"rule": pl.lit(rule), "cause": pl.lit(cause), "text": pl.lit(text) if isinstance(text, str) else text}
    told["effect"] = pl.col("effect") if "effect" in rows.columns else pl.lit(None)
    return rows.select("placement_id", *(value.cast(pl.String).alias(name) for name, value in told.items()))
