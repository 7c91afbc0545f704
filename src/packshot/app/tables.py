"""The tables of a workspace as they stand, for people and programs."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from packshot.app.table_names import TABLES
from packshot.app.workspace_file_place import run_command
from packshot.core.errors import PackshotError, UnknownName, UsageError, WorkspaceError
from packshot.core.label import SAME_PICTURE
from packshot.evaluate.wording import describe
from packshot.pipeline.current_rows import current_assets, current_troubles, measured, placed
from packshot.pipeline.facts import Facts, facts
from packshot.pipeline.kept_policy import kept_policy
from packshot.pipeline.label_states import label_rows, words_on
from packshot.pipeline.match_step import Matches, stored_matches
from packshot.pipeline.peoples_word import questions, with_authors, word
from packshot.pipeline.run_results import planned
from packshot.policies.load import draft
from packshot.storage.schemas import CLUSTERS, COUNTS, FINDINGS, GALLERIES, MATCHES, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from packshot.evaluate.bind import BoundPolicy
    from packshot.pipeline.stores import Stores
    from packshot.storage.catalog_tables import CurrentRow

NAMES = TABLES
JUDGED = frozenset({"findings", "verdicts", "galleries"})
"""Those that a policy says, with its id in the column `policy`."""


class Reader:
    """Reads the tables of a workspace as they stand now."""

    def __init__(self, stores: Stores) -> None:
        """Read from `stores`."""
        self.stores = stores

    def table(self, name: str, policy: str | None = None) -> pl.DataFrame:
        """The table of that name; verdicts, findings and galleries by `policy`, the latest judged one by default.

        Raises UnknownName for a table or policy that is not there, UsageError before the first run.
        """
        readers: dict[str, Callable[[str | None], pl.DataFrame]] = {
            "listings": lambda _: self._listings(),
            "placements": lambda _: self._placements(),
            "assets": lambda _: current_assets(self.stores, placed(self.stores).placements),
            "measurements": lambda _: self._measurements(),
            "matches": self._matches,
            "clusters": lambda policy: self.matches(policy).clusters,
            "findings": self.findings,
            "verdicts": self.verdicts,
            "galleries": self.galleries,
            "troubles": lambda _: self.troubles(),
            "labels": lambda _: self.labels(),
        }
        if name not in readers:
            raise UnknownName("table", name, NAMES)
        return readers[name](policy)

    def table_of_several(self, name: str, policies: Sequence[str] | None) -> pl.DataFrame:
        """As `table`, by several policies one below the other; by those of the last run where none are named."""
        several = tuple(policies or self.last_policies())
        if name not in JUDGED or len(several) <= 1:
            return self.table(name, several[0] if several else None)
        return pl.concat([self.table(name, policy) for policy in several], how="vertical_relaxed")

    def current(self, policy: str | None) -> CurrentRow:
        """What is shown for `policy`; by default, the policy that was judged last."""
        found = self.stores.catalog.currents()
        if not found:
            raise UsageError("Nothing has been judged here yet.", f"Do that first: {run_command('W')}")
        if policy is not None:
            id_ = policy if policy in found else _id_of(policy)
            if id_ not in found:
                error = UnknownName("judged policy", policy, found)
                error.hint = f"{error.hint} Judge by it: {run_command()} --policy {policy}".strip()
                raise error
            return found[id_]
        order = {row.judgement_id: number for number, row in enumerate(self.stores.catalog.judgements())}
        last = next(iter(self.last_policies()), None)
        return found[last] if last in found else max(found.values(), key=lambda row: order[row.judgement_id])

    def last_policies(self) -> tuple[str, ...]:
        """The policies of the last run that came to its end, its first one first; none where there is no such run."""
        for run in reversed(self.stores.catalog.runs()):
            kept = [self.stores.catalog.policy(policy_hash) for policy_hash in planned(run)]
            if run.state.value == "finished" and kept[0] is not None:
                return tuple(one.policy_id for one in kept if one is not None)
        return ()

    def verdicts(self, policy: str | None = None, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """One row per placement, with the policy's id; all columns, or these."""
        current = self.current(policy)
        if not self.stores.tables.version(f"judgements/{current.judgement_id}/verdicts") and self._is_placed():
            message = f"The verdicts by the policy {current.policy_id} are lacking from the workspace."
            raise WorkspaceError(
                message, f"Make them again: {run_command()} with that policy; nothing is decoded for it."
            )
        return self._judged("judgements/{}/verdicts", VERDICTS, policy, columns)

    def galleries(self, policy: str | None = None, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The chosen galleries, slot `main` of each listing first; all columns, or these."""
        return self._judged("choices/{}/galleries", GALLERIES, policy, columns)

    def counts(self, policy: str | None = None) -> pl.DataFrame:
        """How many placements (listings) got which status by each rule."""
        return self._judged("judgements/{}/counts", COUNTS, policy)

    def plain_findings(self, policy: str | None = None) -> pl.DataFrame:
        """What did not pass, without the texts."""
        return self._judged("judgements/{}/findings", FINDINGS, policy)

    def findings_in_parts(self, policy: str | None = None) -> Iterator[pl.DataFrame]:
        """As `plain_findings` without the policy, first a part without rows, then some thousand rows at a time."""
        current = self.current(policy)
        name = f"judgements/{current.judgement_id}/findings"
        yield _empty(FINDINGS)
        for batch in self.stores.tables.batches(name, schema=FINDINGS):
            yield pl.DataFrame(pa.Table.from_batches([batch]))

    def findings(self, policy: str | None = None) -> pl.DataFrame:
        """What did not pass, with expected, measured, how to fix and source in words."""
        found = self.plain_findings(policy)
        bound = self.bound(policy)
        known = self.facts(policy, bound)
        of_placements = known.placements.join(found.select("placement_id").unique(), on="placement_id", how="semi")
        worded = with_authors(describe(found, of_placements, bound, known.listings), self.said(policy))
        places = known.placements.select("placement_id", "asset_id", "source_uri", "role")
        return worded.join(places, on="placement_id", how="left", maintain_order="left")

    def bound(self, policy: str | None = None) -> BoundPolicy:
        """The policy by which the current judgement was made, as it was then."""
        judgement = self.stores.catalog.judgement(self.current(policy).judgement_id)
        kept = self.stores.catalog.policy(judgement.policy_hash) if judgement else None
        if kept is None:
            raise WorkspaceError("The policy of this judgement is not in the catalog.", "Judge again: `packshot run`.")
        return kept_policy(kept.toml)

    def labels(self) -> pl.DataFrame:
        """All labels, the oldest first, with whether they count: see `packshot.pipeline.label_states.STATES`."""
        rows = label_rows(self.stores)
        asked = {SAME_PICTURE}
        for policy in self.stores.catalog.currents() if rows.height else ():
            with contextlib.suppress(PackshotError):  # a policy whose checks are not here asks nothing here
                asked.update(questions(self.bound(policy))["question"])
        idle = (pl.col("state") == "counts") & ~pl.col("question").is_in(list(asked))
        return rows.with_columns(pl.when(idle).then(pl.lit("not asked")).otherwise("state").alias("state"))

    def said(self, policy: str | None = None) -> pl.DataFrame:
        """What people said in place of rules when the current judgement was made, as `Word.of_policy` gives it."""
        seq = self._labels_seq(policy)
        if not seq:
            return word(self.stores, 0).of_policy(self.bound(policy), _empty(VERDICTS))
        places = self.verdicts(policy, ("placement_id", "asset_id"))
        return word(self.stores, seq).of_policy(self.bound(policy), places)

    def words(self, policy: str | None = None) -> pl.DataFrame:
        """What people said that a reader of the current judgement should know; see `words_on`."""
        return words_on(self.stores, self.bound(policy), self._labels_seq(policy))

    def facts(self, policy: str | None, bound: BoundPolicy, of: pl.Series | None = None) -> Facts:
        """All that the policy's rules read or show, for every listing, and every placement or those `of` these ids."""
        return facts(self.stores, placed(self.stores), self.matches(policy).pairs, bound.needs, of)

    def matches(self, policy: str | None = None) -> Matches:
        """The matches that the current judgement was made with."""
        generation = self.current(policy).match_generation or ""
        found = stored_matches(self.stores, generation)
        return found or Matches(generation, _empty(MATCHES), _empty(CLUSTERS))

    def troubles(self) -> pl.DataFrame:
        """The troubles that still hold; the most telling columns first."""
        found = current_troubles(self.stores, placed(self.stores).placements)
        first = ("source_uri", "stage", "kind", "detail", "listing_id")
        return found.select(*first, pl.exclude(*first, "attempt", "uri_key", "snapshot_id"))

    def _labels_seq(self, policy: str | None) -> int:
        judgement = self.stores.catalog.judgement(self.current(policy).judgement_id)
        return judgement.labels_seq if judgement else 0

    def _listings(self) -> pl.DataFrame:
        return placed(self.stores, whole=True).listings.drop("snapshot_id", "seq", "op")

    def _placements(self) -> pl.DataFrame:
        first = ("listing_id", "asset_id", "source_uri", "role", "position")
        return (
            placed(self.stores, whole=True)
            .placements.drop("snapshot_id", "seq", "op")
            .select(*first, pl.exclude(first))
        )

    def _measurements(self) -> pl.DataFrame:
        ids = placed(self.stores).placements.select("asset_id").drop_nulls().unique(maintain_order=True)
        rows = ids.join(measured(self.stores), on="asset_id", how="inner", maintain_order="left")
        return rows.select(pl.exclude("^measured:.*$"))

    def _is_placed(self) -> bool:
        return placed(self.stores).placements.height > 0

    def _matches(self, policy: str | None) -> pl.DataFrame:
        uris = (
            placed(self.stores).placements.drop_nulls("asset_id").unique("asset_id", keep="first", maintain_order=True)
        )
        rows = self.matches(policy).pairs
        for side in ("a", "b"):
            named = uris.select(
                pl.col("asset_id").alias(f"asset_{side}"), pl.col("source_uri").alias(f"source_uri_{side}")
            )
            rows = rows.join(named, on=f"asset_{side}", how="left", maintain_order="left")
        return rows

    def _judged(
        self, name: str, schema: pa.Schema, policy: str | None, columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        current = self.current(policy)
        rows = self.stores.frame(name.format(current.judgement_id), schema, columns)
        return rows.with_columns(pl.lit(current.policy_id).alias("policy"))


def _id_of(policy: str) -> str:
    return draft(policy).policy.id  # its rules may name categories of a map that is not asked for here


def _empty(schema: pa.Schema) -> pl.DataFrame:
    found = pl.from_arrow(schema.empty_table())
    assert isinstance(found, pl.DataFrame)  # noqa: S101 - a table always becomes a frame; this tells the types
    return found
