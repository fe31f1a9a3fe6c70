"""Webhooks are sent out into the world, never to what only we can reach."""

from __future__ import annotations

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.service.webhooks.addresses import allowed_address, networks_of, target_of


def reached(url: str, *addresses: str, networks: str = "") -> str:
    """Return the address that is connected to when the name has these."""
    return allowed_address(
        target_of(url), resolve=lambda *_: addresses, networks=networks_of(networks)
    )


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.9",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104  # an address to refuse
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
    ],
)
def test_what_is_not_public_is_refused(address: str) -> None:
    """Whatever the address is dressed up as: the machine itself, the city's network, the cloud."""
    with pytest.raises(InvalidInput, match="S602"):
        reached("https://stadt.example/", address)


def test_a_name_that_is_public_and_private_is_refused() -> None:
    """Whoever has both could show one to the check and the other to the connection."""
    with pytest.raises(InvalidInput, match="S602"):
        reached("https://stadt.example/", "93.184.216.34", "10.0.0.1")


def test_networks_of_the_city_are_reached_when_named() -> None:
    """A receiver in the own network is normal, once the operator says so; plain http too."""
    assert reached("http://rathaus.example/", "10.1.2.3", networks="10.1.0.0/16") == "10.1.2.3"
    assert reached("https://rathaus.example/", "fd00::5", networks="fd00::/8") == "fd00::5"
    with pytest.raises(InvalidInput, match="S602"):
        reached("http://rathaus.example/", "10.2.2.3", networks="10.1.0.0/16")


def test_public_receivers_are_told_over_https_only() -> None:
    """What leaves the house is encrypted."""
    assert reached("https://stadt.example/", "93.184.216.34") == "93.184.216.34"
    with pytest.raises(InvalidInput, match="S603"):
        reached("http://stadt.example/", "93.184.216.34")


def test_a_name_without_address_says_so() -> None:
    """A typing error in the host is told as what it is."""
    with pytest.raises(InvalidInput, match="S604"):
        reached("https://statd.example/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "stadt.example/hooks",
        "file:///etc/passwd",
        "https://",
        "https://max:geheim@stadt.example/",
        "https://stadt.example:99999/",
        "https://stadt.example/a b",
        "https://stadt.example/\r\nX: y",
        "https://stadt.example/#part",
        "https://[::1/",
        "https://ex%61mple/",
        "https://stadt.example/" + "a" * 2000,
    ],
)
def test_what_is_no_receiver_is_refused(url: str) -> None:
    """Another scheme, a password that everybody would see, or no URL at all."""
    with pytest.raises(InvalidInput, match="S601"):
        target_of(url)


def test_port_and_query_are_kept() -> None:
    """What the receiver asked for is what it gets."""
    target = target_of("https://stadt.example:8443/in?tenant=7")
    assert (target.host, target.port, target.path) == ("stadt.example", 8443, "/in?tenant=7")
    assert (target_of("https://stadt.example").port, target_of("https://a.de").path) == (443, "/")
