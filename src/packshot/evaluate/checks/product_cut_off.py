"""The check `product_cut_off`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.listing import Role
from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, percent, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


def _row(
    edges: list[str] | None, *, worn: bool | None, skin: float = 0.0, confidence: float = 0.9
) -> dict[str, object]:
    return {"cut_off_edges": edges, "product_confidence": confidence, "is_worn": worn, "skin_share": skin}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ProductCutOffParams:
    """What a policy can set of `product_cut_off`."""

    min_confidence: float = 0.5
    """Below this confidence in where the product is, the check is unsure. A half, by meaning: what masks of that
    confidence are worth is in `training/matte_confidence.md`."""
    max_skin_share: float = 0.02
    """Where the category is unknown: from this share of skin colour on, somebody may wear or hold the product. By
    judgement: no data is on record that set it."""
    spare_wearers: bool = False
    """Where skin shows, take what is cut for the wearer and only warn; where none does, take it for the product."""


class ProductCutOff(Check[ProductCutOffParams]):
    """The product is cut off by the edge of the picture.

    Judged is the product and not its wearer: where people wear such things, or skin shows and the category is unknown,
    a cut edge may cut the person alone, and the check is unsure.

    Why it matters: shoppers must see the whole product; a cut edge looks like a mistake and hides what they buy.
    How to fix: step back or use a larger original, so that there is background on every side of the product.
    """

    params = ProductCutOffParams
    needs = ("cut_off_edges", "product_confidence", "is_worn", "skin_share")
    on_fail = Verdict.REVIEW
    roles = (Role.MAIN,)
    box = "product_box"
    examples = (
        Example(_row([], worn=False), PASS, "background all round"),
        Example(_row([], worn=True), PASS, "a whole shirt"),
        Example(_row(["left"], worn=False), FAIL, "a kettle without its handle"),
        Example(_row(["left"], worn=None), FAIL, "no category, and no skin"),
        Example(_row(["bottom"], worn=True), UNSURE, "a jacket: the wearer may be cut, not the product"),
        Example(_row(["bottom"], worn=None, skin=0.2), UNSURE, "no category, and somebody is in the picture"),
        Example(_row(["top"], worn=False, confidence=0.1), UNSURE, "a scene: the product cannot be told"),
        Example(_row(None, worn=False, confidence=0.0), UNSURE, "nothing stands out"),
    )

    def fails(self, column: Columns, params: ProductCutOffParams) -> pl.Expr:
        touches = column.cut_off_edges.list.len() > 0
        return touches & ~self._spared(column, params) if params.spare_wearers else touches

    def warns(self, column: Columns, params: ProductCutOffParams) -> pl.Expr | None:
        return self._spared(column, params) if params.spare_wearers else None

    def unsure(self, column: Columns, params: ProductCutOffParams) -> pl.Expr:
        weak = column.product_confidence < params.min_confidence
        if params.spare_wearers:
            return weak
        somebody = column.skin_share.is_null() | (column.skin_share > params.max_skin_share)
        worn = column.is_worn | (column.is_worn.is_null() & somebody)
        return weak | ((column.cut_off_edges.list.len() > 0) & worn)

    @staticmethod
    def _spared(column: Columns, params: ProductCutOffParams) -> pl.Expr:
        """An edge is touched, and somebody is there who may be what it cuts."""
        somebody = (column.skin_share > params.max_skin_share).fill_null(value=False)
        return (column.cut_off_edges.list.len() > 0) & somebody & column.is_worn.fill_null(value=True)

    def expected(self, params: ProductCutOffParams) -> str:
        return phrase("a product that touches no edge of the picture")

    def measured(self, row: Mapping[str, object], params: ProductCutOffParams) -> str:
        touches = phrase(
            "touches: {cut_off_edges} (confidence {product_confidence})",
            cut_off_edges=_edges(row.get("cut_off_edges")),
            product_confidence=words(row.get("product_confidence")),
        )
        return touches + self._perhaps(row, params) if row.get("cut_off_edges") else touches

    @staticmethod
    def _perhaps(row: Mapping[str, object], params: ProductCutOffParams) -> str:
        """Why somebody may be what is cut, where that keeps the check from failing."""
        worn, skin = row.get("is_worn"), row.get("skin_share")
        shows = isinstance(skin, float) and skin > params.max_skin_share
        if worn is True and (shows or not params.spare_wearers):
            return phrase("; people wear such things, and a wearer may be what is cut")
        if worn is None and shows:
            return phrase(
                "; colours of skin over {skin}: somebody may be what is cut, and not the product", skin=percent(skin)
            )
        if worn is None and skin is None and not params.spare_wearers:
            return phrase("; whether skin shows is not known: somebody may be what is cut, and not the product")
        return ""


def _edges(edges: object) -> str:
    """The edges by their names in the language that is spoken."""
    names = {"top": phrase("top"), "bottom": phrase("bottom"), "left": phrase("left"), "right": phrase("right")}
    return words([names.get(str(edge), str(edge)) for edge in edges] if isinstance(edges, list | tuple) else edges)
