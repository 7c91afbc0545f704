"""Compares every placed picture with the words of its listing, where that has not been done: as pairs, once each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from packshot.evaluate.related import RELATED
from packshot.evaluate.relations import relations_here, relations_version, versions_here
from packshot.evaluate.suite import readable_measures
from packshot.evaluate.titles import read_words
from packshot.evaluate.titles.colour_words import agreements, shares, stated
from packshot.evaluate.titles.listing_text import leaf, normal
from packshot.evaluate.titles.spaces import SPACES
from packshot.models.sources import version_of
from packshot.pipeline import relate_work
from packshot.pipeline.appending import Appender
from packshot.pipeline.current_rows import measured
from packshot.pipeline.engine import Work
from packshot.pipeline.listing_words import key_of, listing_words
from packshot.pipeline.measure_step import models_at_work
from packshot.pipeline.relations import KEYS, TABLE, related
from packshot.pipeline.sharding import answered
from packshot.pipeline.stored_vectors import stored_vectors
from packshot.pipeline.writing import table_of
from packshot.storage.catalog import utc_now
from packshot.storage.current import measured_column
from packshot.storage.schemas import RELATIONS, text_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from packshot.evaluate.titles.space import Words
    from packshot.pipeline.job import Job
    from packshot.pipeline.stores import Stores

BESIDE = ("colour_agreement", "words_agreement")
"""Relations that are a part of the agreement with the title, in the order in which spaces take them."""
TEXTS = 64
"""Texts of one shard."""


def relate(job: Job, placements: pl.DataFrame) -> int:
    """Compare what was not compared yet, and append it to `relations`; how many pairs that were.

    A picture that lacks a measure which is compared is compared in the rest, and again when it has it.
    """
    if not relations_here():
        return 0
    words, lacking = _lacking(job.stores, placements)
    job.progress.stage("relate", lacking.height)
    if lacking.is_empty():
        return 0
    appender = Appender(job.stores.tables, (TABLE,))
    try:
        for part in _compared(job, lacking, words):
            appender.add({TABLE: _rows(part)})
            job.progress.advance(part.height)
    finally:
        appender.commit()
    return lacking.height


def _lacking(stores: Stores, placements: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The words of the listings concerned, one row for each key; and `asset_id text_key version` of what to compare."""
    words = listing_words(stores)
    placed = placements.select("source_id", "listing_id", "asset_id").drop_nulls("asset_id")
    pairs = placed.join(words, on=("source_id", "listing_id"), how="inner").select(KEYS).unique(maintain_order=True)
    done = related(stores)
    pairs = pairs.join(done.filter(pl.col("version") == relations_version()), on=KEYS, how="anti")
    versions = versions_here()
    compared = {way.measure for part in versions.values() for way in part.values()}
    firsts = {readable_measures()[name].outputs[0].name for name in compared}
    had = measured(stores, firsts, of_assets=pairs["asset_id"])
    told = had.select("asset_id", *(pl.col(measured_column(name)).alias(name) for name in compared))
    able = pairs.join(told, on="asset_id", how="inner", maintain_order="left")
    version = pl.lit(None, dtype=pl.String)
    for text, part in reversed(versions.items()):
        there = pl.all_horizontal(way.measure for way in part.values())
        version = pl.when(there).then(pl.lit(text)).otherwise(version)
    lacking = able.select(*KEYS, version.alias("version")).drop_nulls()
    lacking = lacking.join(done, on=(*KEYS, "version"), how="anti")
    return words.unique("text_key", keep="any").join(lacking, on="text_key", how="semi"), lacking


def _compared(job: Job, lacking: pl.DataFrame, words: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """`lacking` with its relations, in parts."""
    for (version,), pairs in lacking.partition_by("version", as_dict=True, maintain_order=True).items():
        ways = versions_here()[str(version)]
        told = _with_colours(job.stores, pairs, words) if "colour_agreement" in ways else pairs
        told = _with_words(job.stores, told, words) if "words_agreement" in ways else told
        titles = ways.get("title_agreement")
        yield from _with_titles(job, told, words, titles.space) if titles else [told]


def _rows(part: pl.DataFrame) -> pa.Table:
    lacking = [pl.lit(None, dtype=pl.Float32).alias(name) for name in RELATED if name not in part.columns]
    told = part.with_columns(*lacking, pl.lit(utc_now()).alias("at")).with_columns(pl.col(*RELATED).fill_nan(None))
    return table_of(told, RELATIONS)


def _with_colours(stores: Stores, pairs: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """`pairs` with `colour_agreement`."""
    found = measured(stores, ("product_colours",), of_assets=pairs["asset_id"]).select("asset_id", "product_colours")
    stating = [
        "+".join(stated(title, brand, json.loads(f'"{colour}"') if colour else None))
        for title, brand, colour in words.select("title", "brand", "colour").iter_rows()
    ]
    told = words.select("text_key", pl.Series("_stated", stating, dtype=pl.String))
    rows = pairs.join(found, on="asset_id", how="left", maintain_order="left")
    rows = rows.join(told, on="text_key", how="left", maintain_order="left")
    ids = [tuple(text.split("+")) if text else () for text in rows["_stated"]]
    values = agreements(shares(rows["product_colours"].fill_null([])), ids)
    return pairs.with_columns(pl.Series("colour_agreement", values, dtype=pl.Float32))


def _with_words(stores: Stores, pairs: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """`pairs` with `words_agreement`."""
    found = measured(stores, ("text_words",), of_assets=pairs["asset_id"]).select("asset_id", "text_words")
    read = {asset: read_words.words_of(lines or ()) for asset, lines in found.iter_rows()}
    named = words.select("text_key", "title", "brand").iter_rows()
    asked = {key: read_words.words_of((title, brand)) for key, title, brand in named}
    each = [read.get(asset, ()) for asset in pairs["asset_id"]], [asked[key] for key in pairs["text_key"]]
    return pairs.with_columns(pl.Series("words_agreement", read_words.agreements(*each), dtype=pl.Float32))


def _with_titles(job: Job, pairs: pl.DataFrame, words: pl.DataFrame, space: str) -> Iterator[pl.DataFrame]:
    """`pairs` with `title_agreement`, in parts."""
    texts, has_words, failed = _texts(job, words, space)
    number = pl.DataFrame({"text_key": words["text_key"], "_text": np.arange(words.height)})
    pairs = pairs.join(number, on="text_key", how="left", maintain_order="left")
    pairs = pairs.filter(~pl.Series(failed).gather(pairs["_text"]))
    done = pl.DataFrame(schema={"asset_id": pl.String})
    for assets, vectors in stored_vectors(job.stores, SPACES[space].measure):
        rows = pl.DataFrame({"asset_id": assets, "_row": np.arange(len(assets))}).unique("asset_id", keep="last")
        part = pairs.join(rows.join(done, on="asset_id", how="anti"), on="asset_id", how="inner", maintain_order="left")
        if part.is_empty():
            continue
        used, place = np.unique(part["_row"].to_numpy(), return_inverse=True)
        text = part["_text"].to_numpy()
        held = (part[name].to_numpy() if name in part.columns else None for name in BESIDE)
        values = texts.agreement(vectors[used], place, text, *held)
        values = np.where(has_words[text], values, np.float32(np.nan))
        done = pl.concat([done, part.select("asset_id").unique()])
        yield part.drop("_row", "_text").with_columns(pl.Series("title_agreement", values, dtype=pl.Float32))


def _texts(job: Job, words: pl.DataFrame, space: str) -> tuple[Words, NDArray[np.bool_], NDArray[np.bool_]]:
    """Each row of `words` in the space, and two flags of each.

    Whether there are words at all, and whether the model failed at some of them.
    """
    titles = [normal(title) for title in words["title"]]
    categories = [leaf(category) for category in words["category"]]
    others = [normal(text) for text in SPACES[space].others()]
    keys = {text: key_of(text) for text in dict.fromkeys([*others, *titles, *categories]) if text}
    vectors = _text_vectors(job, keys, space)
    nothing = np.zeros_like(next(iter(vectors.values()), np.zeros(SPACES[space].length or 1, np.float16)))
    each = [
        np.array([nothing, *(vectors.get(text, nothing) for text in column)])[1:]
        for column in (titles, categories, others)
    ]
    told = np.array([bool(t or c) for t, c in zip(titles, categories, strict=True)])
    # A text at which the model failed is tried again by the next run: nothing is said of its listings until then.
    lost = [text in keys and text not in vectors for text in others]
    failed = np.array([any(w and w not in vectors for w in both) for both in zip(titles, categories, strict=True)])
    return SPACES[space].words(*each), told, failed | any(lost)


def _text_vectors(job: Job, keys: dict[str, str], space: str) -> dict[str, NDArray[np.float16]]:
    """The vector of each text; those that are not stored are made now, and stored."""
    found = _stored(job.stores, set(keys.values()), space)
    rows = [(key, text) for text, key in keys.items() if key not in found]
    if rows:
        table = pa.table({"text_key": [key for key, _ in rows], "text": [text for _, text in rows]})
        appender = Appender(job.stores.tables, (SPACES[space].table,))
        try:
            with models_at_work(job.engine, {SPACES[space].text_model}) as models:
                params = {"models": models, "space": space, "profile": job.profile.on}
                for outcome in answered(job.engine, Work(relate_work.WORK, params), table, TEXTS):
                    tables = dict(outcome.tables or {})
                    job.profile.take("relate", tables)
                    appender.add(tables)
        finally:
            appender.commit()
        found = _stored(job.stores, set(keys.values()), space)
    return {text: found[key] for text, key in keys.items() if key in found}


def _stored(stores: Stores, keys: set[str], space: str) -> dict[str, NDArray[np.float16]]:
    found: dict[str, NDArray[np.float16]] = {}
    table, version = SPACES[space].table, version_of(SPACES[space].text_model)
    for batch in stores.tables.batches(table, schema=text_vectors(SPACES[space].length)):
        rows = pa.Table.from_batches([batch]).filter(pc.field("model_version") == version)
        if rows.num_rows:
            flat = np.asarray(pc.list_flatten(rows["vector"]).to_numpy(zero_copy_only=False), dtype=np.float16)
            named = zip(rows["text_key"].to_pylist(), flat.reshape(rows.num_rows, -1), strict=True)
            found |= {key: vector.copy() for key, vector in named if key in keys}
    return found
