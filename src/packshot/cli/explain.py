"""`packshot explain`: what a check, a measure or a policy's rule is about."""

from __future__ import annotations

from typing import Annotated

import typer

from packshot.cli.options import JsonOption
from packshot.cli.show import as_json, say


def explain(
    id_: Annotated[str, typer.Argument(metavar="ID", help="A check, a measure, or POLICY/RULE.")],
    *,
    as_json_: JsonOption = False,
) -> None:
    """Print what it means, why it matters, how to fix it, and where the rule comes from."""
    from packshot.app.explain import explained

    found = explained(id_)
    say(as_json(found.as_dict()) if as_json_ else found.text())
