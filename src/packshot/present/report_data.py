"""What the static report is made from: frames, the policy and a way to get a thumbnail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from packshot.policies.policy import Policy
    from packshot.present.report_changes import Changes

_TEXTS = pl.List(pl.String)
_BOX = pl.List(pl.Float64)

REQUIRED: dict[str, dict[str, pl.DataType]] = {
    "listings": {"listing_id": pl.String()},
    "verdicts": {
        "placement_id": pl.String(),
        "listing_id": pl.String(),
        "asset_id": pl.String(),
        "source_uri": pl.String(),
        "role": pl.String(),
        "verdict": pl.String(),
    },
    "measurements": {"asset_id": pl.String()},
    "findings": {
        "placement_id": pl.String(),
        "listing_id": pl.String(),
        "rule": pl.String(),
        "status": pl.String(),
    },
    "matches": {"asset_a": pl.String(), "asset_b": pl.String(), "kind": pl.String()},
    "clusters": {"cluster_id": pl.String(), "asset_id": pl.String(), "keep": pl.Boolean()},
    "galleries": {"listing_id": pl.String(), "slot": pl.String(), "asset_id": pl.String()},
    "troubles": {"stage": pl.String(), "kind": pl.String(), "source_uri": pl.String(), "detail": pl.String()},
    "counts": {"rule": pl.String()},
}
"""The columns that each frame must have."""

WORDS: dict[str, pl.DataType] = {
    "seq": pl.Int64(),
    "question": pl.String(),
    "answer": pl.String(),
    "because": pl.String(),
    "author": pl.String(),
    "at": pl.Datetime("us", "UTC"),
    "state": pl.String(),
    "listing_id": pl.String(),
    "source_uri": pl.String(),
    "placement_id": pl.String(),
    "asset_id": pl.String(),
    "other_asset_id": pl.String(),
    "other_source_uri": pl.String(),
    "said_of": pl.String(),
}
"""The columns of what people said."""

OPTIONAL: dict[str, dict[str, pl.DataType]] = {
    "listings": {
        "title": pl.String(),
        "category": pl.String(),
        "brand": pl.String(),
        "variant_group_id": pl.String(),
    },
    "verdicts": {
        "verdict_as_main": pl.String(),
        "verdict_as_secondary": pl.String(),
        "not_assessed": _TEXTS,
        "position": pl.Int64(),
    },
    "measurements": {
        "width_px": pl.Int64(),
        "height_px": pl.Int64(),
        "product_box": _BOX,
        "mask_outline": pl.List(pl.Float32()),
        "cut_off_edges": _TEXTS,
        "border_px": pl.Float64(),
        "keypoint_count": pl.Int64(),
    },
    "findings": {
        "check": pl.String(),
        "on_fail": pl.String(),
        "expected": pl.String(),
        "measured": pl.String(),
        "how_to_fix": pl.String(),
        "source": pl.String(),
        "says": pl.String(),
        "box": _BOX,
        "title": pl.String(),
    },
    "matches": {
        "distance": pl.Int64(),
        "delta_e": pl.Float64(),
        "mirrored": pl.Boolean(),
        "turned_degrees": pl.Float64(),
        "shared_points": pl.Int64(),
        "alike_share": pl.Float64(),
        "box_a": _BOX,
        "box_b": _BOX,
        "bank": pl.String(),
        "note": pl.String(),
    },
    "clusters": {"is_representative": pl.Boolean(), "reason": pl.String()},
    "galleries": {
        "role": pl.String(),
        "placement_id": pl.String(),
        "source_uri": pl.String(),
        "score": pl.Float64(),
        "reason": pl.String(),
    },
    "troubles": {"listing_id": pl.String(), "placement_id": pl.String()},
    "counts": {
        "pass": pl.Int64(),
        "warn": pl.Int64(),
        "fail": pl.Int64(),
        "unsure": pl.Int64(),
        "unmeasured": pl.Int64(),
    },
}
"""The columns that a frame may have; one that is lacking counts as null everywhere."""


@dataclass(frozen=True, slots=True)
class CheckDoc:
    """What a check's docstring says, for people."""

    title: str
    why: str = ""
    how: str = ""
    needs: tuple[str, ...] = ()
    """The columns it reads: they decide which evidence is drawn on a picture."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit that the policy sets for one measured column, drawn into its plot."""

    column: str
    value: float
    side: Literal["min", "max"]
    """`min`: lower values fail; `max`: higher values fail."""
    rule: str = ""
    roles: tuple[str, ...] = ()
    """The roles it holds for; empty means all."""
    advice: bool = False
    """Missing it changes no verdict: the line is drawn, but no bar is marked."""


@dataclass(frozen=True, slots=True)
class Lack:
    """What a rule lacks to be judged on this machine."""

    what: tuple[str, ...]
    """Models and libraries; empty where they have come since it was left out."""
    steps: tuple[str, ...]
    """The commands that bring them."""


@dataclass(frozen=True, slots=True)
class RunInfo:
    """The run that the report is about."""

    when: datetime
    seconds: float | None = None
    catalogue: str = ""
    """What the catalogue is called: the feed's or folder's name, without credentials."""
    workspace: str = "W"
    """The workspace as a person would type it, for the commands that the report names."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Further numbers of the run, by a name that reads well: `decoded`, `reused`, …"""
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is shown; whatever is left out is said, with the command that gives all of it."""

    fault_cards: int = 600
    """Pictures (or listings) shown for one fault."""
    fault_cards_per_page: int = 60
    listings: int = 1000
    listings_per_page: int = 20
    pictures_per_listing: int = 30
    """Also the most pictures shown of one match cluster."""
    clusters: int = 400
    clusters_per_page: int = 40
    variants: int = 120
    """Pairs of colour variants shown; also the most pairs of copies, and pictures in banks."""
    troubles_per_kind: int = 200
    changes: int = 120
    """Flipped verdicts, and changed main pictures, that are shown."""
    words: int = 400
    """Of what people said, the latest."""


@dataclass(frozen=True)
class ReportData:
    """All that the report shows; see `REQUIRED` and `OPTIONAL` for the columns of the frames.

    Frames are brought to those columns and types when the object is made. ValueError lists every required column that
    is lacking; a type that does not fit raises polars' InvalidOperationError.
    """

    listings: pl.DataFrame
    verdicts: pl.DataFrame
    """One row per placement; `asset_id` is null where the picture could not be had."""
    measurements: pl.DataFrame
    """One row per asset; every numeric column may become a plot."""
    findings: pl.DataFrame
    """What did not pass, with its texts; `placement_id` is null for what concerns the listing."""
    matches: pl.DataFrame
    clusters: pl.DataFrame
    galleries: pl.DataFrame
    """A `main` row without `asset_id` is an empty main; its `placement_id` or `source_uri` may name a candidate."""
    troubles: pl.DataFrame
    counts: pl.DataFrame
    checks: Mapping[str, CheckDoc]
    policy: Policy
    run: RunInfo
    thumbnail: Callable[[str], bytes | None]
    """Give the JPEG thumbnail of an asset, long side about 320 px; None when there is none."""
    thresholds: tuple[Threshold, ...] = ()
    limits: Limits = Limits()
    changes: Changes | None = None
    """What changed since the run before; None where there was none."""
    lacks: Mapping[str, Lack] = field(default_factory=dict)
    """What rules lack here, by rule: said of those that were not assessed."""
    words: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=WORDS))
    """What people said in place of rules and of pairs, with the columns of `WORDS`."""

    def __post_init__(self) -> None:
        """Bring every frame to its columns; ValueError names those that are lacking."""
        lacking = [
            f"{frame}.{column}"
            for frame, columns in REQUIRED.items()
            for column in columns
            if column not in getattr(self, frame).columns
        ]
        if lacking:
            message = f"the report needs these columns: {', '.join(lacking)}"
            raise ValueError(message)
        for name in REQUIRED:
            object.__setattr__(self, name, _normal(name, getattr(self, name)))


def _normal(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    columns = REQUIRED[name] | OPTIONAL[name]
    has = frame.schema  # once: each look at it makes it anew
    there = [_cast(has[column], column, kind) for column, kind in columns.items() if column in has]
    added = [pl.lit(None).cast(kind).alias(column) for column, kind in columns.items() if column not in has]
    frame = frame.with_columns(*there, *added)
    return frame if name == "measurements" else frame.select(list(columns))


def _cast(has: pl.DataType, column: str, wanted: pl.DataType) -> pl.Expr:
    """A fixed-size list becomes a plain one; everything else is a straight cast."""
    expr = pl.col(column)
    return (expr.arr.to_list() if isinstance(has, pl.Array) else expr).cast(wanted)
