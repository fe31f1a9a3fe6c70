"""Who comes from the identity provider is whom it has signed for, now, for us, for this login."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dispatch.domain.errors import DispatchError, NotRecognised, Unavailable
from dispatch.service.identity import IdentityProvider
from dispatch.service.openid import Client, Comeback, Identity, Pending
from tests.helpers.doors import counted_bytes
from tests.helpers.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, new_key

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

URL = "https://anmeldung.bochum.test/realms/stadt"
CLIENT = Client(
    issuer=URL,
    client_id=CLIENT_ID,
    client_secret=CLIENT_SECRET,
    redirect_uri="https://dispatch.bochum.test/api/v1/session/oidc/callback",
)


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 7, 15, 4, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.moment


@pytest.fixture(scope="module")
def keys() -> list[RSAKey]:
    """Return keys, for making one takes long."""
    return [new_key(), new_key()]


@pytest.fixture
def clock() -> Clock:
    """Return the clock of both sides."""
    return Clock()


@pytest.fixture
def issuer(clock: Clock, keys: list[RSAKey]) -> Issuer:
    """Return the city's provider."""
    return Issuer(URL, clock, keys)


@pytest.fixture
def provider(issuer: Issuer, clock: Clock) -> IdentityProvider:
    """Return the provider as we see it."""
    return IdentityProvider(CLIENT, issuer, clock)


def comeback(url: str) -> Comeback:
    """Return what stands in the address the browser comes back to."""
    told = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return Comeback(code=told["code"], state=told["state"], issuer=told["iss"])


def begin(provider: IdentityProvider, issuer: Issuer) -> tuple[Comeback, Pending]:
    """Return what a browser brings back, and what it kept meanwhile."""
    url, pending = provider.begin(counted_bytes())
    return comeback(issuer.log_in(url)), pending


def log_in(provider: IdentityProvider, issuer: Issuer) -> Identity:
    """Return who logged in."""
    came, pending = begin(provider, issuer)
    return provider.finish(came, pending)


def code_of(error: DispatchError) -> str:
    """Return the code of the only fault."""
    (issue,) = error.issues
    return issue.code


def test_a_person_comes_with_name_and_groups(provider: IdentityProvider, issuer: Issuer) -> None:
    """Everything is taken from what the provider has signed."""
    identity = log_in(provider, issuer)
    assert (identity.subject, identity.name) == ("4711", "Erika Muster")
    assert identity.groups == {"usb"}


def test_the_browser_is_sent_with_a_riddle_only_we_can_solve(provider: IdentityProvider) -> None:
    """The verifier, the nonce and the state are new each time, and the verifier stays here."""
    url, pending = provider.begin(counted_bytes())
    other_url, other = provider.begin(counted_bytes())
    assert pending.verifier not in url
    assert {pending.state, pending.nonce, pending.verifier}.isdisjoint(
        {other.state, other.nonce, other.verifier}
    )
    assert url != other_url


def test_another_browsers_login_is_refused(provider: IdentityProvider, issuer: Issuer) -> None:
    """An address with somebody else's code, sent to us, logs nobody in."""
    came, pending = begin(provider, issuer)
    for kept in (None, replace(pending, state="x")):
        with pytest.raises(NotRecognised, match="Z403"):
            provider.finish(came, kept)
    with pytest.raises(NotRecognised, match="Z403"):
        provider.finish(replace(came, issuer="https://evil.test"), pending)


def test_a_stolen_code_is_worth_nothing(provider: IdentityProvider, issuer: Issuer) -> None:
    """Without the verifier the provider keeps the token, and a code works once."""
    came, pending = begin(provider, issuer)
    with pytest.raises(NotRecognised, match="Z404"):
        provider.finish(came, replace(pending, verifier="guessed"))
    came, pending = begin(provider, issuer)
    assert provider.finish(came, pending)
    with pytest.raises(NotRecognised, match="Z404"):
        provider.finish(came, pending)


def test_a_refusal_of_the_provider_is_told(provider: IdentityProvider, issuer: Issuer) -> None:
    """Somebody pressed cancel there."""
    came, pending = begin(provider, issuer)
    with pytest.raises(NotRecognised, match=r"Z404.*access_denied"):
        provider.finish(replace(came, error="access_denied"), pending)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"nonce": "of another login"}, "Z406"),
        ({"aud": "another-client"}, "Z405"),
        ({"aud": ["another-client"]}, "Z405"),
        ({"azp": "another-client", "aud": [CLIENT_ID, "another-client"]}, "Z405"),
        ({"iss": "https://evil.test"}, "Z405"),
        ({"exp": 1}, "Z407"),
        ({"exp": "soon"}, "Z405"),
        ({"iat": 4_000_000_000, "exp": 4_000_000_300}, "Z407"),
        ({"nbf": 4_000_000_000}, "Z407"),
        ({"sub": None}, "Z405"),
    ],
)
def test_what_is_not_for_us_now_is_refused(
    provider: IdentityProvider, issuer: Issuer, wrong: dict[str, Any], code: str
) -> None:
    """Each claim of the protocol is looked at."""
    issuer.wrong = wrong
    with pytest.raises(NotRecognised) as told:
        log_in(provider, issuer)
    assert code_of(told.value) == code


def test_clocks_may_differ_a_little(
    provider: IdentityProvider, issuer: Issuer, clock: Clock
) -> None:
    """A minute in either direction, as exp and iat go."""
    moment = int(clock().timestamp())
    for wrong in ({"exp": moment - 59}, {"iat": moment + 59}):
        issuer.wrong = wrong
        assert log_in(provider, issuer)
    for wrong in ({"exp": moment - 61}, {"iat": moment + 61}):
        issuer.wrong = wrong
        with pytest.raises(NotRecognised, match="Z407"):
            log_in(provider, issuer)


def test_a_strangers_signature_is_refused(
    provider: IdentityProvider, issuer: Issuer, keys: list[RSAKey]
) -> None:
    """Under a key the provider does not publish, and under a known key's name."""
    stranger = new_key()
    issuer.signs_with = stranger
    with pytest.raises(NotRecognised, match="Z405"):
        log_in(provider, issuer)
    issuer.kid = str(keys[0].kid)
    with pytest.raises(NotRecognised, match="Z405"):
        log_in(provider, issuer)


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256", "kid": "x"}])
def test_a_signature_without_a_public_key_is_none(
    provider: IdentityProvider, issuer: Issuer, header: dict[str, str]
) -> None:
    """Neither an unsigned text nor one signed with what everybody can read is believed."""
    issuer.header = header
    with pytest.raises(NotRecognised, match="Z405"):
        log_in(provider, issuer)


def test_keys_are_turned_without_anybody_noticing(
    provider: IdentityProvider, issuer: Issuer, clock: Clock
) -> None:
    """A new key is fetched when it is first met, the old ones are not asked for each time."""
    log_in(provider, issuer)
    log_in(provider, issuer)
    assert issuer.asked.count("/keys") == 1
    issuer.rotate()
    clock.moment += timedelta(minutes=1)
    assert log_in(provider, issuer)
    assert issuer.asked.count("/keys") == 2


def test_invented_keys_do_not_make_us_ask_and_ask(
    provider: IdentityProvider, issuer: Issuer
) -> None:
    """Within half a minute the keys that are known are all there are."""
    issuer.signs_with = new_key()
    for _ in range(3):
        with pytest.raises(NotRecognised, match="Z405"):
            log_in(provider, issuer)
    assert issuer.asked.count("/keys") == 1


@pytest.mark.parametrize(
    ("claims", "info", "path", "groups"),
    [
        ({"groups": "usb"}, {}, "groups", {"usb"}),
        ({"realm_access": {"roles": ["a", 7]}}, {}, "realm_access.roles", {"a"}),
        ({"https://bochum.test/roles": ["a"]}, {}, "https://bochum.test/roles", {"a"}),
        ({}, {"groups": ["from-info"]}, "groups", {"from-info"}),
        ({}, {"sub": "another", "groups": ["from-info"]}, "groups", set()),
        ({}, {}, "groups", set()),
    ],
)
def test_where_groups_may_stand(
    issuer: Issuer,
    clock: Clock,
    claims: dict[str, Any],
    info: dict[str, Any],
    path: str,
    groups: set[str],
) -> None:
    """In the ID token or, where it has none, in what the provider says of the same person."""
    issuer.person, issuer.info = {"sub": "4711", **claims}, info
    provider = IdentityProvider(replace(CLIENT, claim=path), issuer, clock)
    assert log_in(provider, issuer).groups == groups


@pytest.mark.parametrize("status", [None, 500, 503, 404])
def test_a_provider_that_is_away_is_told(
    provider: IdentityProvider, issuer: Issuer, status: int | None
) -> None:
    """Whoever has a password here can still log in with it."""
    issuer.fails = status
    with pytest.raises(Unavailable, match="Z402"):
        provider.begin(counted_bytes())
    issuer.fails = 200
    came, pending = begin(provider, issuer)
    issuer.fails = 503
    with pytest.raises(Unavailable, match="Z402"):
        provider.finish(came, pending)


def test_a_provider_of_another_name_is_none(issuer: Issuer, clock: Clock) -> None:
    """An issuer that calls itself otherwise could be anybody's."""
    provider = IdentityProvider(replace(CLIENT, issuer=URL + "/"), issuer, clock)
    with pytest.raises(Unavailable, match=r"Z402.*calls itself"):
        provider.begin(counted_bytes())


def test_logging_out_there_names_who_it_is(provider: IdentityProvider, issuer: Issuer) -> None:
    """With the hint, the provider does not have to ask whom to log out."""
    identity = log_in(provider, issuer)
    url = provider.end_url(identity.hint, "https://dispatch.bochum.test")
    assert url is not None
    asked = parse_qs(urlsplit(url).query)
    assert asked["id_token_hint"] == [identity.hint]
    assert asked["post_logout_redirect_uri"] == ["https://dispatch.bochum.test"]
