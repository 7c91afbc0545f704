"""What the columns of the tables say; those of measurements are told by the measures that give them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.trouble import TroubleKind
from packshot.evaluate.explain import Explanation

if TYPE_CHECKING:
    from collections.abc import Mapping

SHARED = {
    "asset_id": "The picture's file: BLAKE3 of its bytes, 64 hexadecimal digits; equal bytes are one asset.",
    "placement_id": "One picture in one place: this address on this listing of this source.",
    "listing_id": "The product page, as the feed calls it.",
    "source_id": "Which feed or folder it was read from.",
    "source_uri": "The picture's address as the feed has it, without credentials and query tokens.",
    "policy": "Which policy says so: its id.",
}
"""Columns that mean the same in every table."""

TABLES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "listings": (
        "The product pages that the feeds name now.",
        {
            "variant_group_id": "What listings that differ only by colour or size share.",
            "title": "The listing's title.",
            "brand": "The brand, as the feed has it.",
            "category": "The category in the feed's words.",
            "gtin": "The product's number (GTIN, EAN, UPC, ISBN), as the feed has it.",
            "attributes": "Every other column of the feed, as JSON.",
            "google_category": "An id of Google's product taxonomy, or a path in it, where the feed has one.",
        },
    ),
    "placements": (
        "Which picture stands on which listing, in which role.",
        {
            "role": "What the picture is for: main, secondary, swatch, size_chart, lifestyle, packaging or detail.",
            "position": "Its place among the listing's pictures in the feed, from 0.",
            "uri_key": "A hash of the address without what only signs it.",
            "supplier": "Who sent the picture, where the feed says so.",
        },
    ),
    "assets": (
        "The files that are placed now.",
        {
            "kind": "image, animation, video, spin or model3d.",
            "format": "jpeg, png, webp, gif, bmp, tiff, avif or heic, from the content; empty: none of them.",
            "bytes": "Size of the file.",
            "width_px": "Width as displayed, from the header.",
            "height_px": "Height as displayed, from the header.",
            "blob": "`stored` in the workspace, or `referenced` where it lies.",
            "ref_uri": "Where a referenced file lies.",
        },
    ),
    "measurements": ("What was measured on each asset: packshot explain COLUMN tells of each.", {}),
    "matches": (
        "Pairs of assets that belong together.",
        {
            "asset_a": "One of the two.",
            "asset_b": "The other; the same one for `exact`, the entry of the bank for `bank`.",
            "kind": "exact (equal bytes, placed more than once), same (re-encoded, resized), copy (cropped, mirrored, "
            "laid over), bank (known bad), or variant (other colour; no fault).",
            "distance": "How many of the 256 bits of the two perceptual hashes (PDQ) differ.",
            "delta_e": "How far apart their colours are, in CIE Lab.",
            "mirrored": "Of copies: whether one is mirrored.",
            "turned_degrees": "Of copies: how far one is turned against the other.",
            "shared_points": "Of copies: points that lie in both as in a copy.",
            "alike_share": "Of copies: how much of what both show looks alike.",
            "box_a": "Of copies: the part of the one that the other shows too: x, y, w, h as shares.",
            "box_b": "Of copies: the part of the other.",
            "bank": "Of `bank`: the bank's name.",
            "note": "Of `bank`: what the bank says of its entry.",
            "source_uri_a": "An address at which the one is placed.",
            "source_uri_b": "An address at which the other is placed.",
        },
    ),
    "clusters": (
        "The keep list: which of several pictures that are the same stays.",
        {
            "cluster_id": "The cluster: its representative's asset id.",
            "is_representative": "Whether the others are compared with this one.",
            "keep": "Whether it stays.",
            "reason": "Why it stays or goes.",
        },
    ),
    "findings": (
        "What did not pass, in words.",
        {
            "rule": "Which rule of the policy: packshot explain RULE.",
            "check": "Which check the rule asks.",
            "status": "fail, unsure (measured, not surely enough), warn (advice) or unmeasured (its row is missing).",
            "title": "What is wrong, in one line.",
            "expected": "What would pass.",
            "measured": "What was measured instead.",
            "how_to_fix": "What to do about it.",
            "on_fail": "The verdict that a failure gives: show (advice), fix, review or block.",
            "says": "What the channel says.",
            "source": "Where the channel says so.",
            "box": "Where to look: x, y, w, h of one box after the other, as shares of the displayed picture.",
            "role": "The placement's role, in which it was judged.",
        },
    ),
    "verdicts": (
        "What the policy says of every placement.",
        {
            "role": "The placement's role, in which it is judged.",
            "verdict": "show, fix (to be mended), review (a person has to look) or block, in the placement's own role: "
            "the highest of what its rules add.",
            "verdict_as_main": "What the verdict would be if the picture were the main one; by it the main picture is "
            "chosen.",
            "verdict_as_secondary": "What the verdict would be if it were a secondary picture; by it the others of the "
            "gallery are chosen.",
            "not_assessed": "Rules that nothing here can measure, or that a person has to answer; they change no "
            "verdict unless the policy requires them.",
        },
    ),
    "galleries": (
        "The gallery that was chosen for each listing, and what was left out of it.",
        {
            "slot": "main, then 1, 2, … in the order in which they are shown; `rejected` is not shown, `missing` is "
            "a shot that the channel wants and nobody supplied.",
            "role": "What the picture is for; of `missing`, what is wanted.",
            "score": "How good the choice found it for that slot, 0 to 1.",
            "reason": "Why it stands there, or not.",
        },
    ),
    "troubles": (
        "What could not be handled, and why. What has trouble is never shown.",
        {
            "stage": "Where it happened: collect, fetch, decode or measure.",
            "kind": f"What went wrong: {', '.join(kind.value for kind in TroubleKind)}.",
            "detail": "What went wrong, in words.",
            "retryable": "Whether the next run tries again by itself.",
            "measure": "The measure that failed, where one did.",
            "version": "Its version.",
            "run_id": "The run in which it happened.",
            "at": "When it happened, UTC.",
            "model": "The versions of the measure's models, where it has any.",
        },
    ),
    "labels": (
        "What people said, the oldest first.",
        {
            "seq": "The label's number.",
            "question": "The rule or check that was answered, or same_picture.",
            "answer": "pass or fail; of same_picture same or different; withdrawn takes back what was said.",
            "because": "Why, in the words of whoever said it.",
            "author": "Who said it.",
            "at": "When it was said, UTC.",
            "state": "Whether it counts: counts, not asked, superseded, withdrawal, picture replaced or not placed.",
            "other_asset_id": "Of same_picture: the other picture.",
            "other_source_uri": "Of same_picture: an address of the other picture.",
            "subject_kind": "What it is about: a placement or a pair.",
            "supersedes": "The label that it takes the place of.",
            "said_of": "What the rule said when the person spoke.",
        },
    ),
}
"""The tables of `packshot table`: what they hold, and what their columns say."""


def explain_table(name: str) -> Explanation | None:
    """What a table holds, column by column; None where none is called so."""
    if name not in TABLES:
        return None
    about, columns = TABLES[name]
    lines = tuple(f"{column}: {text}" for column, text in columns.items())
    return Explanation(name, "table", about, (("Columns", lines),) if lines else ())


def tables_with(column: str) -> tuple[str, ...]:
    """A line for each table whose column of that name has a meaning of its own there."""
    return tuple(f"{table}: {columns[column]}" for table, (_, columns) in TABLES.items() if column in columns)


def explain_table_column(name: str) -> Explanation | None:
    """What a column of the tables says, wherever it stands; None where there is none."""
    told = tables_with(name)
    if name in SHARED:
        return Explanation(name, "column", SHARED[name], ())
    if not told:
        return None
    if len(told) == 1:
        table, _, text = told[0].partition(": ")
        return Explanation(name, "column", text, (("Table", (table,)),))
    return Explanation(name, "column", f"A column of {len(told)} tables.", (("In the tables", told),))
