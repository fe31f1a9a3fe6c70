"""How people log in here: the parts of it, and the cookie that says who is logged in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dispatch.domain.errors import Issue, NotAllowed
from dispatch.service.login import LoginParts, LoginRules
from dispatch.service.passwords import Passwords
from dispatch.service.provider_login import ProviderLogin

if TYPE_CHECKING:
    from fastapi import Request, Response

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What the service needs to let people in.

    `public_url` is where people reach the service (https://...), empty where the address they
    use is taken for it. `secure` cookies travel over HTTPS only. `through` is an identity provider.
    """

    passwords: Passwords
    rules: LoginRules = field(default_factory=LoginRules)
    public_url: str = ""
    secure: bool = True
    through: ProviderLogin | None = None

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; with the prefix no other host can set it."""
        return "__Host-dispatch" if self.secure else "dispatch"

    def parts(self, request: Request) -> LoginParts:
        """Return what the use cases of logging in need."""
        state = request.app.state
        return LoginParts(
            store=state.store,
            passwords=self.passwords,
            rules=self.rules,
            random_bytes=state.random_bytes,
        )

    def secret_of(self, request: Request) -> str | None:
        """Return what the browser shows."""
        return request.cookies.get(self.cookie)

    def give_cookie(self, response: Response, secret: str) -> None:
        """Let the browser show the secret from now on, to us only, until it is closed."""
        response.set_cookie(
            self.cookie, secret, path="/", httponly=True, secure=self.secure, samesite="strict"
        )

    def take_cookie(self, response: Response) -> None:
        """Let the browser forget the secret."""
        response.delete_cookie(
            self.cookie, path="/", httponly=True, secure=self.secure, samesite="strict"
        )

    def must_come_from_here(self, request: Request, *, named: bool) -> None:
        """Raise NotAllowed (Z108) for a change that another site's page asks for.

        A browser names the site in `Origin` with every change; `named`: it has to be there.
        """
        if request.method in SAFE_METHODS:
            return
        origin = request.headers.get("origin")
        if origin is None and not named:
            return
        if origin is not None and self._is_here(origin, request):
            return
        raise NotAllowed(
            Issue(
                code="Z108",
                subject="Origin",
                cause=f"the request comes from {origin or 'a place it does not name'}, not here",
                action="Use the page of this service; programs send a token instead of a cookie",
            )
        )

    def _is_here(self, origin: str, request: Request) -> bool:
        if self.public_url:
            return origin == self.public_url.rstrip("/")
        # Without a public URL the proxy's scheme is not known for sure: the host must do.
        return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
