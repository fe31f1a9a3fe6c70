"""An identity provider that speaks OpenID Connect: authorization code flow with PKCE.

joserfc is imported here only. Nothing is believed of the provider but what its signature covers.
"""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from dispatch.service.openid import (
    Client,
    Comeback,
    Fetch,
    Identity,
    Pending,
    away,
    challenge_of,
    groups_in,
    letters,
    refused,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures with a public key; `none` and shared secrets are not among them."""
LEEWAY_S = 60
"""How far the two clocks may be apart."""
KEPT = timedelta(hours=1)
"""How long what the provider says of itself is believed without asking again."""
KEYS_ASKED_EVERY = timedelta(seconds=30)
"""A key nobody knows is asked for, but not as often as somebody invents one."""
SERVER_FAILED = 500
OK = 200


class IdentityProvider:
    """The provider, with what it said of itself last."""

    def __init__(self, client: Client, fetch: Fetch, now: Callable[[], datetime]) -> None:
        self.client = client
        self.fetch = fetch
        self._now = now
        self._about: dict[str, Any] = {}
        self._about_at: datetime | None = None
        self._keys: KeySet | None = None
        self._keys_at: datetime | None = None

    def begin(self, random_bytes: Callable[[int], bytes]) -> tuple[str, Pending]:
        """Return where to send the browser, and what it must bring back; raises Unavailable."""
        pending = Pending(
            state=letters(random_bytes(32)),
            nonce=letters(random_bytes(32)),
            verifier=letters(random_bytes(48)),
        )
        asked = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.client.redirect_uri,
            "scope": self.client.scope,
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": challenge_of(pending.verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._endpoint('authorization_endpoint')}?{urlencode(asked)}", pending

    def finish(self, came: Comeback, pending: Pending | None) -> Identity:
        """Return who logged in there; raises NotRecognised (Z403 to Z407) or Unavailable (Z402)."""
        if pending is None or not compare_digest(came.state.encode(), pending.state.encode()):
            raise refused("Z403", "this login was not begun in this browser, or too long ago")
        if came.issuer and came.issuer != self.client.issuer:
            raise refused("Z403", "the answer comes from another provider")
        if came.error or not came.code:
            raise refused("Z404", f"the provider refused: {came.error[:60] or 'no code'}")
        told = self._redeem(came.code, pending)
        hint = str(told.get("id_token", ""))
        claims = self._claims(hint, pending)
        groups = groups_in(claims, self.client.claim)
        if groups is None:
            groups = groups_in(self._userinfo(told, claims), self.client.claim)
        name = claims.get("name") or claims.get("preferred_username") or claims["sub"]
        return Identity(
            subject=claims["sub"], name=str(name), groups=groups or frozenset(), hint=hint
        )

    def end_url(self, hint: str, back: str) -> str | None:
        """Return where the browser ends the session there too, if the provider offers it."""
        about = self._about_it()
        endpoint = about.get("end_session_endpoint")
        if not endpoint:
            return None
        asked = {
            "id_token_hint": hint,
            "client_id": self.client.client_id,
            "post_logout_redirect_uri": back,
        }
        return f"{endpoint}?{urlencode(asked)}"

    def _redeem(self, code: str, pending: Pending) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.client.redirect_uri,
            "code_verifier": pending.verifier,
            "client_id": self.client.client_id,
        }
        headers: dict[str, str] = {}
        if self.client.client_secret and self._takes_secret_in_form():
            form["client_secret"] = self.client.client_secret
        elif self.client.client_secret:
            both = f"{quote(self.client.client_id)}:{quote(self.client.client_secret)}"
            headers["Authorization"] = f"Basic {b64encode(both.encode()).decode()}"
        status, told = self._ask(self._endpoint("token_endpoint"), form=form, headers=headers)
        if status != OK:
            raise refused("Z404", f"the provider did not redeem the code: {told.get('error')}")
        return told

    def _takes_secret_in_form(self) -> bool:
        """Tell whether the secret goes with the form; where nothing is said it does not."""
        methods = self._about_it().get("token_endpoint_auth_methods_supported") or []
        return "client_secret_post" in methods and "client_secret_basic" not in methods

    def _claims(self, text: str, pending: Pending) -> dict[str, Any]:
        """Return what the ID token says, once everything about it is as it must be."""
        try:
            claims = self._signed(text)
            jwt.JWTClaimsRegistry(
                now=int(self._now().timestamp()),
                leeway=LEEWAY_S,
                iss={"essential": True, "value": self.client.issuer},
                aud={"essential": True, "value": self.client.client_id},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
            ).validate(claims)
        except ExpiredTokenError as error:
            raise refused(
                "Z407", "the provider's answer has expired; do the clocks agree?"
            ) from error
        except InvalidClaimError as error:
            code = "Z407" if error.claim in ("nbf", "iat") else "Z405"
            raise refused(code, f"the provider's answer is not for us: {error}") from error
        except (JoseError, ValueError, TypeError) as error:
            raise refused("Z405", f"the provider's answer cannot be trusted: {error}") from error
        if not compare_digest(str(claims.get("nonce", "")).encode(), pending.nonce.encode()):
            raise refused("Z406", "the provider's answer belongs to another login")
        if claims.get("azp", self.client.client_id) != self.client.client_id:
            raise refused("Z405", "the provider's answer was made for another client")
        return claims

    def _signed(self, text: str) -> dict[str, Any]:
        """Return the claims under a good signature; a key nobody knows is asked for once."""
        try:
            return dict(jwt.decode(text, self._key_set(), algorithms=ALGORITHMS).claims)
        except InvalidKeyIdError:
            return dict(jwt.decode(text, self._key_set(anew=True), algorithms=ALGORITHMS).claims)

    def _userinfo(self, told: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
        """Return what else the provider says of the same person; empty if it says nothing."""
        endpoint = self._about_it().get("userinfo_endpoint")
        if not endpoint or not told.get("access_token"):
            return {}
        status, info = self._ask(
            endpoint, headers={"Authorization": f"Bearer {told['access_token']}"}
        )
        return info if status == OK and info.get("sub") == claims["sub"] else {}

    def _key_set(self, *, anew: bool = False) -> KeySet:
        age = KEYS_ASKED_EVERY if anew else KEPT
        if self._keys is None or self._keys_at is None or self._now() - self._keys_at >= age:
            status, told = self._ask(self._endpoint("jwks_uri"))
            if status != OK:
                raise away(f"its keys are not there (status {status})")
            try:
                self._keys = KeySet.import_key_set(told)  # type: ignore[arg-type]  # checked there
            except (JoseError, KeyError, ValueError, TypeError) as error:
                raise away(f"its keys cannot be read ({error})") from error
            self._keys_at = self._now()
        return self._keys

    def _endpoint(self, name: str) -> str:
        url = str(self._about_it().get(name, ""))
        secure = self.client.issuer.startswith("https:")
        if not url.startswith("https:" if secure else ("http:", "https:")):
            raise away(f"it names no usable {name}")
        return url

    def _about_it(self) -> dict[str, Any]:
        if self._about_at is None or self._now() - self._about_at >= KEPT:
            base = self.client.issuer.rstrip("/")
            status, about = self._ask(f"{base}/.well-known/openid-configuration")
            if status != OK:
                raise away(f"it does not say how to log in (status {status})")
            if about.get("issuer") != self.client.issuer:
                raise away(f"it calls itself {str(about.get('issuer'))[:100]}")
            self._about, self._about_at = about, self._now()
        return self._about

    def _ask(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        try:
            status, body = self.fetch(url, form=form, headers=headers)
        except OSError as error:
            raise away(f"it does not answer ({type(error).__name__})") from error
        if status >= SERVER_FAILED:
            raise away(f"it failed (status {status})")
        try:
            told = json.loads(body)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise away(f"it answers something else than JSON (status {status})")
        return status, told
