"""Which machines a name may stand for."""

import ipaddress
import socket

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from qjaudio.errors import NotAnIssueError


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
        return ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return False
