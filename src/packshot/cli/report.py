"""`packshot report`: what a run found, to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packshot.cli.options import (
    OUTPUT,
    catalog_option,
    current_policy_option,
    json_option,
    language_option,
    workspace_option,
)
from packshot.cli.show import as_json, clean, printed_table, say
from packshot.core.errors import UsageError
from packshot.core.plural import plural

if TYPE_CHECKING:
    from pathlib import Path

    from packshot.app.suppliers import SuppliersTold

MOST_SHOWN = 10


@click.command()
@workspace_option
@catalog_option
@click.option(
    "--output",
    "-o",
    type=OUTPUT,
    help="A folder; `report` in the workspace by default, or `suppliers` with --suppliers.",
)
@current_policy_option
@click.option(
    "--suppliers",
    "for_suppliers",
    is_flag=True,
    help="Write a folder for each supplier instead, to be sent to them: what is wrong, how to fix it; and a ranking.",
)
@click.option("--supplier", "only", multiple=True, metavar="NAME", help="Only this supplier; repeatable.")
@click.option(
    "--by",
    type=click.Choice(("supplier", "brand", "source")),
    default="supplier",
    show_default=True,
    help="What tells suppliers apart: the feed's supplier column, the brand, or the feed.",
)
@language_option
@json_option
def report(
    workspace: str | Path,
    catalog: str | Path | None,
    output: Path | None,
    policy: str | None,
    only: tuple[str, ...],
    by: str,
    language: str,
    *,
    for_suppliers: bool,
    as_json_: bool,
) -> None:
    """Write the report: a folder of pages that opens in any browser, without a server."""
    from packshot.app.workspace import Workspace
    from packshot.cli.progress import ProgressBar

    if not for_suppliers:
        if only or by != "supplier" or language != "en":
            raise UsageError("--supplier, --by and --language speak of the suppliers' reports.", "Add --suppliers.")
        with Workspace(workspace, catalog=catalog) as place, ProgressBar() as bar:
            page = place.report(output, policy=policy, progress=bar)
        say(as_json({"report": str(page)}) if as_json_ else f"Look at the report: {page}")
        return
    from packshot.app.suppliers import SupplierOptions

    options = SupplierOptions(by, only, language, policy)
    with Workspace(workspace, catalog=catalog) as place, ProgressBar() as bar:
        told = place.report_suppliers(output, options, progress=bar)
    _tell(told, as_json_=as_json_)


def _tell(told: SuppliersTold, *, as_json_: bool) -> None:
    if as_json_:
        columns = ("name", "folder", "listings", "pictures", "ready", "not_ready", "findings", "worst")
        ranked = [{name: getattr(one, name) for name in columns} for one in told.ranked]
        say(as_json({"report": told.report, "suppliers": ranked, "notes": told.notes}))
        return
    rows = [(one.name or "–", one.not_ready, one.pictures, one.worst) for one in told.ranked[:MOST_SHOWN]]
    printed_table("", ("supplier", "need work", "pictures", "wrong most often"), rows)
    if len(told.ranked) > MOST_SHOWN:
        say(f"and {len(told.ranked) - MOST_SHOWN:,} more")
    for note in told.notes:
        say(f"note: {clean(note)}")
    counts = f"{plural(told.suppliers, 'folder')} with {plural(told.findings, 'finding')}"
    say(f"{counts}. Look at the ranking: {told.report}")
