"""Logging in through an identity provider: there and back again with the browser."""

import logging
from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from dispatch.api.deps import NowDep, RandomDep
from dispatch.api.errors import errors
from dispatch.api.headers import no_store
from dispatch.api.session import SignInDep
from dispatch.api.sign_in import SignIn
from dispatch.domain.errors import DispatchError, Issue, NotFound
from dispatch.service.openid import Comeback, Pending
from dispatch.service.provider_login import ProviderLogin, let_in

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/api/v1/session/oidc", tags=["access"], dependencies=[Depends(no_store)])

MINUTES_AWAY = 10
"""So long somebody may take to log in at the provider."""
LONGEST = 4096
Told = Annotated[str, Query(max_length=LONGEST)]
AWAY: dict[int | str, dict[str, Any]] = {
    303: {"description": "On to the identity provider, or back to the page"}
}


@router.get("", status_code=303, responses={**AWAY, **errors(404)}, response_class=RedirectResponse)
def leave_for_provider(request: Request, sign_in: SignInDep, random_bytes: RandomDep) -> Response:
    """Send the browser to the identity provider."""
    try:
        url, pending = _way(sign_in).provider.begin(random_bytes)
    except DispatchError as error:
        return _told(error, request)
    answer = RedirectResponse(url, 303)
    # Lax: the provider's page sends the browser back here, and the cookie must come along.
    answer.set_cookie(
        _cookie(sign_in),
        urlencode({"state": pending.state, "nonce": pending.nonce, "verifier": pending.verifier}),
        max_age=MINUTES_AWAY * 60,
        path="/",
        httponly=True,
        secure=sign_in.secure,
        samesite="lax",
    )
    return answer


@router.get(
    "/callback",
    status_code=303,
    responses={**AWAY, **errors(401, 403, 404, 422)},
    response_class=RedirectResponse,
)
def return_from_provider(
    request: Request,
    sign_in: SignInDep,
    now: NowDep,
    code: Told = "",
    state: Told = "",
    error: Told = "",
    iss: Told = "",
) -> Response:
    """Take up whom the identity provider sends back; the session's cookie comes with the answer."""
    came = Comeback(code=code, state=state, error=error, issuer=iss)
    try:
        way = _way(sign_in)
        identity = way.provider.finish(came, _pending(request, sign_in))
        done = let_in(identity, way, parts=sign_in.parts(request), now=now)
    except DispatchError as fault:
        return _told(fault, request)
    answer = RedirectResponse("/", 303)
    sign_in.give_cookie(answer, done.secret)
    answer.delete_cookie(_cookie(sign_in), path="/", secure=sign_in.secure, httponly=True)
    return answer


def _way(sign_in: SignIn) -> ProviderLogin:
    if sign_in.through is None:
        raise NotFound(
            Issue(
                code="Z401",
                subject="identity provider",
                cause="none is set up here",
                action="Log in with a password",
            )
        )
    return sign_in.through


def _cookie(sign_in: SignIn) -> str:
    return f"{sign_in.cookie}-login"


def _pending(request: Request, sign_in: SignIn) -> Pending | None:
    """Return the login this browser has begun, if it has."""
    kept = parse_qs(request.cookies.get(_cookie(sign_in), ""))
    parts = {name: kept.get(name, [""])[0] for name in ("state", "nonce", "verifier")}
    return Pending(**parts) if all(parts.values()) else None


def _told(error: DispatchError, request: Request) -> Response:
    """Send a browser back to the page with the code, which it has the words for."""
    if "text/html" not in request.headers.get("accept", ""):
        raise error
    logger.warning("login through the identity provider failed: %s", error)
    return RedirectResponse(f"/?{urlencode({'login': error.issues[0].code})}", 303)
