"""The gate of the real service: a token of a machine, or the cookie of somebody's session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.errors import Issue, NotAllowed, NotRecognised
from dispatch.service.access import token_shown, use_is_news
from dispatch.service.feeds import feed_shown
from dispatch.service.login import session_shown, sight_is_news

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fastapi import Request

    from dispatch.api.sign_in import SignIn
    from dispatch.domain.access import Actor
    from dispatch.domain.account import Token
    from dispatch.store import Store

SESSION_PATH = "/api/v1/session"
FEED_PATH = "/api/v1/crews/{crew_id}/calendar.ics"
"""The only endpoint that takes a secret from its URL, one that opens nothing else."""


class Doorkeeper:
    """Recognises who calls by what is in the database at that moment."""

    def __init__(self, store: Store, sign_in: SignIn, now: Callable[[], datetime]) -> None:
        self._store = store
        self._sign_in = sign_in
        self._now = now

    def __call__(self, request: Request) -> Actor:
        """Return who calls; raises NotRecognised, or NotAllowed (Z108, Z109) for a session."""
        # A token counts before a cookie: it is shown on purpose.
        if "authorization" in request.headers:
            return self._by_token(request.headers["authorization"])
        if "token" in request.query_params and request.scope["route"].path == FEED_PATH:
            return self._by_feed(request.path_params["crew_id"], request.query_params["token"])
        secret = self._sign_in.secret_of(request)
        if not secret:
            raise NotRecognised(
                Issue(
                    code="Z101",
                    subject="request",
                    cause="it does not say who asks",
                    action="Log in, or send a token as Authorization: Bearer",
                )
            )
        return self._by_session(secret, request)

    def _by_token(self, header: str) -> Actor:
        scheme, _, secret = header.partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise NotRecognised(
                Issue(
                    code="Z101",
                    subject="Authorization",
                    cause="the header holds no bearer token",
                    action="Send Authorization: Bearer and the token",
                )
            )
        now = self._now()
        with self._store.read() as tx:
            token = token_shown(tx, secret.strip(), now)
        return self._used(token, now)

    def _by_feed(self, crew_id: str, secret: str) -> Actor:
        now = self._now()
        with self._store.read() as tx:
            token = feed_shown(tx, crew_id, secret, now)
        return self._used(token, now)

    def _used(self, token: Token, now: datetime) -> Actor:
        if use_is_news(token, now):
            with self._store.begin() as tx:
                tx.note_token_use(token.id, now)
        return token.actor

    def _by_session(self, secret: str, request: Request) -> Actor:
        self._sign_in.must_come_from_here(request, named=True)
        now = self._now()
        with self._store.read() as tx:
            session, account = session_shown(tx, secret, rules=self._sign_in.rules, now=now)
        if account.temporary and not request.url.path.startswith(SESSION_PATH):
            raise NotAllowed(
                Issue(
                    code="Z109",
                    subject=f"account {account.login}",
                    cause="its password was made by somebody else",
                    action="Set a password of your own first",
                )
            )
        if sight_is_news(session, now):
            with self._store.begin() as tx:
                tx.note_session_use(session.digest, now)
        return account.actor
