"""Which addresses may be connected to: the public internet, and what the user names besides."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeAlias

from packshot.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

# Own lists, since what `ipaddress` calls global changes with the version of Python. Source: IANA, special-purpose
# address registries for IPv4 and IPv6, and global unicast assignments, as read in November 2026.
_REFUSED_4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers (CGNAT); a cloud's metadata at 100.100.100.200
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local; metadata of most clouds at 169.254.169.254
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; a cloud's metadata at 192.0.0.192
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "168.63.129.16/32",  # a cloud's own host, though the range is public
    )
)
_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
"""All that is public in IPv6. Outside lie loopback, mapped and translated IPv4, unique local, link-local, multicast."""
_REFUSED_6 = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments; Teredo carries an IPv4 address inside
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address inside
        "3fff::/20",  # documentation
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""By which networks that speak IPv6 alone reach IPv4 (RFC 6052)."""
_METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
    )
)
"""Where clouds hand out credentials to whoever asks: allowed only where the very address is named."""
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?", re.ASCII)
_HINT = "For example: --allow-network 10.20.0.0/16, or --allow-network pictures.intranet"


@dataclass(frozen=True, slots=True)
class Reach:
    """The public internet, and what the user allows besides."""

    networks: tuple[Network, ...] = ()
    names: frozenset[str] = frozenset()
    """Hosts whose addresses are allowed whatever they are, metadata aside."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """With the networks, addresses and host names in `texts`. Raises UsageError for what is none of them."""
        networks: list[Network] = []
        names: set[str] = set()
        for text in texts:
            try:
                networks.append(ipaddress.ip_network(text.strip("[]"), strict=True))
            except ValueError:
                name = text.strip().lower()
                if not _NAME.fullmatch(name) or name.replace(".", "").isdigit():
                    raise UsageError(f"{text!r} is no network, address or host name.", _HINT) from None
                names.add(name.rstrip("."))
        return cls(tuple(networks), frozenset(names))

    def allows(self, text: str, host: str = "") -> bool:
        """Whether the address `text`, to which the name `host` led, may be connected to; false for what is none."""
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        inside = _carried(address)
        if inside is not None and not self.allows(str(inside)):
            return False
        holding = [network for network in self.networks if address in network]
        if address in _METADATA:
            return any(network.num_addresses == 1 for network in holding)
        return bool(holding) or host.rstrip(".").lower() in self.names or is_public(address)


def _carried(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address carries, and that a gateway would ask in its place."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, and carries no other inside."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _REFUSED_4)
    if getattr(address, "scope_id", None):
        return False
    return address in _UNICAST_6 and not any(address in network for network in _REFUSED_6)
