"""VRPLIB files of the classes we plan: CVRP, VRPTW, PCVRPTW, MTVRPTWR, MDVRPTW, SDVRPTW, HFVRP.

Read with line numbers and all faults at once; what our rules cannot keep is refused by name. The
dialect is PyVRP's: `X_SECTION` rows may also be one header value `X` for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.planning.formats.classes import CONVENTIONS, instance_of
from dispatch.planning.formats.facts import (
    MOST_PLACES,
    MOST_VEHICLES,
    Facts,
    Place,
    Vehicle,
    euclidean,
)
from dispatch.planning.formats.faults import Faults
from dispatch.planning.formats.sections import Row, Sections, finite, sections_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.planning.formats.instance import Instance

KNOWN = frozenset(
    {
        *("NAME", "COMMENT", "TYPE", "DIMENSION", "VEHICLES", "CAPACITY", "SERVICE_TIME"),
        *("EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "EDGE_WEIGHT", "NODE_COORD", "DEMAND"),
        *("TIME_WINDOW", "RELEASE_TIME", "PRIZE", "DEPOT", "VEHICLES_DEPOT"),
        *("VEHICLES_RELOAD_DEPOT", "VEHICLES_ALLOWED_CLIENTS", "VEHICLES_MAX_DURATION"),
        *("VEHICLES_MAX_DISTANCE", "VEHICLES_FIXED_COST", "VEHICLES_UNIT_DISTANCE_COST"),
    }
)
REFUSED = {
    "BACKHAUL": "goods brought back beside goods delivered",
    "LINEHAUL": "goods brought back beside goods delivered",
    "PICKUP_AND_DELIVERY": "shipments from customer to customer",
    "MUTUALLY_EXCLUSIVE_GROUP": "one customer of a group",
    "VEHICLES_MAX_RELOADS": "a greatest number of reloads",
    "VEHICLES_UNIT_DURATION_COST": "a cost of time with waiting in it",
    "DISTANCE": "longest route that some files mean with service times and some without",
}
NAMED = frozenset(
    {
        *("CAPACITY", "VEHICLES_DEPOT", "VEHICLES_ALLOWED_CLIENTS", "VEHICLES_MAX_DURATION"),
        *("VEHICLES_MAX_DISTANCE", "VEHICLES_FIXED_COST", "VEHICLES_UNIT_DISTANCE_COST"),
    }
)
"""Sections by which vehicles differ: then route 1 is driven by vehicle 1."""


def instance_from(text: str, name: str) -> Instance:
    """Return the instance of a VRPLIB text; raises InvalidInput P602 to P605 with every fault."""
    faults = Faults()
    sections = sections_of(text, faults)
    _refuse(sections, faults)
    faults.stop()
    reader = _Reader(sections, faults)
    facts = reader.facts(name)
    faults.stop()
    return instance_of(facts)


def _refuse(sections: Sections, faults: Faults) -> None:
    for name in sections.names:
        if name in REFUSED:
            faults.add("P603", name, f"our rules have no {REFUSED[name]}", "Leave it out")
        elif name not in KNOWN:
            faults.add("P602", name, "nobody knows this field", "Correct its name or leave it out")
    kind = sections.headers.get("TYPE", "").upper()
    if kind not in CONVENTIONS:
        known = ", ".join(CONVENTIONS)
        faults.add("P605", "TYPE", f"`{kind}` is not one of {known}", "Give one of them")
    for name in sorted(set(sections.headers) & set(sections.rows)):
        faults.add("P602", name, "it is a header and a section", "Keep one of them")


class _Reader:
    """Reads the sections one by one; a fault leaves a harmless value."""

    def __init__(self, sections: Sections, faults: Faults) -> None:
        self.sections = sections
        self.faults = faults
        self.notes: list[str] = []
        self.count = self._count("DIMENSION", MOST_PLACES)
        self.depots = self._depots()

    def facts(self, name: str) -> Facts:
        """Return all facts; wrong where faults were noted."""
        headers, rows = self.sections.headers, self.sections.rows
        places = self._places()
        distances = self._distances()
        self.faults.stop()  # without sound places there is no fleet to speak of
        fleet = self._fleet(sum(place.demand for place in places))
        return Facts(
            name=headers.get("NAME") or name,
            kind=headers["TYPE"].upper(),
            distances=distances,
            depots=self.depots,
            places=places,
            fleet=fleet,
            reloads=self._reloads(len(fleet)),
            vehicles_named=bool(NAMED & set(rows)),
            notes=tuple(self.notes),
        )

    def _fault(self, subject: str, cause: str, action: str = "Correct the file") -> None:
        self.faults.add("P604", subject, cause, action)

    def _count(self, name: str, most: int) -> int:
        text = self.sections.headers.get(name, "")
        if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most:
            return int(text)
        self._fault(name, f"`{text}` is no number from 1 to {most}")
        self.faults.stop()
        return 0

    def _depots(self) -> int:
        """Return how many depots there are; they must be the first places."""
        rows = self.sections.rows.get("DEPOT")
        if rows is None:
            return 1
        found = [value for row in rows for value in row.values if value != -1]
        if not found or found != list(range(1, len(found) + 1)) or len(found) > self.count:
            self._fault("DEPOT", "depots must be the first places: 1, 2, ..")
            self.faults.stop()
        return len(found)

    def _rows(self, name: str, count: int, width: int | None) -> list[tuple[float, ...]] | None:
        """Return the values of a section, one row per number from 1 on; None if there is none."""
        rows = self.sections.rows.get(name)
        if rows is None:
            return None
        numbers = [row.values[0] if row.values else None for row in rows]
        if numbers != list(range(1, count + 1)):
            self._fault(name, f"it must have the rows 1 to {count} in this order")
            return None
        wrong = [row.line for row in rows if width is not None and len(row.values) != width + 1]
        if wrong:
            self._fault(f"line {wrong[0]}", f"a row of {name} needs {width} values")
            return None
        return [row.values[1:] for row in rows]

    def _each(self, name: str, count: int, default: float) -> list[float]:
        """Return one number per row, or the header's number for all; none is negative."""
        if name in self.sections.headers:
            value = finite(self.sections.headers[name])
            if value is None or value < 0:
                self._fault(name, f"`{self.sections.headers[name]}` is no number from 0 on")
            return [default if value is None else value] * count
        rows = self._rows(name, count, 1)
        values = [default] * count if rows is None else [row[0] for row in rows]
        if min(values, default=0) < 0:
            self._fault(name, "a value is negative")
        return values

    def _whole(self, name: str, values: list[float]) -> list[int]:
        if any(value != int(value) or abs(value) > 1e12 for value in values):
            self._fault(name, "a value is not whole, or too great", "Scale it to whole numbers")
            return [0] * len(values)
        return [int(value) for value in values]

    def _places(self) -> tuple[Place, ...]:
        count = self.count
        service = self._each("SERVICE_TIME", count, 0)
        if "SERVICE_TIME" in self.sections.headers:
            service[: self.depots] = [0] * self.depots
        windows = self._rows("TIME_WINDOW", count, 2)
        prizes = self._each("PRIZE", count, 0) if "PRIZE" in self.sections.names else None
        demand = self._whole("DEMAND", self._each("DEMAND", count, 0))
        release = self._each("RELEASE_TIME", count, 0)
        if windows is not None and min(min(pair) for pair in windows) < 0:
            self._fault("TIME_WINDOW", "a time is negative")
        if any(demand[: self.depots]) or any(release[: self.depots]):
            self._fault("DEPOT", "a depot has a demand or a release time")
        return tuple(
            Place(
                demand=demand[n],
                window=(windows[n][0], windows[n][1]) if windows is not None else None,
                service=service[n],
                release=release[n],
                prize=None if prizes is None else prizes[n],
            )
            for n in range(count)
        )

    def _distances(self) -> NDArray[np.float64]:
        kind = self.sections.headers.get("EDGE_WEIGHT_TYPE", "").upper()
        if kind == "EUC_2D" and "EDGE_WEIGHT" not in self.sections.rows:
            points = self._rows("NODE_COORD", self.count, 2)
            if points is None:
                if "NODE_COORD" not in self.sections.rows:
                    self._fault("NODE_COORD", "the coordinates are missing")
            elif max(abs(value) for pair in points for value in pair) <= 1e7:
                return euclidean([(pair[0], pair[1]) for pair in points])
            else:
                self._fault("NODE_COORD", "a coordinate is beyond ten million")
        elif kind == "EXPLICIT":
            return self._explicit()
        else:
            self.faults.add(
                "P605", "EDGE_WEIGHT_TYPE", f"`{kind}` is not EUC_2D or EXPLICIT", "Give one"
            )
        return np.zeros((self.count, self.count))

    def _explicit(self) -> NDArray[np.float64]:
        """Return the weights of a full matrix, or of its lower rows without the diagonal."""
        rows: list[Row] = self.sections.rows.get("EDGE_WEIGHT", [])
        values = np.array([value for row in rows for value in row.values])
        form = self.sections.headers.get("EDGE_WEIGHT_FORMAT", "").upper()
        count = self.count
        table = np.zeros((count, count))
        sizes = {"FULL_MATRIX": count * count, "LOWER_ROW": count * (count - 1) // 2}
        if form not in sizes:
            known = " or ".join(sizes)
            self.faults.add(
                "P605", "EDGE_WEIGHT_FORMAT", f"`{form}` is not {known}", "Give one of them"
            )
        elif len(values) != sizes[form] or (len(values) and not 0 <= values.min() <= 1e7):
            cause = f"{sizes[form]} weights from 0 to ten million are needed"
            self._fault("EDGE_WEIGHT", cause)
        elif form == "FULL_MATRIX":
            return values.reshape(count, count)
        elif sizes[form]:
            table[np.tril_indices(count, -1)] = values
            table += table.T
        return table

    def _fleet(self, demand: int) -> tuple[Vehicle, ...]:
        count = self._vehicles(demand)
        capacities = self._whole("CAPACITY", self._each("CAPACITY", count, 0))
        depots = self._whole("VEHICLES_DEPOT", self._each("VEHICLES_DEPOT", count, 1))
        if not all(1 <= depot <= self.depots for depot in depots):
            self._fault("VEHICLES_DEPOT", f"a depot is not from 1 to {self.depots}")
        fixed = self._each("VEHICLES_FIXED_COST", count, 0)
        costs = self._each("VEHICLES_UNIT_DISTANCE_COST", count, 1)
        units = self._whole("VEHICLES_UNIT_DISTANCE_COST", costs)
        spans = self._each("VEHICLES_MAX_DURATION", count, 0)
        reaches = self._each("VEHICLES_MAX_DISTANCE", count, 0)
        allowed = self._rows("VEHICLES_ALLOWED_CLIENTS", count, None)
        names = self.sections.names
        return tuple(
            Vehicle(
                depot=depots[n] - 1,
                capacity=capacities[n] if "CAPACITY" in names else None,
                clients=None if allowed is None else self._clients(allowed[n]),
                fixed_cost=fixed[n],
                unit_cost=units[n],
                max_duration=spans[n] if "VEHICLES_MAX_DURATION" in names else None,
                max_distance=reaches[n] if "VEHICLES_MAX_DISTANCE" in names else None,
            )
            for n in range(count)
        )

    def _vehicles(self, demand: int) -> int:
        """Return the number of vehicles; where it is open, as many as could be worth it."""
        if "VEHICLES" in self.sections.headers:
            return self._count("VEHICLES", MOST_VEHICLES)
        customers = self.count - self.depots
        capacity = finite(self.sections.headers.get("CAPACITY", ""))
        # Three more than 1.3 times the least, as in Vidal's HGS-CVRP.
        count = int(-(-1.3 * demand // capacity)) + 3 if capacity else customers
        count = max(1, min(customers, count, MOST_VEHICLES))
        self.notes.append(f"the file names no number of vehicles; {count} are used")
        return count

    def _clients(self, row: tuple[float, ...]) -> frozenset[int]:
        if not set(row) <= set(range(self.depots + 1, self.count + 1)):
            self._fault("VEHICLES_ALLOWED_CLIENTS", "a number is no customer")
            return frozenset()
        return frozenset(int(value) - 1 for value in row)

    def _reloads(self, vehicles: int) -> tuple[int, ...]:
        rows = self._rows("VEHICLES_RELOAD_DEPOT", vehicles, None)
        if rows is None:
            return ()
        depots = sorted(set(rows[0]))
        if any(sorted(set(row)) != depots for row in rows):
            self.faults.add(
                "P603",
                "VEHICLES_RELOAD_DEPOT",
                "vehicles reload at different depots",
                "Allow the same depots to all",
            )
        if not set(depots) <= set(range(1, self.depots + 1)):
            self._fault("VEHICLES_RELOAD_DEPOT", f"a depot is not from 1 to {self.depots}")
        return tuple(int(depot) - 1 for depot in depots)
