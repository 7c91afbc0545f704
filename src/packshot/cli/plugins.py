"""`packshot plugins`: every check, measure, source, engine, channel feed and policy that this install has."""

from __future__ import annotations

import click

from packshot.cli.options import json_option
from packshot.cli.show import as_json, printed_table, say


@click.command()
@json_option
def plugins(*, as_json_: bool) -> None:
    """List checks, measures, sources, engines, channels' feeds and policies, and where each comes from."""
    from packshot.app.inventory import inventory

    found = inventory()
    if as_json_:
        say(as_json(found))
        return
    printed_table("", ("kind", "id", "what", "from"), [(p["kind"], p["id"], p["title"], p["origin"]) for p in found])
