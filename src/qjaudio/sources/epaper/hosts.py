"""Which machines a name may stand for."""

import ipaddress
import socket

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from qjaudio.errors import NotAnIssueError

_WRAPPING = tuple(
    ipaddress.IPv6Network(text) for text in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48")
)
"""IPv4-compatible addresses (RFC 4291) and those of NAT64 (RFC 6052, RFC 8215)."""


class PublicResolver(AbstractResolver):
    """Looks a name up and refuses addresses of private networks.

    A page on the web must not make us read a router or another service of this network. What the
    user typed as an address (127.0.0.1, localhost) never comes here or is let through.
    """

    def __init__(self, host: str, *, allow_private: bool = False) -> None:
        self._host = host
        self._allow_private = allow_private or host == "localhost"

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name.

        Raises:
            NotAnIssueError: they are all private.
        """
        found = await aiohttp.ThreadedResolver().resolve(host, port, family)
        return self.permitted(found)

    def permitted(self, found: list[ResolveResult]) -> list[ResolveResult]:
        """Those of the addresses that may be asked."""
        good = [row for row in found if self._allow_private or is_public(row["host"])]
        if found and not good:
            raise NotAnIssueError(
                f"{self._host} stands for an address of a private network",
                hint="give that address itself if this is your own site",
            )
        return good

    async def close(self) -> None:
        """Nothing is held."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        # An IPv4 address may be wrapped in one of IPv6, and a gateway unwraps it again.
        inner = found.ipv4_mapped or found.sixtofour
        if inner is not None:
            found = inner
        elif any(found in network for network in _WRAPPING):
            return False
    return found.is_global and not found.is_multicast
