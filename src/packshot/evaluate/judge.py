"""Judges whole tables: every rule of a policy over every placement, and over every listing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from packshot.core.listing import Role
from packshot.core.verdict import VERDICT_ON_TROUBLE, Verdict
from packshot.evaluate.check import Scope
from packshot.evaluate.context import LISTING_CONTEXT
from packshot.evaluate.judge_status import (
    CODE,
    FAIL,
    NOT_ASSESSED,
    PASS,
    SILENT,
    STATUSES,
    UNMEASURED,
    WARN,
    Facts,
    adds,
    is_assessed,
    speaks_of_category,
    status,
    without_nan,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from packshot.evaluate.bind import BoundPolicy, BoundRule

SLICE_ROWS = 250_000
"""Rows that are judged at once: memory stays bounded and the columns in the processor's cache."""

KEYS = ("placement_id", "listing_id", "asset_id", "source_uri", "role")
COUNTED = [status.value for status in STATUSES]

_VERDICTS = pl.Series([verdict.word for verdict in Verdict], dtype=pl.Enum([verdict.word for verdict in Verdict]))
_STATUSES = pl.Series(COUNTED, dtype=pl.Enum(COUNTED))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a policy says of a catalogue."""

    verdicts: pl.DataFrame
    """One row per placement, in the order of the facts; the columns of `storage.schemas.VERDICTS`."""
    findings: pl.DataFrame
    """What did not pass, of placements and (`placement_id` null) of listings; `storage.schemas.FINDINGS`."""
    counts: pl.DataFrame
    """One row per rule in force: `rule check scope on_fail`, then how many placements (listings) got each status."""


def judge(  # noqa: PLR0913 - each says another thing about the facts
    facts: pl.DataFrame,
    bound: BoundPolicy,
    *,
    rules_as_of: date,
    assessable: frozenset[str],
    has: Mapping[str, str] | None = None,
    listings: pl.DataFrame | None = None,
    said: pl.DataFrame | None = None,
    slice_rows: int = SLICE_ROWS,
) -> Judgement:
    """Judge every placement in its own role, as main and as secondary, and every listing as a whole.

    `facts` has one row per placement: `placement_id listing_id asset_id source_uri role`, where known `category` and
    `has_trouble`, the measured columns, and those of `evaluate/context.py`. `assessable` names the columns that some
    installed measure gives; one that is not in `facts` is unmeasured everywhere. `has` names, for a measured column,
    the boolean column that is false where its measure has no row. A null where there is a row means: no answer.

    `listings` has `listing_id`, where known `category`, and the columns of `LISTING_CONTEXT`; without it the listings
    are those of `facts`, and a listing without pictures is not seen.

    `said` is what people say in place of a rule: `placement_id asset_id rule status` with `pass` or `fail`, a row for
    each picture, place and rule that somebody spoke of. It counts wherever the rule speaks of the placement.

    A placement with trouble, or without an asset, is at least `review`; what could not be measured on it is no finding.
    Rules about listings give findings and change no placement's verdict.
    """
    parts = list(
        judge_in_parts(
            facts,
            bound,
            rules_as_of=rules_as_of,
            assessable=assessable,
            has=has,
            listings=listings,
            said=said,
            slice_rows=slice_rows,
        )
    )
    texts = pl.col(pl.Enum).cast(pl.String)
    return Judgement(
        verdicts=pl.concat([part.verdicts for part in parts]).with_columns(texts),
        findings=pl.concat([part.findings for part in parts]).with_columns(texts),
        counts=counted(part.counts for part in parts),
    )


def judge_in_parts(  # noqa: PLR0913 - as `judge`
    facts: pl.DataFrame,
    bound: BoundPolicy,
    *,
    rules_as_of: date,
    assessable: frozenset[str],
    has: Mapping[str, str] | None = None,
    listings: pl.DataFrame | None = None,
    said: pl.DataFrame | None = None,
    slice_rows: int = SLICE_ROWS,
) -> Iterator[Judgement]:
    """As `judge`, for `slice_rows` placements at a time and at last for the listings: memory stays bounded.

    Each part has its own counts (see `counted`); verdicts, rules, checks and statuses are enums here, not texts.
    """
    rules = bound.on(rules_as_of).rules
    known = Facts(frozenset(facts.columns), assessable, has or {})
    names = _Names(rules)
    placed = _Rules([rule for rule in rules if rule.scope is Scope.PLACEMENT], known, names, said)
    kinds = placed.kinds(facts)
    of_listings = [rule for rule in rules if rule.scope is Scope.LISTING]
    silent = _counts(of_listings, [[0] * len(STATUSES)] * len(of_listings))
    for part in facts.iter_slices(slice_rows) if facts.height else (facts,):
        verdicts, findings, counts = placed.judge(part, kinds)
        yield Judgement(verdicts, findings, names.sorted(pl.concat([placed.count(counts), silent])))
    findings, counts = _judge_listings(of_listings, _listings(facts, listings), names)
    unsaid = _counts(placed.rules, [[0] * len(STATUSES)] * len(placed.rules))
    yield Judgement(verdicts.clear(), findings, names.sorted(pl.concat([unsaid, counts])))


def counted(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The counts of all parts together."""
    first, *more = parts
    sums = first.select(COUNTED)
    for part in more:
        sums += part.select(COUNTED)
    return first.with_columns(sums.get_columns())


class _Names:
    """The rules' ids and checks as enums, in the order of the policy."""

    def __init__(self, rules: tuple[BoundRule, ...]) -> None:
        ids = [rule.rule.id for rule in rules]
        self.rule = pl.Enum(ids)
        self.check = pl.Enum(sorted({rule.rule.check for rule in rules if rule.rule.check is not None}))

    def no_findings(self) -> pl.DataFrame:
        texts = {"placement_id": pl.String(), "listing_id": pl.String()}
        return pl.DataFrame(schema={**texts, "rule": self.rule, "check": self.check, "status": _STATUSES.dtype})

    def of(self, rule: BoundRule, code: pl.Expr) -> list[pl.Expr]:
        return [
            pl.lit(rule.rule.id, dtype=self.rule).alias("rule"),
            pl.lit(rule.rule.check, dtype=self.check).alias("check"),
            pl.lit(_STATUSES).gather(code).alias("status"),
        ]

    def sorted(self, counts: pl.DataFrame) -> pl.DataFrame:
        return counts.sort(pl.col("rule").cast(self.rule)) if counts.height else counts


class _Rules:
    """The rules of placements, made into expressions once."""

    def __init__(self, rules: list[BoundRule], known: Facts, names: _Names, said: pl.DataFrame | None) -> None:
        self.rules = rules
        self.names = names
        self.codes = [f"s{number}" for number in range(len(rules))]
        self.own = [f"o{number}" for number in range(len(rules))]
        self.adds = [f"a{number}" for number in range(len(rules))]
        self.statuses = [status(rule, known) for rule in rules]
        self.idle = [not is_assessed(rule, known) for rule in rules]
        self.reads = {name for rule in rules for name in rule.needs}
        self.said = None if said is None else _said(rules, self.idle, said)

    def kinds(self, facts: pl.DataFrame) -> pl.DataFrame:
        """For each distinct role and category: which conditional rules speak of it, and what is not assessed."""
        named = _with_category(facts).select("role", "category").unique()
        flags = {}
        for number, rule in enumerate(self.rules):
            spoken_of = speaks_of_category(rule, pl.col("category"))
            if spoken_of is not None:
                flags[f"k{number}"] = spoken_of
        kinds = named.with_columns(**flags)
        listed = [self._listed(number, kinds.columns) for number in range(len(self.rules)) if self.idle[number]]
        lists = pl.concat_list(listed).list.drop_nulls() if listed else pl.lit([], dtype=pl.List(pl.String))
        return kinds.with_columns(not_assessed=lists)

    def judge(self, part: pl.DataFrame, kinds: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Verdicts, findings and counts of one slice."""
        part = without_nan(_with_category(part), self.reads)
        part = part.join(kinds, on=["role", "category"], how="left", nulls_equal=True, maintain_order="left")
        if self.said is not None:
            part = _answered(part.join(self.said, on=("placement_id", "asset_id"), how="left", maintain_order="left"))
        told = part.select(*KEYS, "not_assessed", self._trouble(part), *self._coded(part.columns))
        told = told.with_columns(*self._in_own_role(), *self._added())
        verdicts = told.select(*KEYS, *self._verdicts(), "not_assessed")
        counts = told.select(
            (pl.col(name) == code).sum().alias(f"{name} {code}") for name in self.own for code in range(len(STATUSES))
        )
        return verdicts, self._findings(told, counts), counts

    def count(self, counts: pl.DataFrame) -> pl.DataFrame:
        """The counts of one slice, one row per rule."""
        number_of = counts.row(0, named=True) if self.rules else {}
        per_rule = [[number_of[f"{name} {code}"] or 0 for code in range(len(STATUSES))] for name in self.own]
        return _counts(self.rules, per_rule)

    def _listed(self, number: int, columns: list[str]) -> pl.Expr:
        """The rule's id where it speaks of a role and category, else null."""
        speaks = _of_role(self.rules[number])
        if f"k{number}" in columns:
            speaks &= pl.col(f"k{number}")
        return pl.when(speaks).then(pl.lit(self.rules[number].rule.id))

    def _trouble(self, part: pl.DataFrame) -> pl.Expr:
        trouble = pl.col("asset_id").is_null()
        if "has_trouble" in part.columns:
            trouble |= pl.col("has_trouble").fill_null(value=False)
        return trouble.alias("trouble")

    def _coded(self, columns: list[str]) -> list[pl.Expr]:
        """The status of each rule, whatever the role."""
        coded = []
        for number, expression in enumerate(self.statuses):
            if f"l{number}" in columns:
                expression = pl.coalesce(f"l{number}", expression)  # noqa: PLW2901 - a person's word in its place
            speaks = pl.col(f"k{number}") if f"k{number}" in columns else None
            told = expression if speaks is None else pl.when(speaks).then(expression).otherwise(CODE[SILENT])
            coded.append(told.alias(self.codes[number]))
        return coded

    def _in_own_role(self) -> list[pl.Expr]:
        """The statuses that count for the placement as it is: silent in other roles, and where trouble says it all."""
        said_by_trouble = pl.col("trouble")
        return [
            pl.when(_of_role(rule) & ~(said_by_trouble & (pl.col(code) == CODE[UNMEASURED])))
            .then(pl.col(code))
            .otherwise(CODE[SILENT])
            .alias(own)
            for rule, code, own in zip(self.rules, self.codes, self.own, strict=True)
        ]

    def _added(self) -> list[pl.Expr]:
        """What each rule adds to a verdict where the role lets it speak."""
        pairs = zip(self.rules, self.codes, self.adds, strict=True)
        return [adds(rule, pl.col(code)).alias(added) for rule, code, added in pairs]

    def _verdicts(self) -> list[pl.Expr]:
        floor = pl.when("trouble").then(CODE[VERDICT_ON_TROUBLE]).otherwise(CODE[Verdict.SHOW])
        pairs = [(rule, pl.col(added)) for rule, added in zip(self.rules, self.adds, strict=True)]
        own = [pl.when(_of_role(rule)).then(added).otherwise(CODE[Verdict.SHOW]) for rule, added in pairs]
        return [
            _highest(floor, own).alias("verdict"),
            _highest(floor, [added for rule, added in pairs if _holds_for(rule, Role.MAIN)]).alias("verdict_as_main"),
            _highest(floor, [added for rule, added in pairs if _holds_for(rule, Role.SECONDARY)]).alias(
                "verdict_as_secondary"
            ),
        ]

    def _findings(self, told: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
        number_of = counts.row(0, named=True) if self.rules else {}
        found = [self.names.no_findings()]
        for rule, name in zip(self.rules, self.own, strict=True):
            if any(number_of[f"{name} {code}"] for code in range(WARN, NOT_ASSESSED)):
                rows = told.lazy().filter(pl.col(name).is_between(WARN, UNMEASURED))
                found.append(rows.select("placement_id", "listing_id", *self.names.of(rule, pl.col(name))).collect())
        return pl.concat(found)


def _said(rules: list[BoundRule], idle: list[bool], said: pl.DataFrame) -> pl.DataFrame | None:
    """What people say: `placement_id asset_id`, the code of each rule they spoke of as `l<number>`, and `answered`.

    `answered` lists those of the rules that nothing here assesses. None where nobody spoke of any of the rules.
    """
    of_rules = {rule.rule.id: number for number, rule in enumerate(rules)}
    mine = said.filter(pl.col("rule").is_in(list(of_rules)))
    if mine.is_empty():
        return None
    spoken_of = {of_rules[rule]: rule for rule in mine["rule"].unique()}
    failing = {number: WARN if rules[number].rule.on_fail is Verdict.SHOW else FAIL for number in spoken_of}
    passed = pl.col("status") == COUNTED[PASS]
    codes = [
        pl.when(passed).then(CODE[PASS]).otherwise(CODE[failing[number]]).filter(pl.col("rule") == rule).last()
        for number, rule in spoken_of.items()
    ]
    unassessed = [rule for number, rule in spoken_of.items() if idle[number]]
    named = [code.alias(f"l{number}") for number, code in zip(spoken_of, codes, strict=True)]
    answered = pl.col("rule").filter(pl.col("rule").is_in(unassessed)).alias("answered")
    return mine.group_by("placement_id", "asset_id").agg(*named, answered)


def _answered(part: pl.DataFrame) -> pl.DataFrame:
    """`part`, where a rule that a person has answered is not among those that are `not_assessed`."""
    rows = part.with_row_index("_row")
    some = rows.filter(pl.col("answered").list.len() > 0).select("_row", "answered", left="not_assessed")
    if some.is_empty():
        return part
    kept = some.explode("left").filter(~pl.col("left").is_in("answered").fill_null(value=False))
    kept = some.select("_row").join(
        kept.group_by("_row", maintain_order=True).agg(pl.col("left").drop_nulls()), on="_row", how="left"
    )
    kept = kept.with_columns(pl.col("left").fill_null([]))
    rows = rows.join(kept, on="_row", how="left", maintain_order="left")
    return rows.with_columns(pl.coalesce("left", "not_assessed").alias("not_assessed")).drop("_row", "left")


def _judge_listings(rules: list[BoundRule], listings: pl.DataFrame, names: _Names) -> tuple[pl.DataFrame, pl.DataFrame]:
    known = Facts(frozenset(listings.columns), frozenset(), {})
    found = [names.no_findings()]
    counts = []
    for rule in rules:
        code = status(rule, known)
        spoken_of = speaks_of_category(rule, pl.col("category"))
        if spoken_of is not None:
            code = pl.when(spoken_of).then(code).otherwise(CODE[SILENT])
        told = listings.select("listing_id", code=code)
        rows = told.filter(pl.col("code").is_between(WARN, UNMEASURED))
        nobody = pl.lit(None, dtype=pl.String).alias("placement_id")
        found.append(rows.select(nobody, "listing_id", *names.of(rule, pl.col("code"))))
        counts.append([int((told["code"] == code).sum()) for code in range(len(STATUSES))])
    return pl.concat(found), _counts(rules, counts)


def _listings(facts: pl.DataFrame, listings: pl.DataFrame | None) -> pl.DataFrame:
    if listings is not None:
        return _with_category(listings)
    there = ["listing_id", *(name for name in ("category", *LISTING_CONTEXT) if name in facts.columns)]
    return _with_category(facts.select(there).unique("listing_id", keep="first", maintain_order=True))


def _with_category(frame: pl.DataFrame) -> pl.DataFrame:
    if "category" in frame.columns and frame.schema["category"] == pl.String:
        return frame
    text = pl.col("category") if "category" in frame.columns else pl.lit(None)
    return frame.with_columns(text.cast(pl.String).alias("category"))


def _of_role(rule: BoundRule) -> pl.Expr:
    roles = rule.rule.roles
    return pl.col("role").is_in([role.value for role in roles]) if roles else pl.lit(True)


def _holds_for(rule: BoundRule, role: Role) -> bool:
    return not rule.rule.roles or role in rule.rule.roles


def _highest(floor: pl.Expr, added: list[pl.Expr]) -> pl.Expr:
    """The word of the highest verdict among what trouble and the rules add."""
    return pl.lit(_VERDICTS).gather(pl.max_horizontal(floor, *added))


def _counts(rules: list[BoundRule], counts: list[list[int]]) -> pl.DataFrame:
    rows = [
        (rule.rule.id, rule.rule.check, rule.scope.value, rule.rule.on_fail.word, *numbers)
        for rule, numbers in zip(rules, counts, strict=True)
    ]
    texts = dict.fromkeys(("rule", "check", "scope", "on_fail"), pl.String)
    return pl.DataFrame(rows, schema=texts | dict.fromkeys(COUNTED, pl.Int64), orient="row")
