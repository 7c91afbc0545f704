"""The options that say how pictures and feeds on the web are fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from packshot.collect.web.settings import WebSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = TypeVar("Command", bound=Callable[..., Any])

_USUAL = WebSettings()
_OPTIONS = (
    click.option(
        "--allow-network",
        "web_allow_networks",
        metavar="NETWORK|HOST",
        multiple=True,
        help="Fetch also from there, though it is private: 10.1.0.0/16, pim.intranet; repeatable.",
    ),
    click.option(
        "--allow-port",
        "web_ports",
        type=int,
        metavar="PORT",
        multiple=True,
        help="Let web servers be asked at that port beside 80 and 443; repeatable.",
    ),
    click.option(
        "--host-connections",
        "web_host_connections",
        type=click.IntRange(min=1),
        default=_USUAL.host_connections,
        show_default=True,
        help="Requests at a time to one web server, from all workers of this machine together.",
    ),
    click.option(
        "--host-gap",
        "web_host_gap_seconds",
        type=float,
        metavar="SECONDS",
        default=_USUAL.host_gap_seconds,
        show_default=True,
        help="Least time between two requests to one web server.",
    ),
    click.option(
        "--refresh-after",
        "web_refresh_seconds",
        type=float,
        metavar="SECONDS",
        default=_USUAL.refresh_seconds,
        show_default=True,
        help="Ask whether a picture on the web has changed when it was last asked for so long ago.",
    ),
    click.option(
        "--respect-robots",
        "web_respect_robots",
        is_flag=True,
        help="Fetch nothing that robots.txt, or `noai` and its kin in X-Robots-Tag, do not allow.",
    ),
    click.option(
        "--contact",
        "web_contact",
        metavar="ADDRESS",
        default=_USUAL.contact,
        help="How people who run the servers reach you; it goes into the user agent.",
    ),
    click.option(
        "--use-proxy", "web_use_proxy", is_flag=True, help="Fetch through the proxy that http_proxy, https_proxy name."
    ),
)


def web_options(command: Command) -> Command:
    """The options, on a command; they reach it as `web_…`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def web_settings(options: dict[str, Any]) -> WebSettings:
    """Take what these options gave out of `options`. Raises UsageError for what makes no sense."""
    given = {name: options.pop(name) for name in list(options) if name.startswith("web_")}
    given["web_ports"] = (*_USUAL.ports, *given["web_ports"])
    return WebSettings(**{name.removeprefix("web_"): value for name, value in given.items()})
