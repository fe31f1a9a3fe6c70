"""How the commands let people in: the parts of a login, made from the settings."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address
from secrets import token_bytes
from urllib.parse import urlsplit

from dispatch.api.sign_in import SignIn
from dispatch.cli.shared import now
from dispatch.cli.web_client import WebClient
from dispatch.domain.access import Actor, Role
from dispatch.domain.ids import ActorId
from dispatch.service.accounts import Change
from dispatch.service.identity import IdentityProvider
from dispatch.service.login import LoginParts, LoginRules
from dispatch.service.openid import Client
from dispatch.service.passwords import Passwords
from dispatch.service.provider_login import ProviderLogin, standings_of
from dispatch.settings import Settings
from dispatch.store import Store

AT_THE_CONSOLE = Actor(id=ActorId("console"), name="Command line", role=Role.ADMIN)
"""Whoever can run commands beside the database."""


def by_console() -> Change:
    """Return that a command does it, now."""
    return Change(by=AT_THE_CONSOLE, at=now())


def rules_of(settings: Settings) -> LoginRules:
    """Return how long sessions live and how often one may try to log in."""
    return LoginRules(
        idle=timedelta(minutes=settings.session_idle_min),
        longest=timedelta(hours=settings.session_longest_h),
        tries_per_account=settings.login_tries,
        tries_per_address=settings.login_tries_per_address,
        window=timedelta(minutes=settings.login_window_min),
    )


def parts_of(settings: Settings, store: Store) -> LoginParts:
    """Return what the use cases of accounts need."""
    return LoginParts(
        store=store,
        passwords=Passwords(token_bytes),
        rules=rules_of(settings),
        random_bytes=token_bytes,
    )


def sign_in_of(settings: Settings) -> SignIn:
    """Return how people log in; cookies go over plain HTTP on the own machine only.

    A public URL says which it is where the service is reached from elsewhere.
    """
    url = settings.public_url
    secure = url.startswith("https:") if url else not is_loopback(settings.host)
    return SignIn(
        passwords=Passwords(token_bytes),
        rules=rules_of(settings),
        public_url=url,
        secure=secure,
        through=provider_of(settings),
    )


def provider_of(settings: Settings) -> ProviderLogin | None:
    """Return the identity provider of the settings, if there is one."""
    if not settings.oidc_issuer:
        return None
    client = Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        redirect_uri=f"{settings.public_url.rstrip('/')}/api/v1/session/oidc/callback",
        claim=settings.oidc_claim,
    )
    return ProviderLogin(
        provider=IdentityProvider(client, WebClient(), now),
        name=settings.oidc_name or str(urlsplit(settings.oidc_issuer).hostname),
        standings=standings_of(settings.oidc_roles),
    )


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach that address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def warnings_at_start(store: Store, settings: Settings) -> list[str]:
    """Return what whoever starts the service should know of its doors."""
    warnings = []
    with store.read() as tx:
        locked = tx.count_admins() == 0 and not settings.oidc_issuer
    if locked:
        warnings.append(
            "Nobody can log in yet: dispatch user add NAME --role admin makes the first account"
        )
    if not settings.public_url and not is_loopback(settings.host):
        warnings.append(
            f"The service listens on {settings.host} and logs people in over HTTPS only: "
            "put a proxy before it and set DISPATCH_PUBLIC_URL"
        )
    return warnings
