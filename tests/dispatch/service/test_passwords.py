"""A password is long, not a riddle of kinds of letters; and it is kept so that trying is dear."""

from __future__ import annotations

import pytest
from argon2 import extract_parameters

from dispatch.domain.errors import InvalidInput, TooMany
from dispatch.service.passwords import Passwords, check_password
from tests.helpers.doors import GOOD_PASSWORD, counted_bytes, quick_passwords


def test_what_is_kept_opens_only_to_the_password() -> None:
    """The hash is Argon2id with its own salt, and another password does not fit it."""
    passwords = quick_passwords()
    kept = passwords.hashed(GOOD_PASSWORD)
    assert kept.startswith("$argon2id$")
    assert kept != passwords.hashed(GOOD_PASSWORD)
    assert passwords.fits(GOOD_PASSWORD, kept)
    assert not passwords.fits(GOOD_PASSWORD + " ", kept)


def test_a_password_fits_however_its_letters_are_composed() -> None:
    """An ü typed as one letter or as u with dots is the same password."""
    passwords = quick_passwords()
    assert passwords.fits("gru\u0308ne Gullydeckel", passwords.hashed("gr\u00fcne Gullydeckel"))


def test_nobody_has_a_password() -> None:
    """Without an account, a password is checked as long and never fits."""
    assert not quick_passwords().fits(GOOD_PASSWORD, None)


def test_the_costs_are_those_of_the_standard() -> None:
    """RFC 9106's second option; a hash made with less is made anew at the next login."""
    real = Passwords(counted_bytes())
    assert "$m=65536,t=3,p=4$" in real.hashed(GOOD_PASSWORD)
    assert real.is_outdated(quick_passwords().hashed(GOOD_PASSWORD))


def test_an_unknown_account_costs_as_much_as_a_wrong_password() -> None:
    """Nobody learns from the time of an answer who has an account: the costs are the same."""
    real = Passwords(counted_bytes())
    kept = real.hashed(GOOD_PASSWORD)
    assert extract_parameters(real.nobody) == extract_parameters(kept)
    assert len(real.nobody) == len(kept)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("elf Zeichen", "fewer than 12"),
        ("x" * 257, "more than 256"),
        ("abababababababab", "same few characters"),
        ("Passwort1234", "everybody tries it first"),
        ("erika.muster1", "little more than the login name"),
    ],
)
def test_what_is_refused(password: str, fault: str) -> None:
    """Each bad password is told what is bad about it."""
    with pytest.raises(InvalidInput, match=fault) as told:
        check_password(password, login="erika.muster")
    assert {issue.code for issue in told.value.issues} == {"Z202"}


@pytest.mark.parametrize("password", ["nur kleine buchstaben", "ganz ohne ziffern", GOOD_PASSWORD])
def test_no_kind_of_letter_is_asked_for(password: str) -> None:
    """Long is enough: rules of composition only make people write Sommer2026!!."""
    check_password(password, login="erika")


def test_a_flood_of_logins_does_not_take_all_memory() -> None:
    """More hashes at the same time than fit are refused at once; each makes room when done."""
    one = Passwords(counted_bytes(), memory_kib=8, rounds=1, lanes=1, at_a_time=1)
    kept = one.hashed(GOOD_PASSWORD)
    assert one.fits(GOOD_PASSWORD, kept)
    assert not one.fits("falsch", kept)
    assert one.fits(GOOD_PASSWORD, kept)
    full = Passwords(counted_bytes(), memory_kib=8, rounds=1, lanes=1, at_a_time=0)
    with pytest.raises(TooMany, match="Z107") as told:
        full.fits(GOOD_PASSWORD, kept)
    assert told.value.retry_after_s == 1
