"""Which pictures are copies of each other: cropped, mirrored, turned, covered in part, framed, recoloured, squeezed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from packshot.core.match import MatchKind
from packshot.match.colour import LAB_BYTES
from packshot.match.copy_candidates import candidates
from packshot.match.copy_colours import inverse
from packshot.match.copy_geometry import FEWEST, fits
from packshot.match.copy_sources import without_rivals
from packshot.match.points import points_of
from packshot.match.same import byte_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.match.copy_geometry import Fits, Flags, Floats
    from packshot.match.hamming import Rows

SCHEMA = pl.Schema(
    {
        "asset_a": pl.String(),
        "asset_b": pl.String(),
        "kind": pl.String(),
        "distance": pl.Int32(),
        "delta_e": pl.Float32(),
        "mirrored": pl.Boolean(),
        "turned_degrees": pl.Float32(),
        "shared_points": pl.Int32(),
        "alike_share": pl.Float32(),
        "box_a": pl.List(pl.Float32()),
        "box_b": pl.List(pl.Float32()),
    }
)
WEIGHTS = {"support": 2.67, "alike": 10.12, "residual": -7.07, "spread": 3.56, "shown": 9.9}
"""What speaks for a copy, and how much: fitted to copies and to the hardest other pairs of the pictures set apart for
it. `support` counts by its logarithm, `residual` in pixels of the picture that was shrunk less."""


@dataclass(frozen=True, slots=True)
class Copying:
    """How sure a copy has to be.

    Set on 702 product pictures (studio, transparent, phone; none of those that the exam uses), on 24 edits of 60 of
    them, and on all pairs among them that share points: of each of the eight kinds of edit 90 to 100 % are within all
    of these bounds, and of the other pairs two: one romper photographed twice, and one bottle in two pictures. The
    bounds for colour variants came last, after the exam's first hold had shown variants of shirts as copies.
    """

    min_points: int = FEWEST
    """Least points that lie as in a copy; pictures that have nothing in common reach 7."""
    min_score: float = 2.0
    """Least sum of `WEIGHTS`, with `offset`."""
    offset: float = -10.63
    min_alike_share: float = 0.9
    """Where less of what both show looks the same (a badge covers it), the points have to lie exactly."""
    blunt_residual: float = 0.75
    """Pixels of 256 that they may lie off then: two photographs of one shelf seldom fit so well."""
    max_delta_e: float = 9.5
    """Mean colour difference of the shared points up to which a copy is not recoloured."""
    max_worst_delta_e: float = 8.5
    """What one change of all colours may leave of the worst tenth of them."""
    max_veiled_share: float = 0.12
    """Share of what both show that may have nearly the same colour, but not the same, in a copy that is not recoloured:
    of edits without other colours 95 % have less, of colour variants 95 % more."""
    min_covered_share: float = 0.8
    """Where less than this looks the same, it has to be covered, and `min_covered_support` of the points to agree."""
    min_covered_support: float = 0.35
    """Two photographs of one shelf, and shirts of which only the wearer is the same, have less."""
    max_edged: float = 0.58
    """How much more of the outline of what is covered than of all else may have an edge in both pictures: goods of
    another colour are outlined in both. Of copies 99 % have less."""
    max_tinted_share: float = 0.12
    """Share of what both show that may nearly have another colour, where `max_still_share` of the points are as they
    were and hues are turned by `tint_hue`: blue goods that are violet now, on an unchanged wearer."""
    tint_hue: float = 0.08
    max_still_share: float = 0.15
    """Share of the points that may be coloured and unchanged in a copy that is: skin and trousers of a variant are."""
    max_recoloured_delta_e: float = 3.7
    """Mean difference that one change of all colours may leave; variants of a garment begin at 3.75."""
    max_recoloured_worst: float = 6.0
    pale_chroma: float = 0.25
    """Below this factor the copy is grey or sepia, and its worst points may be `pale_worst` apart."""
    pale_worst: float = 8.0
    gaudy_chroma: float = 1.2
    """Above this factor, and with hues kept to `gaudy_hue` radians, the copy is gaudy: colours are clipped then."""
    gaudy_hue: float = 0.2
    gaudy_worst: float = 16.0


def find_copies(pictures: pl.DataFrame, known: pl.DataFrame, copying: Copying | None = None) -> pl.DataFrame:
    """Give the copies among `pictures`: `asset_a asset_b kind distance delta_e` and what tells of the edit.

    `pictures` has `asset_id keypoints lab16 width_px height_px`; a row with a null is left out. `known` has `asset_a
    asset_b` of pairs that are the same picture already, which are not told again. A pair that differs by more than one
    change of all colours, such as a shirt in another colour on the same model, is no copy. `box_a` and `box_b` say
    which part of each picture the other shows (x, y, w, h as shares).
    """
    copying = copying or Copying()
    usable = pictures.select("asset_id", "keypoints", "lab16", "width_px", "height_px").drop_nulls()
    usable = usable.filter(pl.col("keypoints").bin.size() > 0).unique("asset_id").sort("asset_id")
    if usable.height < 2:  # noqa: PLR2004 - a pair
        return SCHEMA.to_frame()
    points = points_of(usable)
    left, right, mirrored, _ = candidates(points)
    laid = fits(points, byte_rows(usable["lab16"], LAB_BYTES), left, right, mirrored)
    found = is_copy(laid, copying)
    kept = np.flatnonzero(without_rivals(laid, found, (left, right), scores(laid)))
    rows = _rows(
        usable["asset_id"], points.frame.astype(np.float64), (left[kept], right[kept], mirrored[kept]), laid.of(kept)
    )
    rows = rows.sort("shared_points", descending=True).unique(("asset_a", "asset_b"), keep="first", maintain_order=True)
    return rows.join(known, on=("asset_a", "asset_b"), how="anti").sort("asset_a", "asset_b")


def scores(laid: Fits) -> Floats:
    """How much speaks for a copy, before the offset, shape (m,)."""
    scale = np.sqrt(np.abs(np.linalg.det(laid.maps[:, :2])))
    found: Floats = (
        WEIGHTS["support"] * np.log(np.clip(laid.support, 0.01, 1))
        + WEIGHTS["alike"] * laid.alike
        + WEIGHTS["residual"] * laid.residual / np.maximum(scale, 1)
        + WEIGHTS["spread"] * np.clip(laid.spread, 0, 1)
        + WEIGHTS["shown"] * laid.shown.max(axis=1)
    )
    return found


def is_copy(laid: Fits, copying: Copying) -> Flags:
    """Which pairs are copies, shape (m,)."""
    scale = np.maximum(np.sqrt(np.abs(np.linalg.det(laid.maps[:, :2]))), 1)
    found: Flags = laid.sound & (laid.inliers >= copying.min_points)
    found &= scores(laid) + copying.offset >= copying.min_score
    found &= (laid.alike >= copying.min_alike_share) | (
        (laid.residual / scale <= copying.blunt_residual) & (laid.edged <= copying.max_edged)
    )
    found &= (laid.alike >= copying.min_covered_share) | (laid.support >= copying.min_covered_support)
    return found & _coloured_alike(laid, copying)


def _coloured_alike(laid: Fits, copying: Copying) -> Flags:
    plain = (laid.delta_e <= copying.max_delta_e) & (laid.worst_delta_e <= copying.max_worst_delta_e)
    changed = (laid.recoloured_delta_e <= copying.max_recoloured_delta_e) & (
        laid.worst_delta_e <= copying.max_recoloured_worst
    )
    pale = (laid.chroma <= copying.pale_chroma) & (laid.worst_delta_e <= copying.pale_worst)
    gaudy = (laid.chroma >= copying.gaudy_chroma) & (np.abs(laid.hue) <= copying.gaudy_hue)
    filtered = changed | pale | (gaudy & (laid.worst_delta_e <= copying.gaudy_worst))
    turned = (laid.still > copying.max_still_share) & (np.abs(laid.hue) > copying.tint_hue)
    plain &= ~(turned & (laid.tinted > copying.max_tinted_share))
    found: Flags = (plain & (laid.veiled <= copying.max_veiled_share)) | (
        filtered & (laid.still <= copying.max_still_share)
    )
    return found


def _rows(ids: pl.Series, frame: Floats, pairs: tuple[Rows, Rows, Rows], laid: Fits) -> pl.DataFrame:
    left, right, mirrored = pairs
    turned = np.degrees(np.arctan2(laid.maps[:, 0, 1], laid.maps[:, 0, 0]))
    one = _shown_box(frame[left], frame[right], inverse(laid.maps))
    flipped = one.copy()
    flipped[:, 0] = 1 - one[:, 0] - one[:, 2]
    two = _shown_box(frame[right], frame[left], laid.maps)
    return pl.DataFrame(
        {
            "asset_a": ids.gather(left),
            "asset_b": ids.gather(right),
            "kind": pl.Series([MatchKind.COPY.value], dtype=pl.String).new_from_index(0, left.size),
            "distance": pl.Series([None], dtype=pl.Int32).new_from_index(0, left.size),
            "delta_e": laid.delta_e,
            "mirrored": mirrored.astype(bool),
            "turned_degrees": np.where(np.abs(turned) < 1, 0, turned),
            "shared_points": laid.inliers,
            "alike_share": laid.alike,
            "box_a": _lists(np.where(mirrored[:, None] > 0, flipped, one)),
            "box_b": _lists(two),
        },
        schema=SCHEMA,
        strict=False,
    )


def _shown_box(own: Floats, other: Floats, maps: Floats) -> Floats:
    """The box of `own` pictures, as shares, that the corners of the `other` pictures span under `maps`."""
    corners = np.array([[0, 0], [1, 0], [0, 1], [1, 1]]) * other[:, None]
    at = (np.einsum("mki,mij->mkj", corners, maps[:, :2]) + maps[:, None, 2]) / own[:, None]
    low, high = np.clip(at.min(axis=1), 0, 1), np.clip(at.max(axis=1), 0, 1)
    return np.concatenate([low, high - low], axis=1)


def _lists(boxes: NDArray[np.float64]) -> pl.Series:
    return pl.Series(boxes.astype(np.float32), dtype=pl.Array(pl.Float32, 4)).cast(pl.List(pl.Float32))
