"""The page of copies: each pair side by side, with the part that both show, and what is in a bank."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.present.report_evidence import marks
from packshot.present.report_site import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from packshot.present.report_site import Site
    from packshot.present.report_view import View

    Placed = Callable[[str], dict[str, Any]]

Row = dict[str, Any]
_WHOLE = 0.97
"""A part from this share of each side on is called the whole picture."""
_TURNED = 2.0
"""Degrees from which a turn is told."""
_PALE, _EXACT = 9.5, 0.97


def copies(view: View) -> pl.DataFrame:
    """The pairs of edited copies, those of two listings first, then those that share most points."""
    found = view.data.matches.filter(pl.col("kind") == "copy")
    return found.sort("shared_points", "asset_a", "asset_b", descending=[True, False, False], nulls_last=True)


def in_banks(view: View) -> pl.DataFrame:
    """What is in a bank, one row for each picture and bank."""
    found = view.data.matches.filter(pl.col("kind") == "bank").sort("distance", "asset_a", nulls_last=True)
    return found.unique(("asset_a", "bank"), keep="first", maintain_order=True)


def copy_page(view: View, site: Site, totals: Row, placed: Placed) -> Iterator[Page]:
    """The page, with as many pairs as the limits allow."""
    pairs, known = copies(view), in_banks(view)
    most = view.limits.variants
    yield Page(
        "matches/copies.html",
        "copies.html",
        partial(_values, site, (pairs.head(most), known.head(most)), totals, placed),
    )


def _values(site: Site, shown: tuple[pl.DataFrame, pl.DataFrame], totals: Row, placed: Placed) -> Row:
    pairs, known = (part.to_dicts() for part in shown)
    for row in pairs:
        row["words"] = told(row)
        row["parts"] = [_part(site, row[f"asset_{side}"], row[f"box_{side}"]) for side in ("a", "b")]
    for row in known:
        row["words"] = told(row)
        row["part"] = _part(site, row["asset_a"], row["box_a"])
    return {"pairs": pairs, "known": known, "totals": totals, "placed": placed}


def told(row: Row) -> str:
    """What was done to one of the two, as far as it can be told, and what says so."""
    found = ["mirrored"] if row.get("mirrored") else []
    turn = row.get("turned_degrees") or 0.0
    found += [f"turned by {abs(round(turn))}°"] if abs(turn) >= _TURNED else []
    found += ["one is a part of the other"] if any(_is_part(row.get(name)) for name in ("box_a", "box_b")) else []
    found += ["other colours"] if (row.get("delta_e") or 0) > _PALE else []
    alike = row.get("alike_share")
    points = row.get("shared_points")
    found += [f"{round((1 - alike) * 100)} % of it covered or changed"] if alike is not None and alike < _EXACT else []
    found += [f"{points} points lie as in a copy"] if points else []
    found += [f"{row['distance']} of 256 bits differ"] if row.get("distance") is not None else []
    return ", ".join(found)


def _is_part(box: object) -> bool:
    return isinstance(box, list) and len(box) == 4 and min(box[2:]) < _WHOLE  # noqa: PLR2004 - x, y, w, h


def _part(site: Site, asset: str, box: object) -> Row:
    picture = site.pictures(asset)
    shown = marks({"box": box}, ("box",), picture) if picture and _is_part(box) else []
    return {"picture": picture, "marks": shown}
