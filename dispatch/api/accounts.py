"""Accounts of people, for administrators."""

from fastapi import APIRouter, Depends, Request

from dispatch.api.deps import Limit, NowDep, StoreDep
from dispatch.api.errors import errors
from dispatch.api.guard import ActorDep
from dispatch.api.headers import no_store
from dispatch.api.session import SignInDep
from dispatch.api.session_schemas import AccountIn, AccountMadeOut, AccountOut, AccountPatch
from dispatch.domain.ids import AccountId
from dispatch.service.accounts import (
    AccountChange,
    Change,
    NewAccount,
    add_account,
    change_account,
    reset_password,
)

router = APIRouter(prefix="/api/v1/accounts", tags=["access"], dependencies=[Depends(no_store)])


@router.get("", responses=errors(422))
def list_accounts(store: StoreDep, limit: Limit = 1000) -> list[AccountOut]:
    """Return the accounts by login name."""
    with store.read() as tx:
        return [AccountOut.from_domain(account) for account in tx.accounts(limit=limit)]


@router.post("", status_code=201, responses=errors(409, 422))
def create_account(
    wish: AccountIn, actor: ActorDep, request: Request, sign_in: SignInDep, now: NowDep
) -> AccountMadeOut:
    """Make an account; the password of an account made without one is told this once."""
    account, password = add_account(
        NewAccount(
            login=wish.login,
            name=wish.name,
            role=wish.role,
            organisation=wish.organisation,
            password=wish.password,
        ),
        parts=sign_in.parts(request),
        done=Change(by=actor, at=now),
    )
    told = None if wish.password else password
    return AccountMadeOut(**AccountOut.from_domain(account).model_dump(), password=told)


@router.patch("/{account_id}", responses=errors(404, 409, 422))
def update_account(
    account_id: str,
    wish: AccountPatch,
    actor: ActorDep,
    request: Request,
    sign_in: SignInDep,
    now: NowDep,
) -> AccountMadeOut:
    """Change an account; nobody can take away the last administrator."""
    parts, done = sign_in.parts(request), Change(by=actor, at=now)
    change = AccountChange(
        name=wish.name,
        role=wish.role,
        organisation=wish.organisation,
        of_none="organisation" in wish.model_fields_set and wish.organisation is None,
        active=wish.active,
    )
    changed = change_account(AccountId(account_id), change, parts=parts, done=done)
    password = reset_password(changed.id, parts=parts, done=done) if wish.reset_password else None
    out = AccountOut.from_domain(changed).model_dump()
    out["change_password"] = out["change_password"] or password is not None
    return AccountMadeOut(**out, password=password)
