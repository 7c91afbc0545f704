"""The names of the tables that `packshot table` writes, apart, so that completing them loads nothing."""

from __future__ import annotations

TABLES = (
    "listings", "placements", "assets", "measurements", "matches", "clusters", "findings", "verdicts", "galleries",
    "troubles", "labels",
)  # fmt: skip
FORMATS = ("csv", "tsv", "json", "jsonl", "parquet")
"""How a table is written; each is the suffix of its files, too."""
