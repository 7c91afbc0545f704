"""Where the templates of all pages are loaded from, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from packshot.present import report_text

if TYPE_CHECKING:
    from collections.abc import Iterable


def environment(filters: Iterable[str]) -> Environment:
    """The templates, with those filters of `report_text`; every value is escaped where it is put out."""
    found = Environment(
        loader=PackageLoader("packshot.present"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in filters:
        found.filters[name] = getattr(report_text, name)
    return found
