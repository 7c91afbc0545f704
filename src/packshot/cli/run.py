"""`packshot run`: the whole way, from a feed to chosen galleries and a report."""

from __future__ import annotations

import contextlib
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.completing import complete_feeds
from packshot.cli.options import (
    as_of_option,
    catalog_option,
    categories_option,
    json_option,
    policies_option,
    workspace_option,
)
from packshot.cli.run_sources import asked_for, opened_sources, settings_option, show_sources, tables_written
from packshot.cli.settings_file import filled_in, settings_here
from packshot.cli.show import as_json, clean, printed_table, say
from packshot.cli.source_options import form_options
from packshot.cli.web_options import web_options
from packshot.core.errors import UsageError
from packshot.core.plural import plural
from packshot.core.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from packshot.app.summary import PolicySummary, RunSummary
    from packshot.app.workspace_file import WorkspaceFile
    from packshot.cli.run_sources import Asked
    from packshot.pipeline.profile import Cost

TOO_MANY_TROUBLES = NOT_WHOLE = 3
FAILED_ON = 1
MOST_KINDS, MOST_WORDS = 4, 160


@click.command()
@click.argument("source", required=False, shell_complete=complete_feeds)
@settings_option
@workspace_option
@catalog_option
@policies_option
@categories_option
@click.option("--map", "columns", metavar="FIELD=COLUMN", multiple=True, help="Which column holds a field; repeatable.")
@form_options
@click.option("--group-by", help="For a folder: one listing per `file` (as it is without a feed) or per `folder`.")
@click.option("--workers", type=click.IntRange(min=1), help="Worker processes; one per core by default.")
@click.option(
    "--engine", default="local", show_default=True, help="Where pictures are read: `local`, or a `ray` cluster."
)
@click.option("--ray-address", help="For ray: `auto`, HOST:PORT, ray://HOST:PORT, or `local` to start one here.")
@as_of_option
@click.option(
    "--max-trouble-share",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Exit with 3 when a larger share of the placements has trouble.",
)
@click.option("--fail-on", help="`fix`, `review` or `block`: exit with 1 where a verdict is that or worse.")
@click.option("--copy/--no-copy", default=True, help="Keep the originals' bytes, or refer to them where they lie.")
@click.option("--report/--no-report", default=True, help="Write the report into the workspace.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option(
    "--allow-prefix",
    "allow_prefixes",
    metavar="s3://BUCKET/PATH/",
    multiple=True,
    help="Let the feed name pictures there, beside those that lie below it; repeatable.",
)
@web_options
@click.option("--accept-removals", is_flag=True, help="Let more than a fifth of the listings or pictures go at once.")
@click.option(
    "--file-timeout",
    type=float,
    metavar="SECONDS",
    default=60.0,
    show_default=True,
    help="Give a file up that takes longer.",
)
@click.option(
    "--worker-memory",
    "worker_memory_mb",
    type=int,
    metavar="MB",
    default=4096,
    show_default=True,
    help="Memory that one worker may hold; a picture that needs more is given up.",
)
@click.option(
    "--thorough",
    is_flag=True,
    help="Run every model on every picture: also where no rule of the policy needs it or a screen would spare it.",
)
@click.option(
    "--copies",
    is_flag=True,
    help="Look for edited copies as well: cropped, mirrored, turned, covered in part, framed, recoloured, squeezed.",
)
@click.option("--profile", is_flag=True, help="Say what each stage costs: CPU milliseconds for each picture.")
@json_option
@click.pass_context
def run(
    context: click.Context,
    /,
    source: str | None,
    workspace: str | Path,
    catalog: str | Path | None,
    *,
    dry_run: bool,
    as_json_: bool,
    **options: Any,
) -> None:
    """Do the whole way for SOURCE: a feed or a folder of pictures, here or at s3://…, or a feed at https://….

    `packshot plugins sources` lists the kinds of feed. Pictures that a feed names on the web are fetched.

    Collects, measures, judges, matches and chooses. Run it again after a kill or a change: it does only what is new.

    Without SOURCE it reads those of the packshot.toml in the current folder or above (`packshot init` writes one); with
    a SOURCE that is called so there, that one alone. What the command line says goes before what the file says.
    """
    file = settings_here()
    options |= filled_in(context, file)
    limit, max_trouble_share = _verdict(options.pop("fail_on")), options.pop("max_trouble_share")
    if math.isnan(max_trouble_share):
        raise UsageError("--max-trouble-share is no number.", "Give a share from 0 to 1, for example 0.1.")
    if options["engine"] == "local" and not dry_run:
        from packshot.engines.early_start import prepare_workers

        prepare_workers("packshot.pipeline.preloaded")  # beside the imports that follow, which take as long
    from packshot.app.workspace import Workspace

    asked = asked_for(source, file, options)
    if dry_run:
        plans = [Workspace.dry_run(workspace, one.location, one.options) for one in asked]
        say(as_json(plans[0] if len(plans) == 1 else plans))
        return
    summary, tables = _done(asked, file, workspace, catalog)
    if as_json_:
        say(as_json(summary.as_dict()))
    else:
        show_sources(summary)
        _show(summary, workspace=str(workspace))
        for table in tables:
            say(f"Written: {table}")
    raise click.exceptions.Exit(_exit_code(summary, max_trouble_share, limit))


def _done(
    asked: list[Asked], file: WorkspaceFile | None, workspace: str | Path, catalog: str | Path | None
) -> tuple[RunSummary, list[Path]]:
    """Read all sources and judge once; what would stop them all is raised before anything is written."""
    from packshot.app.workspace import Workspace
    from packshot.cli.progress import ProgressBar

    opened, failed = opened_sources(asked, workspace)
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(Workspace(workspace, create=True, catalog=catalog))
        bar = stack.enter_context(ProgressBar())
        summary = place.run(opened, asked[0].options, progress=bar)
        tables = tables_written(place, file) if file else []
        return replace(summary, sources=[*summary.sources, *failed]), tables


def _verdict(word: str | None) -> Verdict | None:
    if word is None:
        return None
    try:
        return Verdict.of(word)
    except ValueError as error:
        raise UsageError(f"--fail-on: {error}.", "For example: --fail-on block") from None


def _exit_code(summary: RunSummary, max_trouble_share: float, limit: Verdict | None) -> int:
    """What the run ends with; says on stderr where that is for too many troubles."""
    if failed := summary.failed_sources():
        names = ", ".join(clean(one.name) for one in failed)
        click.echo(f"{plural(len(failed), 'source')} could not be read: {names}. Ended with {NOT_WHOLE}.", err=True)
        return NOT_WHOLE
    if limit is not None and any(Verdict.of(word) >= limit for word in summary.words()):
        return FAILED_ON
    if summary.placements == 0 and summary.troubles > 0:
        why = f"There are no placements, only {plural(summary.troubles, 'trouble')}"
    elif summary.placements_with_trouble > max_trouble_share * summary.placements:
        troubled = f"{summary.placements_with_trouble:,} of {plural(summary.placements, 'placement')}"
        verb = "has" if summary.placements == 1 else "have"
        why = f"{troubled} {verb} trouble, more than --max-trouble-share {max_trouble_share:g}"
    else:
        return 0
    click.echo(f"{why}: ended with {TOO_MANY_TROUBLES}.", err=True)
    return TOO_MANY_TROUBLES


def _show(summary: RunSummary, workspace: str) -> None:
    say(
        f"{plural(summary.listings, 'listing')}, {plural(summary.placements, 'placement')}, "
        f"{plural(summary.assets, 'asset')} ({summary.decoded:,} decoded now) in {summary.seconds:.1f} s"
    )
    for note in summary.notes:
        say(f"  note: {clean(note)}", colour="yellow")
    _show_verdicts(summary)
    again = f", {plural(summary.placed_again, 'file')} placed more than once" if summary.placed_again else ""
    say(
        f"\n{summary.galleries_with_main:,} of {plural(summary.galleries, 'listing')} with a main picture that may be "
        f"shown; {plural(summary.clusters, 'cluster')} of same pictures{again}; {plural(summary.troubles, 'trouble')}."
    )
    for kind, count, example in summary.trouble_kinds[:MOST_KINDS]:
        say(f"  {kind.replace('_', ' ')}: {count:,}, such as: {clean(example)[:MOST_WORDS]}", colour="yellow")
    if summary.troubles:
        say(f"  all of it: packshot table troubles --workspace {workspace}")
    if summary.profile is not None:
        _show_profile(summary.profile)
    if summary.delta:
        _show_delta(summary.delta, workspace)
    for one in summary.also:
        _show_policy(one, workspace)
    if summary.report:
        say(f"Look at the report: {summary.report}", colour="green")
    say(f"Tables: packshot table galleries --workspace {workspace} --format csv")


def _show_verdicts(told: RunSummary | PolicySummary) -> None:
    total = max(1, sum(told.verdicts.values()))
    verdicts = [(word, f"{count:,}", f"{count / total:.0%}") for word, count in told.verdicts.items()]
    printed_table(f"\nVerdicts by the policy {told.policy}", ("verdict", "placements", "share"), verdicts)
    if told.faults:
        printed_table("\nWhat is wrong most", ("rule", "fails", "unsure", "warnings"), told.faults[:8])


def _show_policy(told: PolicySummary, workspace: str) -> None:
    _show_verdicts(told)
    mains = f"{told.galleries_with_main:,} of {plural(told.galleries, 'listing')}"
    say(f"\n{mains} with a main picture that may be shown by {told.policy}.")
    if told.delta:
        _show_delta(told.delta, f"{workspace} --policy {told.policy}")
    if told.report:
        say(f"Look at the report by {told.policy}: {told.report}", colour="green")


def _show_delta(delta: dict[str, Any], workspace: str) -> None:
    counts = delta["counts"]

    def of_kind(what: str, **words: str) -> list[str]:
        found = counts.get(what, {})
        return [f"{found[change]:,} {text}" for change, text in words.items() if found.get(change)]

    pictures = of_kind("placement", new="new", gone="gone") + of_kind("picture", replaced="replaced", missing="missing")
    verdicts = of_kind("verdict", worse="worse", better="better")
    mains = of_kind("gallery", emptied="lost", filled="gained") + (
        [f"{counts['gallery']['main changed']:,} changed"] if counts.get("gallery", {}).get("main changed") else []
    )
    since, changed = delta["since"]["at"], delta["changed"]
    say(f"\nSince the run of {since:%Y-%m-%d %H:%M} UTC: {'changes' if changed else 'nothing changed'}")
    parts = [("pictures", pictures), ("verdicts", verdicts), ("main pictures", mains)]
    told = [f"{name}: {', '.join(words)}" for name, words in parts if words]
    if told:
        say("  " + "; ".join(told))
    if changed:
        say(f"  why, and all of it: packshot delta --workspace {workspace}")


def _show_profile(costs: list[Cost]) -> None:
    total = sum(cost.cpu_ms for cost in costs)
    rows = [
        (c.stage, f"{c.pictures:,}", f"{c.cpu_ms / max(1, c.pictures):.3f}", f"{c.cpu_ms / max(total, 1e-9):.1%}")
        for c in costs
    ]
    printed_table(f"\nCPU time, {total / 1000:,.2f} s in all", ("stage", "pictures", "ms a picture", "share"), rows)
