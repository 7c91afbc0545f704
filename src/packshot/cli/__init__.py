"""The command line: each command parses, calls one use case, and shows what came back."""

from __future__ import annotations

import gc as garbage
import sys

import click

from packshot import __version__
from packshot.cli.bank import bank
from packshot.cli.check import check
from packshot.cli.completion import completion
from packshot.cli.delta import delta
from packshot.cli.doctor import doctor
from packshot.cli.explain import explain
from packshot.cli.export import export
from packshot.cli.forget import forget
from packshot.cli.gc import gc
from packshot.cli.init import init
from packshot.cli.label import label
from packshot.cli.mask import mask
from packshot.cli.match import match
from packshot.cli.models import models
from packshot.cli.overrule import overrule
from packshot.cli.plugins import plugins
from packshot.cli.policy import policy
from packshot.cli.report import report
from packshot.cli.run import run
from packshot.cli.runs import runs
from packshot.cli.search import search
from packshot.cli.settings import settings
from packshot.cli.show import refuse
from packshot.cli.table import table
from packshot.cli.whatif import whatif
from packshot.cli.why import why
from packshot.core.errors import PackshotError, UsageError

# A command that starts makes many objects and frees few: looking for cycles on the way is a tenth of its start time.
garbage.set_threshold(100_000, 20, 20)

USAGE_ERROR = 2
FAILURE = 1
INTERRUPTED = 130


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    commands=[
        init,
        run,
        check,
        mask,
        table,
        report,
        export,
        explain,
        why,
        search,
        bank,
        delta,
        whatif,
        overrule,
        match,
        label,
        policy,
        runs,
        gc,
        forget,
        doctor,
        plugins,
        models,
        settings,
        completion,
    ],
)
@click.version_option(__version__, message="packshot %(version)s")
def app() -> None:
    """Keeps the pictures of a product catalogue good: measure, judge, match, choose, report."""


def main() -> None:
    """Run the command line; errors of packshot become one message and an exit code (2 for usage, 1 for the rest)."""
    try:
        # Outside its standalone mode click hands an exit code back instead of leaving with it.
        sys.exit(app(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except PackshotError as error:
        refuse(error)
        sys.exit(USAGE_ERROR if isinstance(error, UsageError) else FAILURE)
    except (KeyboardInterrupt, click.Abort):
        click.echo("packshot: stopped. What was committed is kept; the same command goes on from there.", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output went away (`packshot table … | head`): not an error, and nothing more to say.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        if error.filename is not None:
            raise
        # Only our own output has no name: everything else that the system refuses is told where it happens.
        click.secho(f"packshot: the output cannot be written: {error.strerror or error}.", fg="red", err=True)
        sys.exit(FAILURE)
