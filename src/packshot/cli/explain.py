"""`packshot explain`: what a check, a measure or a policy's rule is about."""

from __future__ import annotations

import click

from packshot.cli.completing import complete_ids
from packshot.cli.options import json_option
from packshot.cli.show import as_json, say


@click.command()
@click.argument("id_", metavar="ID", shell_complete=complete_ids)
@json_option
def explain(id_: str, *, as_json_: bool) -> None:
    """Explain ID: a check, a measure, a table, a column of one, a policy, or a rule (RULE, or POLICY/RULE).

    Says what it means, why it matters, how to fix it, and where the rule comes from.
    """
    from packshot.app.explain import explained

    found = explained(id_)
    say(as_json(found.as_dict()) if as_json_ else found.text())
