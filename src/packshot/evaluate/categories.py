"""Which rules speak of a listing, by the words of its category, by packshot's categories and by Google's ids."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import polars as pl

from packshot.evaluate.context import GOOGLE, google_ids, has_google_id, names_one_of
from packshot.policies.categories import MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from packshot.policies.categories import Category

TOP = r"(?i)\bapparel\s*(?:&amp;|&|\+|and)\s*accessories\s*(?:>|»|→|/|\||:)"
"""Google's top of clothes, shoes and jewellery alike: it says nothing of which they are."""
BESIDE = r"(?i)\bclothing\s+accessories\b"
"""Google's name for what is worn and is no clothing."""


def all_named(frame: pl.DataFrame) -> pl.Expr:
    """What rules read of a listing: `category` and, on a line that says so, `google_category` where there is one."""
    if "google_category" not in frame.columns:
        return pl.col("category")
    google = pl.lit(GOOGLE) + pl.col("google_category")
    both = pl.concat_str("category", google, separator="\n", ignore_nulls=True)
    told = pl.col("category").is_not_null() | pl.col("google_category").is_not_null()
    return pl.when(told).then(both).alias("category")


def is_of(category: pl.Expr, asked: Iterable[str], known: Mapping[str, Category]) -> pl.Expr:
    """Whether a category has one of the words `asked`, or is of one of the categories that they name with `@`.

    Null where the category is null. A name that `known` lacks is of nothing: policies with such names do not load.
    """
    asked = tuple(asked)
    meant = [known[word.removeprefix(MARK)] for word in asked if word.startswith(MARK) and word[1:] in known]
    plain = tuple(word for word in asked if not word.startswith(MARK))
    words = tuple(word for one in meant for word in one.words)
    ids = sorted({id_ for one in meant for id_ in one.google})
    found = pl.when(category.is_not_null()).then(pl.lit(False))
    told: list[pl.Expr] = []
    if plain:
        told.append(names_one_of(category, plain))
    if words:
        told.append(names_one_of(category.str.replace_all(TOP, " ").str.replace_all(BESIDE, "accessories"), words))
    if ids:
        told.append(has_google_id(category, ids))
    return reduce(or_, told, found)


def unknown(categories: pl.Series, known: Mapping[str, Category]) -> pl.Series:
    """Those of the `categories` that no entry of the map knows; an id of Google's that it lacks counts as known.

    The map holds every id that any of its categories has, so what it lacks is of none of them.
    """
    distinct = categories.drop_nulls().unique(maintain_order=True)
    words = tuple(word for one in known.values() for word in one.words)
    text = pl.col("category")
    told = names_one_of(text, words) if words else pl.lit(False)
    frame = pl.DataFrame({"category": distinct}, schema={"category": pl.String})
    return frame.filter(~told & (google_ids(text).list.len() == 0))["category"]
