"""The command line: each command parses, calls one use case, and shows what came back."""

from __future__ import annotations

import sys

import typer

from packshot.cli import check, doctor, explain, plugins, report, run, table, whatif, why
from packshot.core.errors import PackshotError, UsageError

USAGE_ERROR = 2
FAILURE = 1
INTERRUPTED = 130

app = typer.Typer(
    name="packshot",
    help="Keeps the pictures of a product catalogue good: measure, judge, match, choose, report.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run")(run.run)
app.command("check")(check.check)
app.command("table")(table.table)
app.command("report")(report.report)
app.command("explain")(explain.explain)
app.command("why")(why.why)
app.command("whatif")(whatif.whatif)
app.command("doctor")(doctor.doctor)
app.command("plugins")(plugins.plugins)


@app.callback(invoke_without_command=True)
def version(
    *, version: bool = typer.Option(False, "--version", help="Print the version and stop.", is_eager=True)
) -> None:
    """Keeps the pictures of a product catalogue good: measure, judge, match, choose, report."""
    if version:
        from packshot import __version__

        typer.echo(f"packshot {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; errors of packshot become one message and an exit code (2 for usage, 1 for the rest)."""
    try:
        app()
    except PackshotError as error:
        typer.secho(f"packshot: {error.message}", fg="red", err=True)
        if error.hint:
            typer.echo(f"  {error.hint}", err=True)
        sys.exit(USAGE_ERROR if isinstance(error, UsageError) else FAILURE)
    except KeyboardInterrupt:
        typer.echo("packshot: stopped. What was committed is kept; the same command goes on from there.", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output went away (`packshot table … | head`): not an error, and nothing more to say.
        sys.stderr.close()
        sys.exit(0)
