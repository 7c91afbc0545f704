"""The check `url_or_contact`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.listing import Role
from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UrlOrContactParams:
    """What a policy can set of `url_or_contact`."""

    max_contact_confidence: float = 0.65
    """Highest accepted confidence that an address or number was laid over the picture; above it the check fails. The
    same bound as `text_over_picture` has, set on the same pictures."""
    unsure_from_confidence: float = 0.5
    """From this confidence on the check is unsure. The same as `text_over_picture` has."""


class UrlOrContact(Check[UrlOrContactParams]):
    """The picture leads away: a web address, an e-mail address, a phone number, or a code that holds one.

    Why it matters: channels refuse pictures that lead customers elsewhere; what is printed on a pack is another thing,
    unless it is a code that a telephone reads. The barcode of the goods is no fault.
    How to fix: use the picture without the address; cover a code on the pack, or take the picture from another side.
    """

    params = UrlOrContactParams
    needs = ("contact_texts", "contact_confidence", "code_links")
    box = "overlay_text_boxes"
    roles = (Role.MAIN,)
    on_fail = Verdict.REVIEW
    examples = (
        Example(
            {"contact_texts": ["www.example.com"], "contact_confidence": 0.99, "code_links": []}, FAIL, "an address"
        ),
        Example(
            {"contact_texts": [], "contact_confidence": 0.0, "code_links": ["https://example.com"]}, FAIL, "a QR code"
        ),
        Example(
            {"contact_texts": ["www.example.com"], "contact_confidence": 0.1, "code_links": []}, PASS, "on the pack"
        ),
        Example(
            {"contact_texts": ["+49 30 5550100"], "contact_confidence": 0.55, "code_links": []}, UNSURE, "on a sticker"
        ),
        Example({"contact_texts": [], "contact_confidence": 0.0, "code_links": []}, PASS, "nothing of the kind"),
    )

    def fails(self, column: Columns, params: UrlOrContactParams) -> pl.Expr:
        return (column.code_links.list.len() > 0) | (column.contact_confidence > params.max_contact_confidence)

    def unsure(self, column: Columns, params: UrlOrContactParams) -> pl.Expr:
        confidence = column.contact_confidence
        between = (confidence >= params.unsure_from_confidence) & (confidence <= params.max_contact_confidence)
        return between & (column.code_links.list.len() == 0)

    def expected(self, params: UrlOrContactParams) -> str:
        return phrase("no address or number laid over the picture, and no code that holds one")

    def measured(self, row: Mapping[str, object], params: UrlOrContactParams) -> str:
        written = phrase(
            "{contact_texts}, laid over with a confidence of {contact_confidence}",
            contact_texts=words(row.get("contact_texts")),
            contact_confidence=words(row.get("contact_confidence")),
        )
        return phrase(
            "written: {written}; in codes: {code_links}", written=written, code_links=words(row.get("code_links"))
        )
