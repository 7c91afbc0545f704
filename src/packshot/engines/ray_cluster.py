"""The way to a Ray cluster: reach it within a bounded time, and hold that its nodes can do our work."""

from __future__ import annotations

import contextlib
import importlib
import os
import socket
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from packshot.core.errors import EngineError, MissingExtra, UsageError
from packshot.engines.ray_seat import call_here

if TYPE_CHECKING:
    from packshot.pipeline.engine import Work

AUTO = "auto"
LOCAL = "local"
CLIENT = "ray://"
REACH_SECONDS = 10.0
"""So long may the cluster take to answer at its address."""
NODE_SECONDS = 120.0
"""So long may a node take to answer; its first answer starts a process there."""
STORE_BYTES = 256 * 1024 * 1024
"""Memory for objects of a Ray that we start ourselves: answers are small."""


def load_ray() -> Any:
    """The library; MissingExtra where it is not installed."""
    try:
        return importlib.import_module("ray")
    except ModuleNotFoundError as error:
        if error.name != "ray":
            raise
        raise MissingExtra("The engine ray", "ray") from error


def address_of(text: str | None) -> str:
    """The address to use; UsageError where it has no form that Ray knows."""
    address = text or AUTO
    if address == AUTO:
        address = os.environ.get("RAY_ADDRESS") or AUTO
    if address in {AUTO, LOCAL}:
        return address
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        known = parts.scheme in {"", "ray"} and parts.hostname and parts.port
    except ValueError:
        known = None
    if not known or parts.path or parts.query or parts.username:
        message = f"{address!r} is no address of a Ray cluster."
        raise UsageError(
            message, "Give auto, local, HOST:PORT on a node of the cluster, or ray://HOST:PORT from outside."
        )
    return address


def connect(ray: Any, address: str, workers: int | None) -> bool:
    """Connect this process to the cluster; whether it was not connected already.

    Raises EngineError where nothing answers at `address` within `REACH_SECONDS`, or where what is there will not
    have us.
    """
    if ray.is_initialized():
        return False
    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    if address == LOCAL:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # whoever runs packshot has not agreed to be counted
        cores = workers or len(os.sched_getaffinity(0))
        quiet |= {"num_cpus": cores, "include_dashboard": False, "object_store_memory": STORE_BYTES}
        quiet |= {"_node_ip_address": "127.0.0.1"}
    elif (door := _noted() if address == AUTO else address) is not None:
        _reach(door)
    try:
        with warnings.catch_warnings():
            # Ray begins its processes by fork and exec at once, which is safe: nothing of ours runs in between.
            warnings.filterwarnings("ignore", message="lance is not fork-safe")
            ray.init(address=address, **quiet)
    except (ConnectionError, TimeoutError, RuntimeError, ValueError, AssertionError, ImportError) as error:
        reason = " ".join(str(error).split())[:400]
        hint = (
            "Look with `ray status` on a node. Python and Ray must have the same versions here as there, and a cluster "
            "that asks for a token needs RAY_AUTH_MODE=token and the token here, too."
        )
        raise EngineError(f"The Ray cluster at {address} cannot be used: {reason}", hint) from error
    return True


def _noted() -> str | None:
    """The address that `ray start` noted on this machine; the note outlives its cluster."""
    note = Path(os.environ.get("RAY_TMPDIR") or tempfile.gettempdir()) / "ray" / "ray_current_cluster"
    try:
        return address_of(note.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError, UsageError):
        return None  # no note that we understand: Ray looks for itself


def _reach(address: str) -> None:
    # Ray itself waits for minutes and then ends the process: so ask the door first.
    parts = urlsplit(address if "://" in address else f"//{address}")
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=REACH_SECONDS).close()
    except OSError as error:
        hint = "Is the cluster up, and may this machine reach that port? `ray start --head` begins one."
        raise EngineError(f"Nothing answers at the Ray address {address} ({error}).", hint) from error


def hold_versions(ray: Any) -> None:
    """Raise EngineError, naming the node, unless every node has this Python and this packshot."""

    def look() -> tuple[str, str | None]:  # goes by value: packshot may not be there
        import importlib
        import platform

        try:
            version = importlib.import_module("packshot").__version__
        except ImportError:
            version = None
        return ".".join(platform.python_version_tuple()[:2]), version

    wanted = look()
    for name, (python, version) in _everywhere(ray, look).items():
        if (python, version) != wanted:
            has = f"packshot {version}" if version else "no packshot"
            message = f"The Ray node {name} has {has} on Python {python}."
            raise EngineError(
                message, f"Install packshot {wanted[1]} on Python {wanted[0]} on every node, as it is here."
            )


def hold_everywhere(ray: Any, work: Work) -> None:
    """Run `work` without rows on every node; raises what it raises."""
    _everywhere(ray, call_here, work)


def _everywhere(ray: Any, function: Any, *arguments: object) -> dict[str, Any]:
    """What `function` gives on each living node that has processors, by the node's name."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy as On

    task = ray.remote(num_cpus=0, max_retries=0)(function)
    asked = {}
    for node in ray.nodes():
        if node["Alive"] and node["Resources"].get("CPU", 0) > 0:
            on = On(node["NodeID"], soft=False)
            name = f"{node['NodeManagerHostname']} ({node['NodeManagerAddress']})"
            asked[task.options(scheduling_strategy=on).remote(*arguments)] = name
    _, silent = ray.wait([*asked], num_returns=len(asked), timeout=NODE_SECONDS) if asked else ([], [])
    if silent:
        for reference in silent:
            ray.cancel(reference, force=True)
        names = ", ".join(sorted(asked[reference] for reference in silent))
        message = f"These Ray nodes did not answer within {NODE_SECONDS:g} seconds: {names}."
        raise EngineError(message, "Look with `ray status`, and run again once they are well or gone.")
    found = {}
    for reference, name in asked.items():
        with contextlib.suppress(ray.exceptions.TaskUnschedulableError):  # the node has gone meanwhile
            found[name] = _answer(ray, reference, name)
    return found


def _answer(ray: Any, reference: Any, name: str) -> Any:
    """What a task gave; raises what it raised, and EngineError where its node was lost."""
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from error
    except ray.exceptions.TaskUnschedulableError:
        raise
    except ray.exceptions.RayError as error:
        reason = " ".join(str(error).split())[:400]
        raise EngineError(f"The Ray node {name} was lost: {reason}", "Run again once it is well or gone.") from error
