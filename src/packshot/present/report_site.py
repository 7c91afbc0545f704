"""The report as a set of files: pages from templates, pictures written once, style and script."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import simplejpeg

from packshot.present import report_tags
from packshot.present.page_templates import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from jinja2 import Environment

    from packshot.present.report_data import ReportData

_FILTERS = ("visible", "prose", "tail", "sources", "label", "unit", "number", "percent", "short_hash", "plural")
_TAGS = ("pic", "verdict_tag", "status_tag", "listing_link")
_ASSET_ID = re.compile(r"[0-9A-Za-z_-]{1,128}")

VERDICTS = {
    "show": "Ready to show",
    "fix": "To be mended",
    "review": "A person has to look",
    "block": "Must not be shown",
}
"""The verdicts in rising order, as people say them."""

STATUSES = {
    "fail": "Fails",
    "unsure": "Unsure",
    "unmeasured": "Not measured",
    "warn": "Advice",
}
"""What a finding says, the gravest first."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A thumbnail in the report's folder."""

    src: str
    """Path from the top of the report."""
    width: int
    height: int


class Pictures:
    """Writes each thumbnail that is shown into `images/`, once."""

    def __init__(self, thumbnail: Callable[[str], bytes | None], folder: Path) -> None:
        """Take thumbnails from `thumbnail` and write them below `folder`."""
        self._thumbnail = thumbnail
        self._folder = folder / "images"
        self._known: dict[str, Picture | None] = {}

    def __call__(self, asset_id: str | None) -> Picture | None:
        """The picture of `asset_id`; None when there is none. ValueError when the id is no id."""
        if not asset_id:
            return None
        if asset_id not in self._known:
            self._known[asset_id] = self._write(asset_id)
        return self._known[asset_id]

    def _write(self, asset_id: str) -> Picture | None:
        if not _ASSET_ID.fullmatch(asset_id):
            message = f"{asset_id!r} is no asset id"
            raise ValueError(message)
        content = self._thumbnail(asset_id)
        if content is None:
            return None
        try:
            height, width, _, _ = simplejpeg.decode_jpeg_header(content)
        except ValueError:
            return None  # shown as a tile that says so: the store's thumbnail is damaged
        self._folder.mkdir(exist_ok=True)
        (self._folder / f"{asset_id}.jpg").write_bytes(content)
        return Picture(f"images/{asset_id}.jpg", width, height)


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the report, made when it is its turn."""

    path: str
    template: str
    values: Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a page stands among its siblings."""

    number: int
    paths: tuple[str, ...]

    @property
    def previous(self) -> str | None:
        """The page before, from the top of the report."""
        return self.paths[self.number - 2] if self.number > 1 else None

    @property
    def next(self) -> str | None:
        """The page after."""
        return self.paths[self.number] if self.number < len(self.paths) else None

    @property
    def around(self) -> list[tuple[int, str] | None]:
        """The pages to offer: first, last and the neighbours; None stands for a gap."""
        offered: list[tuple[int, str] | None] = []
        for number, path in enumerate(self.paths, 1):
            if number in {1, len(self.paths)} or abs(number - self.number) <= 1:
                offered.append((number, path))
            elif offered[-1] is not None:
                offered.append(None)
        return offered


def paged(folder: str, name: str, count: int, size: int) -> tuple[str, ...]:
    """The paths of the pages that hold `count` things, `size` on each; one page at least."""
    pages = max(1, -(-count // size))
    return tuple(f"{folder}/{name}.html" if n == 1 else f"{folder}/{name}.p{n}.html" for n in range(1, pages + 1))


@cache
def _templates() -> Environment:
    """The templates, compiled once for the process; every value is escaped where it is put out."""
    found = environment(_FILTERS)
    for name in _TAGS:
        found.filters[name] = getattr(report_tags, name)
    return found


class Site:
    """Renders pages into a folder."""

    def __init__(self, data: ReportData, folder: Path) -> None:
        """Render into `folder`, with what every page shows taken from `data`."""
        self.folder = folder
        self.pictures = Pictures(data.thumbnail, folder)
        self._shared = {
            "policy": data.policy,
            "run": data.run,
            "compared": data.changes is not None,
            "spoken": data.words.height > 0,
            "verdict_words": VERDICTS,
            "status_words": STATUSES,
            "picture": self.pictures,
        }

    def write(self, page: Page) -> None:
        """Render one page and write it."""
        path = self.folder / page.path
        path.parent.mkdir(exist_ok=True)
        root = "../" if "/" in page.path else ""
        template = _templates().get_template(page.template)
        text = template.render(self._shared, root=root, here=page.path, **page.values())
        # A lone surrogate cannot be written as UTF-8 and must not break the page.
        path.write_bytes(text.encode("utf-8", "replace"))

    def write_assets(self, index: Iterable[Mapping[str, Any]]) -> None:
        """Write the style, the script and the `index` of listings that the search reads.

        The index is a script and not a JSON file, since a page opened from `file://` may not fetch.
        """
        folder = self.folder / "assets"
        folder.mkdir(exist_ok=True)
        for name in ("style.css", "report.js"):
            (folder / name).write_bytes((resources.files("packshot.present") / "assets" / name).read_bytes())
        rows = json.dumps(list(index), ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
        (folder / "listings.js").write_text(f"window.packshotListings={rows};\n", encoding="ascii")
