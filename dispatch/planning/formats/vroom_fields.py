"""The fields of a VROOM document: which we keep, which we refuse, and how one is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dispatch.planning.formats.faults import Faults

LATEST_S = 2**40
"""Times and ids beyond this are refused: no clock shows them."""
GREATEST_LEG = 2**32 - 1
MOST_PLACES = 5000

KNOWN = {
    "file": {"jobs", "vehicles", "matrices"},
    "job": {
        *("id", "description", "location", "location_index", "setup", "service"),
        *("delivery", "pickup", "skills", "priority", "time_windows"),
    },
    "vehicle": {
        *("id", "description", "profile", "start", "start_index", "end", "end_index", "capacity"),
        *("costs", "skills", "type", "time_window", "speed_factor", "max_tasks"),
        *("max_travel_time", "max_distance", "steps"),
    },
    "step": {"type", "id"},
    "costs": {"fixed", "per_hour", "per_km", "per_task_hour"},
    "matrix": {"durations", "distances", "costs"},
}
REFUSED = {
    "shipments": "our rules have no shipments from place to place",
    "matrix": "it is the old way to give durations; use matrices.car.durations",
    "options": "it is for other programs than the solver",
    "amount": "it is the old way to give a delivery; use delivery or pickup",
    "setup_per_type": "our jobs take equally long whoever does them",
    "service_per_type": "our jobs take equally long whoever does them",
    "breaks": "our breaks follow the law, not a window",
    "service_at": "it binds plan mode only, and a problem to solve is none",
    "service_after": "it binds plan mode only, and a problem to solve is none",
    "service_before": "it binds plan mode only, and a problem to solve is none",
}


class Fields:
    """One JSON object with its place; reading a field notes what is wrong with it."""

    def __init__(self, value: object, at: str, kind: str, faults: Faults) -> None:
        self.at, self.faults = at, faults
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.wrong("", "an object")
        for name in sorted(self.value.keys() - KNOWN[kind]):
            if name not in REFUSED:
                faults.add("P621", self.path(name), "nobody knows this field", "Leave it out")
            elif self.value[name] not in ([], {}, None):
                faults.add("P622", self.path(name), REFUSED[name], "Leave it out")

    def path(self, name: str) -> str:
        """Return the place of a field in the document."""
        return f"{self.at}.{name}" if name and self.at != "file" else name or self.at

    def wrong(self, name: str, wanted: str) -> None:
        """Note that a field is not what it must be."""
        self.faults.add("P623", self.path(name), f"it must be {wanted}", "Correct it")

    def number(self, name: str, default: int | None, most: int = LATEST_S) -> int:
        """Return a whole number from 0 on; without default it must be there."""
        value = self.value.get(name, default)
        if type(value) is int and 0 <= value <= most:
            return value
        self.wrong(name, f"a whole number from 0 to {most}")
        return 0

    def limit(self, name: str) -> int | None:
        """Return a whole number from 0 on, None if it is missing."""
        return None if self.value.get(name) is None else self.number(name, None)

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers from 0 on, empty if it is missing."""
        value = self.value.get(name, [])
        if isinstance(value, list) and all(type(n) is int and 0 <= n <= LATEST_S for n in value):
            return tuple(value)
        self.wrong(name, "a list of whole numbers from 0 on")
        return ()

    def window(self, name: str, value: object) -> tuple[int, int]:
        """Return a pair of times, the second no earlier than the first."""
        if isinstance(value, list) and len(value) == 2:
            begin, end = value
            if type(begin) is type(end) is int and 0 <= begin <= end <= LATEST_S:
                return begin, end
        self.wrong(name, "a window [start, end]")
        return 0, 0

    def windows(self, name: str) -> tuple[tuple[int, int], ...]:
        """Return a list of windows, empty if there is none."""
        value = self.value.get(name, [])
        if not isinstance(value, list):
            self.wrong(name, "a list of windows")
            return ()
        return tuple(self.window(f"{name}[{n}]", pair) for n, pair in enumerate(value))

    def objects(self, name: str, kind: str) -> list[Fields]:
        """Return the objects of a list."""
        value = self.value.get(name)
        if not isinstance(value, list):
            self.wrong(name, "a list")
            return []
        at = self.path(name)
        return [Fields(part, f"{at}[{n}]", kind, self.faults) for n, part in enumerate(value)]

    def shown(self, *names: str) -> dict[str, Any]:
        """Return fields that only come back in the answer."""
        return {name: self.value[name] for name in names if name in self.value}
