"""The two judgements that a delta compares, each with all that it was made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packshot.core.errors import PolicyError, WorkspaceError
from packshot.pipeline.as_of import as_of
from packshot.pipeline.kept_policy import kept_policy
from packshot.pipeline.match_step import stored_matches
from packshot.pipeline.peoples_word import PAIRS, SAID, word
from packshot.storage.schemas import FINDINGS, GALLERIES, MATCHES, VERDICTS

if TYPE_CHECKING:
    import polars as pl

    from packshot.evaluate.bind import BoundPolicy
    from packshot.pipeline.stores import Stores
    from packshot.storage.catalog_tables import JudgementRow

GENERATION = "matches/"
OF_VERDICTS = (
    "placement_id",
    "listing_id",
    "asset_id",
    "source_uri",
    "role",
    "verdict",
    "verdict_as_main",
    "not_assessed",
)
OF_FINDINGS = ("placement_id", "listing_id", "rule", "status")
OF_GALLERIES = ("listing_id", "slot", "asset_id", "placement_id", "source_uri", "score", "reason")


@dataclass(frozen=True, slots=True)
class Side:
    """One judgement and the state it speaks of."""

    judgement: JudgementRow
    bound: BoundPolicy | None
    """None where this install lacks a check that the policy named then."""
    verdicts: pl.DataFrame
    findings: pl.DataFrame
    galleries: pl.DataFrame
    pairs: pl.DataFrame
    """The matches it was made with."""
    listings: pl.DataFrame
    placements: pl.DataFrame
    troubles: pl.DataFrame
    notes: tuple[str, ...]
    said: pl.DataFrame = field(default_factory=SAID.to_frame)
    """What people said in place of rules, as `Word.of_policy` gives it."""
    said_of_pairs: pl.DataFrame = field(default_factory=PAIRS.to_frame)
    """What people said of pairs, as `Word.of_pairs` gives it."""


def side(stores: Stores, judgement: JudgementRow) -> Side:
    """Read a committed judgement. Raises WorkspaceError where its tables have been cleaned away."""
    folder = f"judgements/{judgement.judgement_id}"
    verdicts = stores.frame(f"{folder}/verdicts", VERDICTS, OF_VERDICTS)
    then = as_of(stores, judgement, verdicts.select("placement_id", "asset_id"))
    notes = list(then.notes)
    if verdicts.is_empty() and then.placed.placements.height:
        message = f"The verdicts of the judgement {judgement.judgement_id} are no longer in the workspace."
        raise WorkspaceError(message, "Compare with a later one: packshot delta --since RUN_ID|JUDGEMENT_ID.")
    generation = next((name for name in judgement.pins if name.startswith(GENERATION)), GENERATION)
    matches = stored_matches(stores, generation.removeprefix(GENERATION))
    bound = _bound(stores, judgement, notes)
    said = word(stores, judgement.labels_seq)
    return Side(
        judgement=judgement,
        bound=bound,
        verdicts=verdicts,
        findings=stores.frame(f"{folder}/findings", FINDINGS, OF_FINDINGS),
        galleries=stores.frame(f"choices/{judgement.judgement_id}/galleries", GALLERIES, OF_GALLERIES),
        pairs=matches.pairs if matches else stores.frame(f"{folder}/no-matches", MATCHES),
        listings=then.placed.listings,
        placements=then.placed.placements,
        troubles=then.troubles,
        notes=tuple(notes),
        said=said.of_policy(bound, verdicts) if bound else SAID.to_frame(),
        said_of_pairs=said.of_pairs(verdicts),
    )


def _bound(stores: Stores, judgement: JudgementRow, notes: list[str]) -> BoundPolicy | None:
    kept = stores.catalog.policy(judgement.policy_hash)
    if kept is None:
        notes.append(f"The policy of the judgement {judgement.judgement_id} is not in the catalog.")
        return None
    try:
        return kept_policy(kept.toml)
    except PolicyError as error:
        notes.append(f"The policy of the judgement {judgement.judgement_id} cannot be read here: {error.mistakes[0]}")
        return None
