"""Passwords: what a good one is, and how one is kept (Argon2id); argon2 is imported here only."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from dispatch.domain.errors import InvalidInput, Issue, TooMany

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHORTEST, LONGEST = 12, 256
"""NIST SP 800-63B asks for at least 8, better 15, and for 64 to be allowed; the BSI for 8 to 12
of mixed kinds or 25 of two. Twelve without rules of composition, for those make people write
`Sommer2026!!`. The upper bound keeps one login from hashing a megabyte."""
FEWEST_LETTERS = 5
COMMON = frozenset(
    {
        *("123456789012", "1234567890123", "1qaz2wsx3edc", "abcdefghijkl", "qwertzuiopasdf"),
        *("qwertyuiopas", "passwortpasswort", "passwordpassword", "passwort1234", "password1234"),
        *("passwort12345", "password12345", "hallohallo12", "willkommen123", "administrator"),
        *("geheimgeheim", "sommer202600", "bochumbochum", "bochumdispatch", "dispatchdispatch"),
    }
)
"""Long ones that stand in every list of leaked passwords, and what lies near here."""

MEMORY_KIB, ROUNDS, LANES = 65_536, 3, 4
"""The second recommended option of RFC 9106, section 4."""
AT_A_TIME = 4
"""Each hash takes 64 MiB and a core: a flood of logins must not take all of either."""
SALT_BYTES = 16


class Passwords:
    """Makes and checks hashes; at most so many at a time, for each takes much memory."""

    def __init__(
        self,
        random_bytes: Callable[[int], bytes],
        *,
        memory_kib: int = MEMORY_KIB,
        rounds: int = ROUNDS,
        lanes: int = LANES,
        at_a_time: int = AT_A_TIME,
    ) -> None:
        self._random_bytes = random_bytes
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=lanes)
        self._free = BoundedSemaphore(at_a_time)
        # Checked when there is no account, so that this takes as long as a wrong password: a
        # random hash nobody has the password of.
        salt, rest = (b64encode(random_bytes(n)).rstrip(b"=").decode() for n in (SALT_BYTES, 32))
        self.nobody = f"$argon2id$v=19$m={memory_kib},t={rounds},p={lanes}${salt}${rest}"

    def hashed(self, password: str) -> str:
        """Return what is kept of the password."""
        return self._hasher.hash(_normal(password), salt=self._random_bytes(SALT_BYTES))

    def fits(self, password: str, kept: str | None) -> bool:
        """Tell whether that is the password; without one takes as long. Raises TooMany (Z107)."""
        if not self._free.acquire(blocking=False):
            raise TooMany(
                Issue(
                    code="Z107",
                    subject="login",
                    cause="too many people are logging in at this moment",
                    action="Try again in a second",
                ),
                retry_after_s=1,
            )
        try:
            return self._hasher.verify(kept or self.nobody, _normal(password)) and bool(kept)
        except VerificationError:
            return False
        finally:
            self._free.release()

    def is_outdated(self, kept: str) -> bool:
        """Tell whether the hash was made with other costs than today's."""
        return self._hasher.check_needs_rehash(kept)


def check_password(password: str, *, login: str) -> None:
    """Raise InvalidInput (Z202) with everything that makes the password a bad one."""
    if faults := list(_faults(_normal(password), login)):
        raise InvalidInput(
            *(
                Issue(
                    code="Z202",
                    subject="password",
                    cause=fault,
                    action="Take several words that nobody would guess together",
                )
                for fault in faults
            )
        )


def _faults(password: str, login: str) -> Iterator[str]:
    plain = password.casefold()
    if len(password) < SHORTEST:
        yield f"it has {len(password)} characters, fewer than {SHORTEST}"
    if len(password) > LONGEST:
        yield f"it has {len(password)} characters, more than {LONGEST}"
    if len(set(plain)) < FEWEST_LETTERS:
        yield "it repeats the same few characters"
    if plain in COMMON:
        yield "everybody tries it first"
    if login and login in plain and len(login) > len(password) // 3:
        yield "it is little more than the login name"


def _normal(password: str) -> str:
    """Return the same text however a keyboard composes its letters (NFKC, as NIST says)."""
    return unicodedata.normalize("NFKC", password)
