"""A small identity provider: OpenID Connect with RSA keys, on the loopback or without a network."""

from __future__ import annotations

import json
from base64 import b64decode, urlsafe_b64encode
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

CLIENT_ID, CLIENT_SECRET = "dispatch", "geheim & lang"
LIFE_S = 300


class Issuer:
    """Vouches for one person; every rule of the protocol that a client could break is checked.

    Tests change what it says: `person` (claims of the ID token), `info` (of the userinfo
    endpoint), `wrong` (claims that overwrite those of the protocol) and `fails` (a status instead
    of an answer, None where the machine is off).
    """

    def __init__(self, url: str, now: Callable[[], datetime], keys: Sequence[RSAKey] = ()) -> None:
        self.url, self._now = url, now
        self._keys_to_come = iter(keys)
        self.person: dict[str, Any] = {"sub": "4711", "name": "Erika Muster", "groups": ["usb"]}
        self.info: dict[str, Any] = {}
        self.wrong: dict[str, Any] = {}
        self.fails: int | None = 200
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self.header: dict[str, Any] = {}
        self.kid = ""
        self.rotate()

    def rotate(self) -> None:
        """Sign with a new key from now on, and publish that one only."""
        self.signs_with = next(self._keys_to_come, None) or new_key()
        self._published = [self.signs_with]

    def log_in(self, url: str) -> str:
        """Return where the browser is sent after the person has logged in at that address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert url.startswith(f"{self.url}/authorize?")
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = sha256(asked["state"].encode()).hexdigest()[:20]
        self._codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.url}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def __call__(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Answer as over HTTP; this is a `Fetch`."""
        path = url.removeprefix(self.url)
        self.asked.append(path)
        if self.fails is None:
            raise ConnectionRefusedError
        if self.fails != 200:
            return self.fails, b"{}"
        status, body = self._answer(path, form or {}, headers or {})
        return status, json.dumps(body).encode()

    def _answer(
        self, path: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, dict[str, Any]]:
        if path == "/.well-known/openid-configuration":
            return 200, self._about()
        if path == "/keys":
            return 200, dict(KeySet(list(self._published)).as_dict())
        if path == "/userinfo":
            assert headers["Authorization"] == "Bearer access"
            return 200, {"sub": self.person["sub"], **self.info}
        if path == "/token":
            return self._redeem(form, headers.get("Authorization", ""))
        return 404, {}

    def _about(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/logout",
        }

    def _redeem(self, form: Mapping[str, str], auth: str) -> tuple[int, dict[str, Any]]:
        asked = self._codes.pop(form["code"], None)
        shown = b64decode(auth.removeprefix("Basic ")).decode()
        if shown != f"{CLIENT_ID}:geheim%20%26%20lang":
            return 401, {"error": "invalid_client"}
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if (
            asked is None
            or form["redirect_uri"] != asked["redirect_uri"]
            or challenge.decode() != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "access", "id_token": self._id_token(asked["nonce"])}

    def _id_token(self, nonce: str) -> str:
        moment = int(self._now().timestamp())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": moment,
            "exp": moment + LIFE_S,
            "nonce": nonce,
            **self.person,
            **self.wrong,
        }
        header = {"alg": "RS256", "kid": self.kid or self.signs_with.kid}
        if self.header:
            return _badly_signed(self.header, claims)
        return jwt.encode(header, claims, self.signs_with, algorithms=["RS256"])


def _badly_signed(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Return the claims under a header that promises no signature worth the name."""
    parts = (json.dumps(part).encode() for part in (header, claims))
    return ".".join([urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts] + [""])


def new_key() -> RSAKey:
    """Return a key with its id."""
    key = RSAKey.generate_key(2048, parameters={"use": "sig", "alg": "RS256"})
    key.ensure_kid()
    return key


@contextmanager
def on_the_loopback(now: Callable[[], datetime]) -> Iterator[Issuer]:
    """Serve an issuer over HTTP on a free port of this machine until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply(None)

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._reply({name: values[0] for name, values in parse_qs(raw).items()})

        def _reply(self, form: dict[str, str] | None) -> None:
            status, body = issuer(issuer.url + self.path, form=form, headers=dict(self.headers))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}", now)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
