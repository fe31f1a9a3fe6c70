"""Tokens, each known by the digest of its secret."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlmodel import col, select

from dispatch.store.access_tables import TokenRow
from dispatch.store.session import Queries, unknown

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.domain.account import Token
    from dispatch.domain.ids import TokenId


class TokenQueries(Queries):
    """What machines show to come in."""

    def add_token(self, token: Token, digest: str) -> None:
        """Keep a new token under the digest of its secret."""
        self._session.add(
            TokenRow(
                id=token.id,
                digest=digest,
                created_at=token.created_at,
                expires_at=token.grant.expires_at,
                document=token,
            )
        )
        self._session.flush()

    def token_of(self, digest: str) -> Token | None:
        """Return the token whose secret has this digest, also one that ended."""
        row = self._session.exec(select(TokenRow).where(TokenRow.digest == digest)).first()
        return None if row is None else _token(row)

    def token(self, token_id: TokenId) -> Token:
        """Return the token; raises NotFound."""
        row = self._session.get(TokenRow, token_id, populate_existing=True)
        if row is None:
            raise unknown("DB211", f"token {token_id}")
        return _token(row)

    def tokens(self, *, limit: int = 1000) -> list[Token]:
        """Return the newest tokens first, those that ended among them."""
        query = select(TokenRow).order_by(col(TokenRow.created_at).desc(), TokenRow.id)
        return [_token(row) for row in self._session.exec(query.limit(limit))]

    def end_token(self, token_id: TokenId, at: datetime) -> None:
        """Let the token open nothing any more; one that was revoked before stays so."""
        self._session.connection().execute(
            update(TokenRow)
            .where(col(TokenRow.id) == token_id, col(TokenRow.revoked_at).is_(None))
            .values(revoked_at=at)
        )

    def note_token_use(self, token_id: TokenId, at: datetime) -> None:
        """Keep when the token was last used."""
        self._session.connection().execute(
            update(TokenRow).where(col(TokenRow.id) == token_id).values(used_at=at)
        )


def _token(row: TokenRow) -> Token:
    token: Token = row.document
    return replace(token, revoked_at=row.revoked_at, used_at=row.used_at)
