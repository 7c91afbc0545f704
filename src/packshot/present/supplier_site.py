"""Writes a folder for each supplier that can be sent to them, and a page that ranks all of them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from packshot.present import report_tags, report_text
from packshot.present.page_templates import environment
from packshot.present.report_evidence import KEY, marks
from packshot.present.report_folder import replaced
from packshot.present.report_site import VERDICTS, Pager, Pictures, paged
from packshot.present.supplier_data import FIELDS, SEVERITIES
from packshot.texts.cells import guarded
from packshot.texts.language import counted, figures, phrase, spoken_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from jinja2 import Environment

    from packshot.present.supplier_data import Row, Supplier, SuppliersAbout

MARKER = ".packshot-suppliers"
"""The file that says: this folder was written here and may be replaced."""
PER_PAGE = 200
"""Suppliers on one page of the ranking."""
_FILTERS = ("visible", "prose", "tail", "short_hash", "sources")
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d|assets|images|index|findings|suppliers")
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l",
     "đ": "d", "ð": "d", "þ": "th"}
)  # fmt: skip
"""Letters that are more than a plain one with a mark."""
MOST_LETTERS = 48
"""Of a folder's name, before the hash."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of the ranking."""

    name: str | None
    folder: str
    listings: int
    pictures: int
    ready: int
    verdicts: dict[str, int]
    findings: int
    worst: str
    """The title of what is wrong most."""

    @property
    def not_ready(self) -> int:
        """Pictures that may not be shown as they are."""
        return self.pictures - self.ready


def write_suppliers(
    suppliers: Iterable[Supplier], about: Callable[[], SuppliersAbout], thumbnail: Callable[[str], bytes | None],
    folder: Path,
) -> tuple[Path, list[Ranked]]:  # fmt: skip
    """Write a folder for each of `suppliers` and the ranking into `folder`; gives its first page and the ranking.

    `about` is asked when all suppliers have come. The folder is replaced as a whole at the end. UsageError when it
    holds something else; WorkspaceError when it cannot be written. Equal data give equal files.
    """
    ranked: list[Ranked] = []
    with replaced(folder, MARKER) as new:
        for supplier in suppliers:
            place = folder_name(supplier.name)
            _write_supplier(supplier, about(), thumbnail, new / place)
            ranked.append(_ranked(supplier, place))
        ranked.sort(key=lambda one: (-one.not_ready, -one.findings, one.name is None, one.name or ""))
        _write_ranking(ranked, about(), new)
    return folder / "index.html", ranked


def folder_name(name: str | None) -> str:
    """The folder of a supplier: one name, one folder, on every file system and in every run.

    Latin letters are written without their marks (`Müller & Söhne`: mueller-soehne-…), others as they are; a hash of
    the name tells apart what would come to the same.
    """
    if not name:
        return "no-supplier"
    if _PLAIN.fullmatch(name) and not _RESERVED.fullmatch(name) and name != "no-supplier":
        return name
    words = re.sub(r"-{2,}", "-", _plain_letters(name)).strip("-_")
    return f"{words[:MOST_LETTERS].rstrip('-_') or 'supplier'}-{report_text.short_hash(name)}"


def _plain_letters(name: str) -> str:
    """`name` in small letters, of which those that are Latin at heart are a to z; what is no letter is a hyphen."""
    found = ""
    for sign in unicodedata.normalize("NFC", name.lower()).translate(_LETTERS):
        plain = "".join(one for one in unicodedata.normalize("NFKD", sign) if one.isascii() and one.isalnum())
        if unicodedata.category(sign).startswith("M"):  # a mark is part of its letter, or goes with it
            found += sign if found and not found[-1].isascii() else ""
        else:
            found += plain or (sign if sign == "_" or sign.isalnum() else "-")
    return found


def _write_supplier(
    supplier: Supplier, about: SuppliersAbout, thumbnail: Callable[[str], bytes | None], folder: Path
) -> None:
    folder.mkdir()
    (folder / MARKER).write_text("packshot report for a supplier\n", encoding="utf-8")
    pictures = Pictures(thumbnail, folder)
    used: set[str] = set()
    faults = []
    for fault in supplier.faults:
        cards = []
        for row in fault.cards:
            picture = pictures(row["asset_id"])
            drawn = marks(row, fault.needs, picture) if picture and not fault.of_listings else []
            used.update(mark.kind for mark in drawn)
            cards.append(row | {"picture": picture, "marks": drawn})
        faults.append({"fault": fault, "cards": cards})
    key = {kind: phrase(words) for kind, words in KEY.items() if kind in used}
    _render("supplier.html", folder / "index.html", supplier=supplier, about=about, faults=faults, key=key)
    _write_style(folder)
    (folder / "findings.csv").write_bytes(as_csv(FIELDS, supplier.findings))


def _ranked(supplier: Supplier, place: str) -> Ranked:
    worst = max(supplier.faults, key=lambda fault: (fault.severity != "advice", fault.count), default=None)
    return Ranked(
        supplier.name,
        place,
        supplier.listings,
        supplier.pictures,
        supplier.ready,
        dict(supplier.verdicts),
        len(supplier.findings),
        worst.title if worst else "",
    )


def _write_ranking(ranked: Sequence[Ranked], about: SuppliersAbout, folder: Path) -> None:
    paths = [path.removeprefix("./") for path in paged(".", "index", len(ranked), PER_PAGE)]
    for number, path in enumerate(paths, 1):
        shown = ranked[(number - 1) * PER_PAGE : number * PER_PAGE]
        pager = Pager(number, tuple(paths))
        first = (number - 1) * PER_PAGE + 1
        _render("suppliers.html", folder / path, ranked=shown, every=ranked, about=about, pager=pager, first=first)
    _write_style(folder)
    columns = ("supplier", "folder", "listings", "pictures", "ready", "not_ready", "findings", "worst")
    rows = ({name: getattr(one, name) for name in columns[1:]} | {"supplier": one.name or ""} for one in ranked)
    (folder / "suppliers.csv").write_bytes(as_csv(columns, rows))


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """CSV that a spreadsheet opens as it stands: UTF-8 with its mark, and no cell that would run as a formula."""
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(columns)
    table.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def _cell(value: object) -> str:
    text = report_text.visible(value, 2000) if isinstance(value, str) else "" if value is None else str(value)
    return guarded(text)


@cache
def templates() -> Environment:
    """The templates of these pages, compiled once for the process; every value is escaped where it is put out."""
    found = environment(_FILTERS)
    found.filters["pic"] = report_tags.pic
    found.filters["number"] = lambda value: figures(f"{value:,}")
    found.filters["percent"] = lambda part, whole: figures(report_text.percent(part, whole)).replace("%", "\u202f%")
    found.globals.update(t=phrase, counted=counted, verdict_words=VERDICTS, severities=SEVERITIES)
    return found


def _render(template: str, path: Path, **values: Any) -> None:
    text = templates().get_template(template).render(language=spoken_now(), **values)
    path.write_bytes(text.encode("utf-8", "replace"))


def _write_style(folder: Path) -> None:
    style = resources.files("packshot.present") / "assets" / "supplier.css"
    (folder / "style.css").write_bytes(style.read_bytes())
