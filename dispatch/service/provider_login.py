"""Logging in through an identity provider: groups there say who somebody is here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.domain.access import Role
from dispatch.domain.account import Account
from dispatch.domain.errors import InvalidInput, Issue, NotAllowed
from dispatch.domain.ids import AccountId
from dispatch.domain.job import Organisation
from dispatch.service.accounts import ROLES_OF_PEOPLE
from dispatch.service.identity import IdentityProvider
from dispatch.service.login import LoggedIn, LoginParts, open_session

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.service.openid import Identity
    from dispatch.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a group of the provider is here."""

    role: Role
    organisation: Organisation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLogin:
    """The provider, what people call it, and what its groups are here, the first that fits."""

    provider: IdentityProvider
    name: str
    standings: Mapping[str, Standing]


def standings_of(setting: Mapping[str, str]) -> dict[str, Standing]:
    """Return what groups are here: `admin`, `reader`, `reader:parks`, `dispatcher:usb` ...

    Raises InvalidInput (Z410) naming every entry that is none of these.
    """
    found = {group: _standing(text) for group, text in setting.items()}
    faults = [
        Issue(
            code="Z410",
            subject=f"group {group}",
            cause=f"{setting[group]!r} is no role of people here",
            action="Write admin, reader, or dispatcher and reader with :usb or :parks",
        )
        for group, standing in found.items()
        if standing is None
    ]
    if faults:
        raise InvalidInput(*faults)
    return {group: standing for group, standing in found.items() if standing is not None}


def let_in(identity: Identity, way: ProviderLogin, *, parts: LoginParts, now: datetime) -> LoggedIn:
    """Return the session of whom the provider vouches for; the account follows the groups there.

    Raises NotAllowed for somebody in no group of ours (Z408) or disabled here (Z409). Nobody is
    taken for an account of ours by name: only the provider's own id of a person counts.
    """
    standing = next((s for group, s in way.standings.items() if group in identity.groups), None)
    if standing is None:
        raise _shut_out("Z408", identity, "none of the person's groups has a role here")
    subject = f"{way.provider.client.issuer} {identity.subject}"
    with parts.store.begin() as tx:
        tx.take_turn("accounts")
        account = _account(tx, subject, identity, standing, parts, now)
        if not account.active:
            raise _shut_out("Z409", identity, "the account was disabled here")
        return open_session(tx, account.id, parts=parts, now=now, hint=identity.hint)


def _account(
    tx: Transaction,
    subject: str,
    identity: Identity,
    standing: Standing,
    parts: LoginParts,
    now: datetime,
) -> Account:
    known = tx.account_of_subject(subject)
    if known is not None:
        after = replace(
            known, name=identity.name, role=standing.role, organisation=standing.organisation
        )
        if (after.role, after.organisation) != (known.role, known.organisation):
            tx.end_sessions(known.id)
        tx.save_account(after)
        return after
    account = Account(
        id=AccountId(parts.random_bytes(8).hex()),
        # With a colon, which no name of ours has.
        login=f"oidc:{identity.subject}",
        name=identity.name,
        role=standing.role,
        created_at=now,
        organisation=standing.organisation,
        subject=subject,
    )
    if tx.account_of_login(account.login) is not None:
        # The same id at an earlier provider.
        account = replace(account, login=f"{account.login}:{account.id}")
    tx.add_account(account, None)
    return account


def _standing(text: str) -> Standing | None:
    role_text, _, organisation_text = text.strip().partition(":")
    try:
        role = Role(role_text)
        organisation = Organisation(organisation_text) if organisation_text else None
    except ValueError:
        return None
    if role not in ROLES_OF_PEOPLE:
        return None
    fits = (role is Role.DISPATCHER) <= (organisation is not None)
    fits = fits and (role is Role.ADMIN) <= (organisation is None)
    return Standing(role=role, organisation=organisation) if fits else None


def _shut_out(code: str, identity: Identity, cause: str) -> NotAllowed:
    return NotAllowed(
        Issue(
            code=code,
            subject=identity.name,
            cause=cause,
            action="Ask an administrator for access",
        )
    )
