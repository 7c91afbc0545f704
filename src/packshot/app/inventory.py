"""What this install can do: every plug-in and policy, and where it comes from."""

from __future__ import annotations

import inspect

from packshot.collect.source import Source
from packshot.evaluate.check import Check
from packshot.evaluate.measure import Measure
from packshot.pipeline.engine import Engine
from packshot.plugins import discover
from packshot.policies import load
from packshot.present.channel_feed import ChannelFeed

CONTRACTS = {"checks": Check, "measures": Measure, "sources": Source, "engines": Engine, "feeds": ChannelFeed}


def inventory() -> list[dict[str, str]]:
    """One row for each plug-in and policy: `kind id title origin`."""
    rows = []
    for kind, contract in CONTRACTS.items():
        for id_, found in discover(kind, contract).items():
            title = (inspect.getdoc(found) or id_).splitlines()[0]
            origin = "packshot" if found.__module__.startswith("packshot.") else found.__module__
            rows.append({"kind": kind.removesuffix("s"), "id": id_, "title": title, "origin": origin})
    policies = [load.load(id_) for id_ in load.names()]
    return rows + [{"kind": "policy", "id": p.id, "title": p.title, "origin": "packshot"} for p in policies]
