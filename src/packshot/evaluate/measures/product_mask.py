"""Where the product is on any background, by a learned model."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.core.measurement import Kind, Output
from packshot.evaluate.feature_maps import MODEL
from packshot.evaluate.measure import Measure
from packshot.evaluate.outlines import outline
from packshot.evaluate.product_matte import DECODER, By, product_matte
from packshot.evaluate.product_place import product_place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture


class ProductMask(Measure):
    """Box, fill, area, centring, cut-off edges and outline of the product on any background, with a confidence.

    Method: `evaluate/product_matte.py`: a small decoder of packshot's own on the feature maps of EfficientNet-lite0,
    trained on composed pictures and on the answers of U2-Net's small version (X. Qin et al., "U2-Net: Going deeper with
    nested U-structure for salient object detection", 2020; `training/product_mask.md`), refined by a guided filter
    (K. He et al., 2013). Fill, centring and cut-off edges are what the measure `product` means by them. Where
    the picture has transparency or stands on a plain ground that `product` is confident of, and where its mask ends
    the picture has an outline, the model does not run and every column is null: the columns of `product` hold.

    Blind spots: the model marks what catches the eye: hands, wearers and props beside the product count as product,
    one of several products may be left out, and glass, thin parts and a product of the ground's colour lose pieces.
    The confidence falls with some of these, not with all.
    """

    version = 3
    models: ClassVar = (MODEL,)
    own: ClassVar = (DECODER,)
    outputs = (
        Output("mask_box", Kind.BOX, "x, y, w, h as shares of the picture.", instead_of="product_box"),
        Output(
            "mask_fill_share",
            Kind.FLOAT,
            "Larger of box width and box height, 0 to 1.",
            instead_of="product_fill_share",
        ),
        Output("mask_area_share", Kind.FLOAT, "Share of the picture that it covers.", instead_of="product_area_share"),
        Output(
            "mask_centering",
            Kind.FLOAT,
            "1 in the middle, 0 with its middle on an edge.",
            instead_of="product_centering",
        ),
        Output(
            "mask_cut_off_edges",
            Kind.TEXTS,
            "Edges that cut the product off: left, top, right, bottom.",
            instead_of="cut_off_edges",
        ),
        Output(
            "mask_confidence",
            Kind.FLOAT,
            "0 to 1; how far the mask can be relied on.",
            instead_of="product_confidence",
        ),
        Output("mask_outline", Kind.OUTLINE, "Outlines of the largest parts, at most 100 corners, as shares."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Read everything off the shared mask."""
        matte = picture.once(product_matte)
        mask = None if matte is None or matte.by is not By.MODEL else matte.product
        place = None if mask is None else product_place(mask)
        if matte is None or mask is None or place is None:
            return {output.name: None for output in self.outputs}
        return {
            "mask_box": place.box,
            "mask_fill_share": place.fill,
            "mask_area_share": place.area,
            "mask_centering": place.centering,
            "mask_cut_off_edges": place.cut_off,
            "mask_confidence": matte.confidence,
            "mask_outline": outline(mask),
        }
