"""The log is for people or for programs, and nobody finds a secret in it or writes into it."""

from __future__ import annotations

import json
import logging
from io import StringIO
from typing import TYPE_CHECKING, Literal

import pytest

from dispatch.logs import cleaned, set_up_logs

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("", "dispatch", "graphs", "scenarios", "uvicorn", "uvicorn.error", "uvicorn.access")


@pytest.fixture(autouse=True)
def _loggers_as_before() -> Iterator[None]:
    """Put the loggers of the test run back as they were."""
    loggers = [logging.getLogger(name) for name in NAMES]
    kept = [(each, each.handlers, each.level, each.propagate, each.disabled) for each in loggers]
    yield
    for each, handlers, level, propagate, disabled in kept:
        each.handlers, each.propagate, each.disabled = handlers, propagate, disabled
        each.setLevel(level)


def written(form: Literal["text", "json"], level: str = "info") -> StringIO:
    """Return what the log is written to from now on."""
    to = StringIO()
    set_up_logs(form, level, to=to)
    return to


def test_a_line_of_json_is_one_object_with_its_fields() -> None:
    """Programs read fields; a line with a line end in it stays one line."""
    to = written("json")
    fields = {"route": "/api/v1/plans", "ms": 3.5}
    logging.getLogger("dispatch.requests").info("Größe\n%s", "x", extra={"fields": fields})
    (line,) = to.getvalue().splitlines()
    told = json.loads(line)
    assert told.pop("at").endswith("Z")
    assert told == {
        "level": "info",
        "logger": "dispatch.requests",
        "text": "Größe\nx",
        "route": "/api/v1/plans",
        "ms": 3.5,
    }


def test_an_error_brings_its_traceback() -> None:
    """As a field in JSON, as lines below in text."""
    for form in ("json", "text"):
        to = written(form)  # type: ignore[arg-type]  # the two forms there are
        try:
            raise LookupError("token=abc is unknown")
        except LookupError:
            logging.getLogger("dispatch.x").exception("it failed")
        assert "LookupError" in to.getvalue()
        assert "abc" not in to.getvalue()


def test_nobody_writes_lines_of_his_own() -> None:
    """A name with a line end in it does not begin a line in the log for people."""
    to = written("text")
    logging.getLogger("dispatch.x").info("device %s", "a\n2026-07-15 ERROR all is lost\x1b[31m")
    (line,) = to.getvalue().splitlines()
    assert "\x1b" not in line


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("GET /a?token=abc&day=1", "GET /a?token=***&day=1"),
        ("/oidc?code=abc&state=xyz", "/oidc?code=***&state=***"),
        ("Authorization: Bearer bd_abc.def", "Authorization: Bearer ***"),
        ("API_KEY=abc", "API_KEY=***"),
        ("the zip code is 44787", "the zip code is 44787"),
    ],
)
def test_secrets_are_cut_out(said: str, told: str) -> None:
    """What stands in a query or a header to prove who asks is in no log."""
    assert cleaned(said) == told


def test_the_level_is_ours_and_libraries_tell_only_what_is_wrong() -> None:
    """Debugging the service does not drown in what libraries do."""
    to = written("text", "debug")
    logging.getLogger("dispatch.x").debug("ours")
    logging.getLogger("asyncio").info("theirs")
    logging.getLogger("uvicorn.error").info("started")
    logging.getLogger("uvicorn.access").info("GET /secret?token=abc")
    lines = [line.split(": ", 1)[1] for line in to.getvalue().splitlines()]
    assert lines == ["ours", "started"]
