"""The addresses of this machine in the house network, found without sending anything."""

import contextlib
import ipaddress
import socket
import struct
from collections.abc import Callable, Iterable

_PROBES = ("10.255.255.255", "192.168.255.255", "172.31.255.255", "192.0.2.1")
_VIRTUAL = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet")  # no phone is behind these
_SIOCGIFADDR = 0x8915  # Linux: ask an interface for its IPv4 address (netdevice(7))
_MOST_NAME_BYTES = 15


def lan_addresses(
    finders: Iterable[Callable[[], Iterable[str]]] | None = None,
) -> list[str]:
    """The private IPv4 addresses of this machine, the most likely one first.

    `finders` are the ways of asking the system, by default the routing table and the interfaces;
    neither sends a packet, so both work with the network down.
    """
    found: dict[str, None] = {}
    for finder in (by_route, by_interface) if finders is None else finders:
        for address in finder():
            if _is_in_house(address):
                found.setdefault(address)
    return list(found)


def _is_in_house(address: str) -> bool:
    try:
        ip = ipaddress.IPv4Address(address)
    except ValueError:
        return False
    special = ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip.is_reserved
    return ip.is_private and not special


def by_route() -> list[str]:
    """The address from which the system would reach each private network.

    Connecting a UDP socket only looks up the route; nothing is sent until something is written.
    """
    found = []
    for probe in _PROBES:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
            way.connect((probe, 9))
            found.append(str(way.getsockname()[0]))
    return found


def by_interface() -> list[str]:
    """The address of each real interface; empty on systems that cannot be asked in this way."""
    try:
        import fcntl
    except ImportError:  # Windows
        return []
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for _, name in socket.if_nameindex():
            if name.startswith(_VIRTUAL):
                continue
            request = struct.pack("256s", name.encode()[:_MOST_NAME_BYTES])
            with contextlib.suppress(OSError):  # an interface without an IPv4 address
                reply = fcntl.ioctl(asker.fileno(), _SIOCGIFADDR, request)
                found.append(socket.inet_ntoa(reply[20:24]))
    return found
