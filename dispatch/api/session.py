"""Logging in and out, and who is logged in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from dispatch.api.deps import NowDep, StoreDep
from dispatch.api.errors import errors
from dispatch.api.guard import ActorDep
from dispatch.api.headers import no_store
from dispatch.api.session_schemas import ActorOut, LoggedOutOut, LoginIn, PasswordIn, WaysOut
from dispatch.api.sign_in import SignIn
from dispatch.domain.account import Account, Session
from dispatch.domain.errors import Conflict, Issue, Unavailable
from dispatch.service.login import Credentials, change_password, log_in, session_shown

router = APIRouter(prefix="/api/v1/session", tags=["access"], dependencies=[Depends(no_store)])


async def _sign_in(request: Request) -> SignIn:
    sign_in: SignIn = request.app.state.sign_in
    return sign_in


SignInDep = Annotated[SignIn, Depends(_sign_in)]


@router.post("", status_code=201, responses=errors(401, 403, 422, 429))
def start_session(
    typed: LoginIn, request: Request, response: Response, sign_in: SignInDep, now: NowDep
) -> ActorOut:
    """Log in with name and password; the session's cookie comes with the answer."""
    sign_in.must_come_from_here(request, named=False)
    done = log_in(
        _credentials(typed.login, typed.password, request), parts=sign_in.parts(request), now=now
    )
    sign_in.give_cookie(response, done.secret)
    return ActorOut.from_domain(done.account.actor, change_password=done.account.temporary)


@router.get("", responses=errors())
def read_session(
    actor: ActorDep, request: Request, store: StoreDep, sign_in: SignInDep, now: NowDep
) -> ActorOut:
    """Return who calls, be it with a session or with a token."""
    found = _session(request, store, sign_in, now)
    return ActorOut.from_domain(actor, change_password=found is not None and found[1].temporary)


@router.delete("", responses=errors(409))
def end_session(
    actor: ActorDep,  # noqa: ARG001  # only who is logged in can log out
    request: Request,
    response: Response,
    store: StoreDep,
    sign_in: SignInDep,
    now: NowDep,
) -> LoggedOutOut:
    """Log out here; the answer tells where to log out of an identity provider too."""
    session, _ = _must_be_session(_session(request, store, sign_in, now))
    with store.begin() as tx:
        tx.end_session(session.digest)
    sign_in.take_cookie(response)
    return LoggedOutOut(continue_at=_end_there(session, sign_in, request))


@router.put("/password", status_code=204, responses=errors(409, 422, 429))
def replace_password(
    typed: PasswordIn,
    actor: ActorDep,  # noqa: ARG001  # only who is logged in can change the password
    request: Request,
    store: StoreDep,
    sign_in: SignInDep,
    now: NowDep,
) -> None:
    """Change the own password; every other session of the account ends."""
    session, account = _must_be_session(_session(request, store, sign_in, now))
    change_password(
        session,
        _credentials(account.login, typed.present, request),
        typed.new,
        parts=sign_in.parts(request),
        now=now,
    )


@router.get("/ways", responses=errors())
def read_ways(store: StoreDep, sign_in: SignInDep) -> WaysOut:
    """Return how one can log in here."""
    provider = sign_in.through.name if sign_in.through else None
    with store.read() as tx:
        return WaysOut(provider=provider, locked=not provider and tx.count_admins() == 0)


def _credentials(login: str, password: str, request: Request) -> Credentials:
    address = request.client.host if request.client else ""
    return Credentials(login=login, password=password, address=address)


def _session(
    request: Request, store: StoreDep, sign_in: SignIn, now: NowDep
) -> tuple[Session, Account] | None:
    """Return the session of the request; None for a token."""
    secret = sign_in.secret_of(request)
    if secret is None or "authorization" in request.headers:
        return None
    with store.read() as tx:
        return session_shown(tx, secret, rules=sign_in.rules, now=now)


def _end_there(session: Session, sign_in: SignIn, request: Request) -> str | None:
    """Return where the identity provider ends its session too; nothing keeps us from ours."""
    if not session.hint or sign_in.through is None:
        return None
    back = sign_in.public_url or str(request.base_url)
    try:
        return sign_in.through.provider.end_url(session.hint, back)
    except Unavailable:
        return None


def _must_be_session(found: tuple[Session, Account] | None) -> tuple[Session, Account]:
    if found is not None:
        return found
    raise Conflict(
        Issue(
            code="Z110",
            subject="session",
            cause="this is no session of somebody who logged in",
            action="A token is ended by an administrator, and has no password",
        )
    )
