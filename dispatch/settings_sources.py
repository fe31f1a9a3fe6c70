"""Where settings come from besides the environment: a TOML file, and files that hold one secret."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatch.domain.errors import Issue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

PREFIX = "DISPATCH_"
CONFIG = "DISPATCH_CONFIG"
FROM_FILE = "_file"
LARGEST_SECRET = 64_000
"""Bytes; a secret that is larger is another file by mistake."""


@dataclass(slots=True)
class Found:
    """What was found: values by setting, where each came from, and what is wrong with it."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def take(self, name: str, value: Any, origin: str) -> None:
        """Keep a value and where it came from, in place of one that was there."""
        self.values[name] = value
        self.origins[name] = origin


def found_settings(names: Collection[str], environ: Mapping[str, str]) -> Found:
    """Return what the file of DISPATCH_CONFIG and files of secrets set, and all their faults.

    What a variable sets itself is not looked up; its origin is noted. Variables win over the file.
    """
    variables = {name.upper(): name for name in environ}
    found = Found()
    if path := environ.get(CONFIG):
        _read_config(Path(path), names, found)
    for name in names:
        plain = variables.get(f"{PREFIX}{name}".upper())
        secret = variables.get(f"{PREFIX}{name}{FROM_FILE}".upper())
        if name + FROM_FILE in names:
            secret = None
        if plain and secret:
            found.issues.append(_twice(plain, secret))
        if plain:
            found.values.pop(name, None)
            found.origins[name] = plain
        elif secret:
            _read_secret(name, Path(environ[secret]), secret, found)
    return found


def unknown_variables(names: Collection[str], environ: Mapping[str, str]) -> Iterator[str]:
    """Yield each variable that looks like a setting and is none, with the likely one."""
    known = {f"{PREFIX}{name}".upper() for name in names} | {CONFIG}
    known |= {f"{name}{FROM_FILE.upper()}" for name in known}
    for name in sorted(environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            yield f"{name}: {_likely(name.upper(), known)}"


def _read_config(path: Path, names: Collection[str], found: Found) -> None:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        found.issues.append(
            Issue(
                code="C103",
                subject=str(path),
                cause=_told(error),
                action=f"Correct the file that {CONFIG} names, or leave it out",
            )
        )
        return
    for keys, value in _flat(document, names):
        name = "_".join(keys)
        origin = f"{path}: {'.'.join(keys)}"
        if name in names:
            found.take(name, value, origin)
        elif name.endswith(FROM_FILE) and name.removesuffix(FROM_FILE) in names:
            _read_secret(name.removesuffix(FROM_FILE), Path(str(value)), origin, found)
        else:
            found.issues.append(_unknown(origin, name, names))


def _flat(
    table: Mapping[str, Any], names: Collection[str], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the values of a table and the tables in it with their keys from the top."""
    for key, value in table.items():
        keys = (*above, key)
        if isinstance(value, dict) and "_".join(keys) not in names:
            yield from _flat(value, names, keys)
        else:
            yield keys, value


def _read_secret(name: str, path: Path, origin: str, found: Found) -> None:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_SECRET + 1)
        if len(raw) > LARGEST_SECRET:
            message = "it is too large for a secret"
            raise ValueError(message)
        found.take(name, raw.decode().strip("\r\n"), f"{origin} ({path})")
    except (OSError, ValueError) as error:
        found.issues.append(
            Issue(
                code="C104",
                subject=f"{origin} ({path})",
                cause=_told(error),
                action="Name a file that holds the value and nothing else, and may be read",
            )
        )


def _told(error: Exception) -> str:
    """Return what went wrong without what stands in the file: it may be a secret."""
    if isinstance(error, OSError):
        return error.strerror or "it cannot be read"
    return "it is not text" if isinstance(error, UnicodeDecodeError) else str(error)


def _twice(plain: str, secret: str) -> Issue:
    return Issue(
        code="C104",
        subject=secret,
        cause=f"{plain} is set as well",
        action="Leave one of the two out",
    )


def _unknown(origin: str, name: str, names: Collection[str]) -> Issue:
    return Issue(
        code="C102",
        subject=origin,
        cause="there is no such setting",
        action=f"{_likely(name, names)}; `dispatch settings show` lists all".capitalize(),
    )


def _likely(name: str, names: Collection[str]) -> str:
    close = get_close_matches(name, sorted(names), n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else "nothing is called alike"
