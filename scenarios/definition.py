"""A scenario as written in TOML: one situation per file, all faults reported together."""

from __future__ import annotations

import tomllib
from datetime import date, time
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dispatch.domain.errors import InvalidInput, Issue, NotFound

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Streets(_Section):
    """Which network: the stand-in of a size, or an extract below the shared folder."""

    source: Literal["stand-in", "extract"] = "stand-in"
    nodes: int = Field(default=15_000, ge=100, le=2_000_000)
    extract: str = ""
    clip: tuple[float, float, float, float] | None = Field(
        default=None, description="west, south, east, north in degrees"
    )


class World(_Section):
    """How large the world is; see `scenarios.world.WorldSettings`."""

    seed: int = Field(default=44, ge=0)
    glass_sites: int = Field(default=250, ge=0)
    tree_sites: int = Field(default=160, ge=0)
    soil_sensors: int = Field(default=24, ge=0)
    rat_stations: int = Field(default=200, ge=0)
    ponds: int = Field(default=16, ge=0)


class Day(_Section):
    """The day that is planned, and the time of that day at which the planner looks."""

    date: date
    now: time = time(4, 30)
    signal_days: int = Field(default=30, ge=1, le=400)


class Expect(_Section):
    """What the run must show; a missed expectation ends with exit code 3."""

    required_unassigned: int = 0
    violations: int = 0
    job_kinds: int = 1
    crew_kinds: int = 1


class Definition(_Section):
    """One scenario."""

    name: str
    title: str
    kind: Literal["day", "pond-files"] = "day"
    streets: Streets = Streets()
    world: World = World()
    day: Day
    expect: Expect = Expect()


def parse_definition(text: str, *, name: str) -> Definition:
    """Return the definition; raises InvalidInput with every fault of the file."""
    try:
        return Definition.model_validate({"name": name, **tomllib.loads(text)})
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            Issue(
                code="Z501",
                subject=f"scenario {name}",
                cause=f"not TOML: {error}",
                action="Correct the line named",
            )
        ) from error
    except ValidationError as error:
        raise InvalidInput(
            *(
                Issue(
                    code="Z502",
                    subject=f"scenario {name}: {'.'.join(map(str, fault['loc']))}",
                    cause=fault["msg"],
                    action="Correct the value or remove the line",
                )
                for fault in error.errors()
            )
        ) from error


def built_in() -> list[Definition]:
    """Return the definitions that come with the package, by name."""
    found = (file for file in _folder().iterdir() if file.name.endswith(".toml"))
    texts = {file.name.removesuffix(".toml"): file.read_text(encoding="utf-8") for file in found}
    return [parse_definition(text, name=name) for name, text in sorted(texts.items())]


def definition(name: str) -> Definition:
    """Return the built-in definition of that name, or the one in that file."""
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return parse_definition(_text_of(path), name=path.stem)
    for known in built_in():
        if known.name == name:
            return known
    raise NotFound(
        Issue(
            code="Z503",
            subject=f"scenario {name}",
            cause="no scenario of that name, and no such file",
            action="See `dispatch scenario list`, or give the path of a .toml file",
        )
    )


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            Issue(
                code="Z501",
                subject=f"scenario {path.stem}",
                cause=f"not TOML: not UTF-8 text ({error.reason} at byte {error.start})",
                action="Save the file as UTF-8",
            )
        ) from error


def _folder() -> Traversable:
    return files("scenarios") / "definitions"
