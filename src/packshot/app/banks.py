"""Banks of pictures that are known to be bad: what is in them, what is put in and taken out."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import polars as pl
from blake3 import blake3

from packshot.collect.hash_lists import read_hashes
from packshot.core.errors import MediaError, UnknownName, UsageError
from packshot.core.plural import plural
from packshot.evaluate.suite import all_measures, measure_picture
from packshot.match.banks import MAX_DISTANCE
from packshot.match.same import Sameness
from packshot.media.decode import decode
from packshot.media.limits import DEFAULT_LIMITS
from packshot.media.read import read_limited
from packshot.pipeline.bank_rows import add_to_bank, bank_entries, remove_from_bank

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from packshot.pipeline.stores import Stores

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
LOOKS = ("pdq", "pdq_quality", "lab16", "keypoints", "width_px", "height_px")
LONGEST_NOTE = 500
MOST_LIST_BYTES = 1 << 27
"""Two million hashes, for which an import takes about 4 GB of memory."""
LEASE = "banks"
"""Under which banks are changed, one process at a time."""
_ID_LETTERS = 24


def banks(stores: Stores) -> list[dict[str, Any]]:
    """Each bank: `bank entries pictures hashes added`, as JSON values, by name."""
    found = (
        bank_entries(stores)
        .group_by("bank")
        .agg(entries=pl.len(), pictures=pl.col("lab16").count(), added=pl.col("at").max())
        .with_columns(hashes=pl.col("entries") - pl.col("pictures"))
    )
    return found.sort("bank").select("bank", "entries", "pictures", "hashes", "added").to_dicts()


def entries(stores: Stores, bank: str) -> list[dict[str, Any]]:
    """The entries of one bank as JSON values; UnknownName where there is none."""
    rows = _of_bank(stores, bank)
    return rows.select(
        "entry_id",
        pl.col("pdq").bin.encode("hex").alias("pdq"),
        pl.when(pl.col("lab16").is_null()).then(pl.lit("hash")).otherwise(pl.lit("picture")).alias("kind"),
        "max_distance",
        "note",
        "source",
        "at",
    ).to_dicts()


def add_pictures(
    stores: Stores, bank: str, pictures: Iterable[Path], *, note: str | None, dry_run: bool = False
) -> dict[str, Any]:
    """Put pictures into a bank: their hash, thumbnail and points, not their bytes.

    Raises UsageError for a file that is no picture, or one so plain that nothing could be told by it; nothing is added
    then.
    """
    _named(bank)
    rows = [_looked_at(bank, path, note) for path in pictures]
    added = _put(stores, {row["entry_id"]: row for row in rows}, dry_run=dry_run)
    return _told(bank, added=added, known=len(rows) - added, dry_run=dry_run)


def import_list(  # noqa: PLR0913 - each says another thing about the list
    stores: Stores,
    bank: str,
    file: Path,
    *,
    max_distance: int | None = None,
    note: str | None = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Put a list of PDQ hashes into a bank (see `collect/hash_lists.py`); `max_distance` is in bits of 256.

    Raises SourceError for a file that is no such list; nothing is added then.
    """
    _named(bank)
    if max_distance is not None and not 0 <= max_distance <= MAX_DISTANCE:
        raise UsageError(
            f"The distance {max_distance} is out of range.",
            f"Give 0 to {MAX_DISTANCE} bits of 256: beyond, other pictures are as near.",
        )
    found = read_hashes(_text(file), file.name)
    rows: list[dict[str, Any]] = [
        {
            "bank": bank,
            "entry_id": _id(bank, one.pdq),
            "pdq": one.pdq,
            "note": _short(note or one.note),
            "source": file.name,
            "max_distance": max_distance,
        }
        for one in found.hashes
    ]
    added = _put(stores, {row["entry_id"]: row for row in rows}, dry_run=dry_run)
    told = _told(bank, added=added, known=len(rows) - added, dry_run=dry_run)
    return told | {"doubled": found.doubled, "too_plain": found.poor}


def remove(stores: Stores, bank: str, ids: Sequence[str], *, dry_run: bool = False) -> dict[str, Any]:
    """Take entries out of a bank, by their ids or the beginnings of them; without ids, the whole bank.

    Raises UnknownName for a bank that is not there, UsageError for an id that names none or several.
    """
    with nullcontext() if dry_run else stores.alone(LEASE):
        rows = _of_bank(stores, bank)
        gone = list(dict.fromkeys(_entry(rows["entry_id"].to_list(), bank, id_) for id_ in ids))
        if not dry_run:
            remove_from_bank(stores, bank, gone or None)
    return {"bank": bank, "removed": len(gone) or rows.height, "dry_run": dry_run}


def _put(stores: Stores, rows: dict[str, dict[str, Any]], *, dry_run: bool) -> int:
    """Add those of the entries, by their ids, that are not there; how many. Who adds at the same time waits."""
    with nullcontext() if dry_run else stores.alone(LEASE):
        known = set(bank_entries(stores)["entry_id"])
        fresh = [row for id_, row in rows.items() if id_ not in known]
        if fresh and not dry_run:
            add_to_bank(stores, _frame(fresh))
    return len(fresh)


def _of_bank(stores: Stores, bank: str) -> pl.DataFrame:
    every = bank_entries(stores)
    rows = every.filter(pl.col("bank") == bank)
    if rows.is_empty():
        raise UnknownName("bank", bank, every["bank"].unique().sort().to_list())
    return rows


def _entry(known: Sequence[str], bank: str, id_: str) -> str:
    found = [one for one in known if one.startswith(id_)] if id_ else []
    if len(found) != 1:
        what = "no entry" if not found else plural(len(found), "entry", "entries")
        raise UsageError(
            f"{id_!r} names {what} of the bank {bank}.", f"See its entries: packshot bank list {bank} -w …"
        )
    return found[0]


def _named(bank: str) -> None:
    if not NAME.fullmatch(bank):
        raise UsageError(
            f"{bank[:80]!r} cannot be the name of a bank.", "Use letters, digits, '_', '-' and '.'; at most 64 of them."
        )


def _looked_at(bank: str, path: Path, note: str | None) -> dict[str, Any]:
    measures = {n: m for n, m in all_measures().items() if {o.name for o in m.outputs} & set(LOOKS)}
    try:
        data = read_limited(path, DEFAULT_LIMITS)
        values, _, troubles = measure_picture(decode(data), measures)
    except (MediaError, OSError) as error:
        why = str(error).splitlines()[0]
        raise UsageError(
            f"{path} cannot be put into a bank: {why}", "Name files of pictures; nothing was added."
        ) from None
    quality = values.get("pdq_quality")
    if troubles or not isinstance(quality, int) or quality < Sameness().min_pdq_quality or values.get("pdq") is None:
        raise UsageError(
            f"{path} cannot be put into a bank: it is blank or too plain, and many others would look like it.",
            "Leave it out; the check blank_picture finds blank pictures. Nothing was added.",
        )
    row = {name: values[name] for name in LOOKS if name != "pdq_quality"}
    return row | {"bank": bank, "entry_id": _id(bank, data), "note": _short(note), "source": path.name}


def _id(bank: str, what: bytes) -> str:
    return blake3(bank.encode() + b"\0" + what).hexdigest()[:_ID_LETTERS]


def _short(note: str | None) -> str | None:
    return " ".join(note.split())[:LONGEST_NOTE] if note else None


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    binary = dict.fromkeys(("pdq", "lab16", "keypoints"), pl.Binary)
    numbers = dict.fromkeys(("max_distance", "width_px", "height_px"), pl.Int32)
    there = {**binary, **numbers, "note": pl.String}
    return pl.DataFrame(rows, schema_overrides={name: kind for name, kind in there.items() if name in rows[0]})


def _told(bank: str, *, added: int, known: int, dry_run: bool) -> dict[str, Any]:
    return {"bank": bank, "added": added, "known": known, "dry_run": dry_run}


def _text(file: Path) -> str:
    try:
        with file.open("rb") as list_:
            data = list_.read(MOST_LIST_BYTES + 1)  # a device has no size, and may have no end
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Name the file of a list of hashes.") from None
    if len(data) > MOST_LIST_BYTES:
        raise UsageError(f"{file} is larger than a list of hashes can be.", "Split it, and import the parts.")
    return data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig", errors="replace")
