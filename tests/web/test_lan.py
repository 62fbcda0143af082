"""Addresses in the house network."""

import sys

import pytest

from qjaudio.web.lan import by_interface, by_route, lan_addresses


def test_only_private_addresses_are_named_once_and_in_order() -> None:
    """Loopback, public, automatic and broken addresses are no way for a phone."""
    route = ["127.0.0.1", "192.168.1.20", "8.8.8.8", "0.0.0.0"]  # noqa: S104
    interfaces = ["169.254.3.4", "10.0.0.2", "192.168.1.20", "fe80::1", "172.20.1.1", "nonsense"]
    found = lan_addresses([lambda: route, lambda: interfaces])
    assert found == ["192.168.1.20", "10.0.0.2", "172.20.1.1"]


def test_a_machine_without_network_has_none() -> None:
    """No way of asking finds anything: the answer is empty, not an error."""
    assert lan_addresses([list]) == []


def test_a_route_that_does_not_exist_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the network down the system refuses to look up a route."""
    monkeypatch.setattr("qjaudio.web.lan._PROBES", ("999.999.999.999",))
    monkeypatch.setattr("socket.socket.connect", _refuse)
    assert by_route() == []


def _refuse(*_arguments: object) -> None:
    raise OSError("Network is unreachable")


@pytest.mark.skipif(sys.platform != "linux", reason="asks interfaces in Linux's way")
def test_the_loopback_interface_is_found() -> None:
    """Every Linux machine has loopback, so that asking the interfaces is seen to work."""
    assert "127.0.0.1" in by_interface()
