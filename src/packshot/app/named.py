"""What people's names for pictures mean: ids, the starts of ids, addresses and listings."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import polars as pl

from packshot.core.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_PREFIX = 6
"""Letters of an id that have to be given."""
_PREFIX = rf"^[0-9a-f]{{{LEAST_PREFIX},64}}$"
"""What may be the start of an id: they are hexadecimal digits."""
SHOWN = 5
KEYS = ("placement_id", "source_uri", "asset_id", "listing_id")
MOST_NEAR = 20_000
"""Names among which the nearest ones are looked for."""


class Names:
    """Finds placements by what people call them."""

    def __init__(self, placements: pl.DataFrame) -> None:
        """Look among `placements`, which have the columns of KEYS."""
        self._places = placements.select(*KEYS)

    def placements(self, names: Iterable[str]) -> dict[str, pl.DataFrame]:
        """Name → the placements that it means: by their id or its start, their address, their asset or listing."""
        wanted = pl.DataFrame({"name": list(dict.fromkeys(names))}, schema={"name": pl.String})
        found: dict[str, pl.DataFrame] = {}
        for key in KEYS:
            rows = wanted.join(self._places.with_columns(pl.col(key).alias("name")), on="name", how="inner")
            for (name,), part in rows.group_by("name", maintain_order=True):
                found.setdefault(str(name), part.drop("name"))
        found |= self._begun(wanted.filter(~pl.col("name").is_in(list(found))))
        return {name: rows for name, rows in found.items() if not rows.is_empty()}

    def _begun(self, wanted: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """Name → the placements whose id, or whose asset's, it begins; names of one length are looked for together."""
        found: dict[str, pl.DataFrame] = {}
        likely = wanted.filter(pl.col("name").str.contains(_PREFIX))
        for (length,), names in likely.group_by(pl.col("name").str.len_chars()):
            begins = [
                names.join(
                    self._places.with_columns(pl.col(key).str.head(length).alias("name")), on="name", how="inner"
                )
                for key in ("placement_id", "asset_id")
            ]
            for (name,), part in pl.concat(begins).unique(maintain_order=True).group_by("name", maintain_order=True):
                found[str(name)] = part.drop("name")
        return found

    def placement(self, name: str, known: pl.DataFrame | None = None) -> dict[str, str]:
        """The one placement that `name` means, with its picture.

        `known` are the placements that it means, where that has been asked. Raises UnknownName where it means none,
        UsageError where it means several, or one without a picture.
        """
        rows = self.placements([name]).get(name) if known is None else known
        if rows is None or rows.is_empty():
            raise self.unknown("placement", name)
        if rows.height > 1:
            raise UsageError(
                f"{name!r} means {rows.height:,} placements.", f"Name one by its id: {_listed(rows, 'placement_id')}."
            )
        (row,) = rows.rows(named=True)
        if row["asset_id"] is None:
            raise UsageError(
                f"{row['source_uri']} on listing {row['listing_id']} has no picture that could be read.",
                "There is nothing to speak of until it is fetched: see `packshot table troubles`.",
            )
        return row

    def asset(self, name: str, known: pl.DataFrame | None = None) -> str:
        """The one asset that `name` means. Raises UnknownName where it means none, UsageError where several."""
        rows = self.placements([name]).get(name) if known is None else known
        rows = None if rows is None else rows.drop_nulls("asset_id").unique("asset_id", maintain_order=True)
        if rows is None or rows.is_empty():
            raise self.unknown("picture", name)
        if rows.height > 1:
            raise UsageError(
                f"{name!r} means {rows.height:,} different pictures.", f"Name one: {_listed(rows, 'asset_id')}."
            )
        return str(rows["asset_id"][0])

    def unknown(self, what: str, name: str) -> UnknownName:
        """The error for a name of nothing, with the nearest names."""
        near = self.near(name)
        error = UnknownName(what, name, near)
        if not near:
            error.hint = "Name it by its id, the start of that, or its address: see `packshot table placements`."
        return error

    def near(self, name: str) -> list[str]:
        """Names of the workspace that are like `name`."""
        likely = self._places
        if likely.height > MOST_NEAR:  # likenesses are costly: those that share a beginning or an end
            ends = pl.col("source_uri").str.ends_with(name[-4:]) | pl.col("source_uri").str.starts_with(name[:8])
            likely = likely.filter(ends | pl.col("listing_id").str.starts_with(name[:3])).head(MOST_NEAR)
        texts = pl.concat([likely[key].drop_nulls() for key in ("source_uri", "listing_id", "placement_id")])
        return difflib.get_close_matches(name, texts.unique().to_list(), n=3, cutoff=0.5)


def _listed(rows: pl.DataFrame, key: str) -> str:
    told = [f"{row[key]} ({row['source_uri']} on {row['listing_id']})" for row in rows.head(SHOWN).rows(named=True)]
    return ", ".join(told) + (", …" if rows.height > SHOWN else "")
