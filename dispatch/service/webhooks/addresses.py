"""Where webhooks may be sent: the guard against receivers inside our own network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dispatch.domain.errors import InvalidInput, Issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from ipaddress import IPv4Address

Network = IPv4Network | IPv6Network

HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")
LONGEST_URL = 2000
PRINTABLE = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL taken apart: where to connect to and what to ask for there."""

    host: str
    port: int
    path: str
    tls: bool


def target_of(url: str) -> Target:
    """Return the URL taken apart; raises InvalidInput (S601) for what webhooks cannot be sent to.

    No user and password in it: they would be shown wherever the URL is.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidInput(_no_url("it is not a URL")) from None
    if parts.scheme not in ("https", "http"):
        raise InvalidInput(_no_url("it begins with neither https:// nor http://"))
    if len(url) > LONGEST_URL or not PRINTABLE.fullmatch(url):
        raise InvalidInput(_no_url("it is too long, or has a sign that a URL must escape"))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidInput(_no_url("it has a user, a password or a fragment in it"))
    host = parts.hostname or ""
    if not HOST.fullmatch(f"[{host}]" if ":" in host else host):
        raise InvalidInput(_no_url("its host is no name and no address"))
    tls = parts.scheme == "https"
    query = f"?{parts.query}" if parts.query else ""
    return Target(
        host=host,
        port=port or (443 if tls else 80),
        path=(parts.path or "/") + query,
        tls=tls,
    )


def networks_of(text: str) -> tuple[Network, ...]:
    """Return the networks of '10.0.0.0/8, fd00::/8'; raises ValueError naming a wrong one."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def allowed_address(
    target: Target, *, resolve: Callable[[str, int], Sequence[str]], networks: Iterable[Network]
) -> str:
    """Return an address of the host to connect to, of those it has just now.

    Public addresses are reached by https only, others only where the operator named their
    network. All addresses of a name must be allowed: one that is public and private is a trick.
    Raises InvalidInput S602 (not allowed), S603 (not encrypted) or S604 (no address).
    """
    found = resolve(target.host, target.port)
    if not found:
        raise InvalidInput(
            Issue(
                code="S604",
                subject=f"webhook to {target.host}",
                cause="the name has no address",
                action="Correct the host, or the name service of this machine",
            )
        )
    inside = [_in_networks(address, networks) for address in found]
    if not all(known or _is_public(address) for address, known in zip(found, inside, strict=True)):
        raise InvalidInput(
            Issue(
                code="S602",
                subject=f"webhook to {target.host}",
                cause="it leads to an address that is not public",
                action="Name its network in DISPATCH_WEBHOOK_NETWORKS if that is meant",
            )
        )
    if not target.tls and not all(inside):
        raise InvalidInput(
            Issue(
                code="S603",
                subject=f"webhook to {target.host}",
                cause="public receivers are told over https only",
                action="Give an https:// URL",
            )
        )
    return found[0]


def _in_networks(address: str, networks: Iterable[Network]) -> bool:
    parsed = _plain(address)
    return any(parsed.version == net.version and parsed in net for net in networks)


def _is_public(address: str) -> bool:
    parsed = _plain(address)
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def _plain(address: str) -> IPv4Address | IPv6Address:
    """Return the address that is really meant: IPv6 has several ways to carry one of IPv4."""
    parsed = ip_address(address.partition("%")[0])
    if not isinstance(parsed, IPv6Address):
        return parsed
    if parsed in NAT64:
        return ip_address(int(parsed) & 0xFFFFFFFF)
    return parsed.ipv4_mapped or parsed.sixtofour or parsed


NAT64 = ip_network("64:ff9b::/96")


def _no_url(cause: str) -> Issue:
    return Issue(
        code="S601",
        subject="webhook URL",
        cause=cause,
        action="Give a URL such as https://stadt.example/hooks/dispatch",
    )
