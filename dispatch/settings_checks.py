"""What settings must be together: one that means nothing without another is a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from dispatch.domain.errors import Issue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NEEDS: Mapping[str, tuple[str, ...]] = {
    "oidc_issuer": ("oidc_client_id", "oidc_roles", "public_url"),
    "mqtt_user": ("mqtt_host",),
    "mqtt_password": ("mqtt_user",),
    "mqtt_tls": ("mqtt_host",),
    "mqtt_ca_file": ("mqtt_host", "mqtt_tls"),
    "mqtt_share": ("mqtt_host",),
    "oidc_client_id": ("oidc_issuer",),
    "oidc_client_secret": ("oidc_issuer", "oidc_client_id"),
    "oidc_roles": ("oidc_issuer",),
    "terratransfer_key": ("terratransfer_url",),
    "terratransfer_loggers": ("terratransfer_url",),
}
"""Setting -> others without which it means nothing."""


def cross_checks(settings: Any) -> Iterator[Issue]:
    """Yield a fault for each setting that is there without what it needs."""
    for name, needed in NEEDS.items():
        for other in needed:
            if is_set(settings, name) and not is_set(settings, other):
                yield Issue(
                    code="C105",
                    subject=f"DISPATCH_{name.upper()}",
                    cause=f"it means nothing without DISPATCH_{other.upper()}",
                    action=f"Set DISPATCH_{other.upper()} too, or leave both out",
                )


def is_set(settings: Any, name: str) -> bool:
    """Tell whether the setting has a value that says something."""
    value = getattr(settings, name)
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return value not in (None, "", False) and value != {}
