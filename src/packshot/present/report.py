"""The static report: a folder of pages that opens from `file://` and needs nothing from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.present.report_changes import change_pages
from packshot.present.report_faults import fault_pages, faults
from packshot.present.report_folder import replaced
from packshot.present.report_galleries import gallery_pages
from packshot.present.report_matches import match_pages
from packshot.present.report_overview import overview_page, policy_page, troubles_page
from packshot.present.report_site import Site
from packshot.present.report_view import View
from packshot.present.report_word import word_pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from packshot.present.report_data import ReportData


def write_report(data: ReportData, folder: Path, *, progress: Callable[[int, int], None] | None = None) -> Path:
    """Write the report into `folder` and give the path of its first page.

    The folder is replaced as a whole once every page is written; a run that breaks leaves the report of before. Equal
    data give equal files. `progress` is called with (pages written, pages in all). UsageError when `folder` holds
    something that is not a report; WorkspaceError when it cannot be written.
    """
    view = View(data)
    with replaced(folder) as new:
        site = Site(data, new)
        known = faults(view)
        pages = [
            overview_page(view, known),
            *change_pages(view),
            *fault_pages(view, site, known),
            *gallery_pages(view, known),
            *match_pages(view, site),
            *word_pages(view),
            troubles_page(view),
            policy_page(view, known),
        ]
        site.write_assets(view.search_rows())
        for done, page in enumerate(pages, 1):
            site.write(page)
            if progress:
                progress(done, len(pages))
    return folder / "index.html"
