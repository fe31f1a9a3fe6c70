"""Tokens of machines, for administrators."""

from datetime import timedelta

from fastapi import APIRouter, Depends

from dispatch.api.deps import Limit, NowDep, RandomDep, StoreDep
from dispatch.api.errors import errors
from dispatch.api.guard import ActorDep
from dispatch.api.headers import no_store
from dispatch.api.session_schemas import TokenIn, TokenMadeOut, TokenOut
from dispatch.domain.account import Grant
from dispatch.domain.ids import CrewId, TokenId
from dispatch.service.access import issue_token, revoke_token

router = APIRouter(prefix="/api/v1/tokens", tags=["access"], dependencies=[Depends(no_store)])

LIFE = timedelta(days=365)
"""A gateway that is forgotten stops one day; who keeps it up gets a new token in time."""


@router.get("", responses=errors(422))
def list_tokens(store: StoreDep, limit: Limit = 1000) -> list[TokenOut]:
    """Return the newest tokens first, those that ended among them."""
    with store.read() as tx:
        return [TokenOut.from_domain(token) for token in tx.tokens(limit=limit)]


@router.post("", status_code=201, responses=errors(422))
def create_token(
    wish: TokenIn, actor: ActorDep, store: StoreDep, now: NowDep, random_bytes: RandomDep
) -> TokenMadeOut:
    """Issue a token; its secret is told this once."""
    grant = Grant(
        name=wish.name,
        role=wish.role,
        expires_at=wish.expires_at or now + LIFE,
        organisation=wish.organisation,
        crew_id=CrewId(wish.crew_id) if wish.crew_id else None,
        first_day=wish.first_day,
        last_day=wish.last_day,
        formats=frozenset(wish.formats) if wish.formats else None,
    )
    with store.begin() as tx:
        secret, token_id = issue_token(tx, grant, by=actor, now=now, random_bytes=random_bytes)
        token = tx.token(token_id)
    return TokenMadeOut(**TokenOut.from_domain(token).model_dump(), secret=secret)


@router.delete("/{token_id}", responses=errors(404, 422))
def end_token(token_id: str, actor: ActorDep, store: StoreDep, now: NowDep) -> TokenOut:
    """Revoke a token; a second time changes nothing."""
    with store.begin() as tx:
        revoke_token(tx, TokenId(token_id), now, by=actor)
        return TokenOut.from_domain(tx.token(TokenId(token_id)))
