"""Measures every current asset that lacks a wanted measure: what is wanted minus what is stored is the work."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import polars as pl

from packshot.collect.ingest import STORED
from packshot.evaluate.asked import asked
from packshot.evaluate.categories import all_named
from packshot.evaluate.feature_maps import MODEL as SCREENS_ON
from packshot.evaluate.screens import can_screen
from packshot.evaluate.suite import all_measures, under_screens, wanted
from packshot.models.cache import verified_path
from packshot.models.serving import ModelProcess
from packshot.models.sessions import device
from packshot.pipeline import measure_work
from packshot.pipeline.appending import Appender
from packshot.pipeline.current_rows import current_assets
from packshot.pipeline.engine import LossKind, Lost, Work
from packshot.pipeline.held_passes import held_passes
from packshot.pipeline.sharding import answered
from packshot.pipeline.trouble_rows import stamped, trouble_of, trouble_table
from packshot.pipeline.vector_rows import vector_names
from packshot.storage.catalog import utc_now
from packshot.storage.current import missing
from packshot.storage.schemas import MEASUREMENT_KEYS, TROUBLES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import pyarrow as pa

    from packshot.core.measurement import Version
    from packshot.evaluate.bind import BoundPolicy
    from packshot.pipeline.current_rows import Placed
    from packshot.pipeline.engine import Engine, Outcome
    from packshot.pipeline.job import Job
    from packshot.pipeline.stores import Stores

SHARD_ROWS = 16
KEYS = ("asset_id", "pass_id", "failed")


@dataclass(frozen=True, slots=True)
class Measured:
    """What measuring came to."""

    assets: int
    """Current assets."""
    decoded: int
    """Assets that were decoded now."""
    reused: int
    """Assets for which nothing had to be decoded."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What is to be measured."""

    assets: int
    """Current assets, those that lack nothing included."""
    groups: tuple[tuple[list[str], pa.Table], ...]
    """Measures, and `asset_id ref_uri` of the assets that lack just these; `ref_uri` is null for stored files."""
    screens: bool = False
    """Whether the screens may spare models (`evaluate/screens.py`)."""

    @property
    def height(self) -> int:
        """Assets that lack something."""
        return sum(rows.num_rows for _, rows in self.groups)


def lacking(stores: Stores, now: Placed, bound: BoundPolicy | None = None, also: Collection[str] = ()) -> Lacking:
    """What the assets that are placed `now` lack.

    Costly measures are lacking where a rule of `bound` reads them or `also` names them, and the screens may spare their
    models; without a policy, they are lacking everywhere, also where the screens have spared models before. The result
    holds no more than is needed: measuring takes long, and needs the memory.
    """
    screens = bound is not None and can_screen()
    held = stores.catalog.passes() if bound is None else held_passes(stores)
    assets = _located(current_assets(stores, now.placements))
    parts = _lacking(stores, assets, _sets(now, bound, also), held).partition_by("group", maintain_order=True)
    groups = [
        (part["missing"][0].to_list(), part.select("asset_id").join(assets, on="asset_id", maintain_order="left"))
        for part in parts
    ]
    return Lacking(assets.height, tuple((measures, rows.to_arrow()) for measures, rows in groups), screens)


def measure(job: Job, work: Lacking) -> Measured:
    """Measure what is lacking, and append it in passes."""
    job.progress.stage("measure", work.height)
    names = {name for measures, _ in work.groups for name in measures}
    with model_process(job.engine, names, screens=work.screens) as models:
        decoded = sum(_group(job, measures, rows, models, screens=work.screens) for measures, rows in work.groups)
    return Measured(work.assets, decoded, work.assets - work.height)


@contextmanager
def model_process(engine: Engine, measures: Collection[str], *, screens: bool = False) -> Iterator[str | None]:
    """The address of a process that runs the models of `measures`; None where there are none, or on other machines.

    Raises ModelDamaged, before anything is measured, for weights that are not the pinned ones.
    """
    known = all_measures()
    models = {model for name in measures for model in known[name].models}
    spare = any(known[name].screened for name in measures)
    with models_at_work(engine, {*models, SCREENS_ON} if screens and spare else models) as address:
        yield address


@contextmanager
def models_at_work(engine: Engine, models: Collection[str]) -> Iterator[str | None]:
    """As `model_process`, for models by id. Raises MissingExtra and UsageError where none can run here at all."""
    if models:
        device()
    for model in sorted(models):
        verified_path(model)
    if not models or engine.elsewhere:
        yield None
        return
    with ModelProcess() as process:
        yield process.address


def _group(job: Job, measures: list[str], rows: pa.Table, models: str | None, *, screens: bool) -> int:
    """Measure assets that lack the same; how many were decoded."""
    stores, decoded = job.stores, 0
    known = all_measures()
    versions = under_screens(wanted(known)) if screens else wanted(known)
    pass_id = stores.catalog.open_pass({name: versions[name] for name in measures})
    params: dict[str, object] = {"measures": measures, "limits": asdict(job.limits), "models": models}
    params["screens"] = screens
    params |= {"blobs": stores.blobs.location, "thumbnails": stores.thumbnails.location}
    params["profile"] = job.profile.on
    # Vectors first: a row of measurements says that its asset's vectors are there.
    vectors = vector_names(known[name] for name in measures)
    appender = Appender(stores.tables, (*vectors, "measurements", "troubles"))
    work = Work(measure_work.WORK, params)
    try:
        for outcome in answered(job.engine, work, rows, SHARD_ROWS):
            tables = dict(outcome.tables or _given_up(outcome))
            job.profile.take("measure", tables)
            decoded += _answers(tables, pass_id, job.run_id)
            appender.add(tables)
            job.progress.advance(outcome.shard.rows.num_rows, tables["troubles"].num_rows)
    finally:
        appender.commit()
    return decoded


def _sets(now: Placed, bound: BoundPolicy | None, also: Collection[str]) -> pl.DataFrame:
    """`asset_id` and `measures`: what is wanted of each asset that is placed, ids with blanks between them."""
    versions = wanted(all_measures())
    if bound is None:
        everything = pl.lit(" ".join(versions)).alias("measures")
        return now.placements.select(pl.col("asset_id").drop_nulls().unique()).with_columns(everything)
    category = now.listings.select("source_id", "listing_id", all_named(now.listings))
    rows = now.placements.select("source_id", "listing_id", "asset_id", "role")
    rows = rows.join(category, on=("source_id", "listing_id"), how="left", maintain_order="left")
    flags = {name: flag for name, flag in asked(bound, rows).items() if name not in also}
    of_asset = rows.select("asset_id", *(flag.alias(name) for name, flag in flags.items())).drop_nulls("asset_id")
    of_asset = of_asset.group_by("asset_id").agg(pl.col(name).any() for name in flags)
    always = " ".join(name for name in versions if name not in flags)
    named = (pl.when(name).then(pl.lit(name)) for name in flags)
    return of_asset.select(
        "asset_id", pl.concat_str(pl.lit(always), *named, separator=" ", ignore_nulls=True).alias("measures")
    )


def _lacking(
    stores: Stores, assets: pl.DataFrame, sets: pl.DataFrame, passes: Mapping[str, Mapping[str, Version]]
) -> pl.DataFrame:
    keys = stores.frame("measurements", MEASUREMENT_KEYS, KEYS)
    troubles = stores.frame("troubles", TROUBLES, ("asset_id", "measure", "version", "model", "retryable"))
    versions = wanted(all_measures())
    found, groups = [], 0
    told = assets.select("asset_id").join(sets, on="asset_id", how="left", maintain_order="left")
    for part in told.partition_by("measures", maintain_order=True):
        of_set = {name: versions[name] for name in str(part["measures"][0]).split()}
        lacking = missing(part["asset_id"], keys, passes, of_set, troubles)
        found.append(lacking.with_columns(pl.col("group") + groups))
        groups += lacking["group"].n_unique()
    return pl.concat(found) if found else missing(assets["asset_id"], keys, passes, {}, troubles)


def _located(assets: pl.DataFrame) -> pl.DataFrame:
    """`asset_id` and `ref_uri`: where a referenced file lies, null for what the workspace keeps."""
    where = pl.when(pl.col("blob") != STORED).then("ref_uri")
    return assets.select("asset_id", where.alias("ref_uri"))


def _answers(tables: dict[str, pa.Table], pass_id: str, run_id: str) -> int:
    """Give a worker's rows their pass, run and time; how many assets were decoded."""
    tables["troubles"] = stamped(tables["troubles"], run_id=run_id, at=utc_now())
    if "measurements" not in tables:
        return 0
    rows = tables["measurements"]
    for name, value in (("pass_id", pass_id), ("at", utc_now())):
        field = MEASUREMENT_KEYS.field(name)
        column = pl.Series([value] * rows.num_rows).to_arrow().cast(field.type)
        rows = rows.append_column(field, column)
    tables["measurements"] = rows
    return int(rows.num_rows)


def _given_up(outcome: Outcome) -> dict[str, pa.Table]:
    (asset_id,) = outcome.shard.rows["asset_id"].to_pylist()
    lost = outcome.lost or Lost(LossKind.CRASHED)
    return {"troubles": trouble_table([trouble_of(lost, "decode", asset_id=asset_id)])}
