"""How the web is asked: whom, how often, for how long; data that travels to workers as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Self

from packshot.collect.web.reach import Reach
from packshot.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_PORT = 65_535
DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What a run may ask of web servers. Raises UsageError for settings that make no sense."""

    allow_networks: tuple[str, ...] = ()
    """Networks (`10.1.0.0/16`), addresses or host names beside the public internet that may be connected to."""
    ports: tuple[int, ...] = (80, 443)
    """No other port is connected to."""
    host_connections: int = 6
    """Requests at a time to one host, from all processes of this machine together. Browsers open as many."""
    host_gap_seconds: float = 0.0
    """Least time between the beginnings of two requests to one host."""
    connect_seconds: float = 10.0
    """For a name's look-up, and for a connection with its TLS."""
    idle_seconds: float = 15.0
    """For the next byte of an answer."""
    total_seconds: float = 45.0
    """For one picture with all its redirects, tries and waits."""
    wait_seconds: float = 600.0
    """For turns at a host, beside the time for a picture: so much patience has a host that asks for some."""
    tries: int = 4
    """Of what may pass: lost connections, errors of the server, throttling."""
    most_redirects: int = 5
    refresh_seconds: float = 3600.0
    """A picture fetched less long ago is not asked for again; then only whether it has changed."""
    respect_robots: bool = False
    """Keep to robots.txt, and to `noai` and its kin in X-Robots-Tag."""
    use_proxy: bool = False
    """Go through the proxies that the environment names. A proxy looks names up itself, so it has to guard itself."""
    contact: str = ""
    """An address for the people who run the servers; it goes into the user agent."""

    def __post_init__(self) -> None:
        """Refuse nonsense."""
        Reach.of(self.allow_networks)
        for port in self.ports:
            if not 0 < port <= MOST_PORT:
                raise UsageError(f"{port} is no port.", "Give one from 1 to 65535, for example --allow-port 8080.")
        if self.host_connections < 1 or self.tries < 1 or self.most_redirects < 0:
            raise UsageError("Connections and tries are counted from 1 up, redirects from 0.", "Give a larger number.")
        seconds = (self.connect_seconds, self.idle_seconds, self.total_seconds, self.wait_seconds)
        if not all(0 < each <= DAY_SECONDS for each in seconds):
            raise UsageError("A time limit of the web is not above 0, or longer than a day.", "Give seconds, as 15.")
        if not (0 <= self.host_gap_seconds <= DAY_SECONDS and self.refresh_seconds >= 0):
            raise UsageError("A gap or an age is below 0 or too long.", "Give seconds from 0 up.")
        if not self.contact.isascii() or not self.contact.isprintable():
            raise UsageError("The contact has characters that no header may have.", "Write it in plain ASCII.")

    def as_json(self) -> dict[str, object]:
        """As JSON values; `from_json` reads them."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Self:
        """What `as_json` gave, also after it has been through JSON, where tuples are lists."""
        known = {field.name for field in fields(cls)}
        given = {name: tuple(one) if isinstance(one, list) else one for name, one in value.items() if name in known}
        return cls(**given)  # type: ignore[arg-type] # what as_json gave has the right types

    def differing(self) -> dict[str, object]:
        """What is not as it is by default: how a source was read."""
        usual = WebSettings().as_json()
        return {name: value for name, value in self.as_json().items() if value != usual[name]}
