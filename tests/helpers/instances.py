"""Tiny public instances of every class, written by hand: three customers on a line.

The depot lies at (0, 0), customers at x = 3, 4 and 5 with y = 4, 0 and 0: distances of 5, 4 and 5
from the depot.
"""

from __future__ import annotations

POINTS = ((0, 0), (3, 4), (4, 0), (5, 0))


def vrplib(kind: str, *headers: str, **sections: str) -> str:
    """Return a VRPLIB text of three customers; sections are rows split by semicolons."""
    places = dict(enumerate(POINTS, 1))
    parts = {
        "NODE_COORD": "; ".join(f"{n} {x} {y}" for n, (x, y) in places.items()),
        "DEMAND": "1 0; 2 1; 3 1; 4 1",
        **sections,
        "DEPOT": sections.get("DEPOT", "1; -1"),
    }
    lines = [
        f"NAME : tiny-{kind}",
        f"TYPE : {kind}",
        "DIMENSION : 4",
        "EDGE_WEIGHT_TYPE : EUC_2D",
        *headers,
    ]
    for name, rows in parts.items():
        if rows:
            lines += [f"{name}_SECTION", *(row.strip() for row in rows.split(";"))]
    return "\n".join([*lines, "EOF", ""])


WINDOWS = "1 0 100; 2 0 50; 3 0 50; 4 0 50"
TWO = ("VEHICLES : 2", "CAPACITY : 2")
TINY = {
    "CVRP": (vrplib("CVRP", "CAPACITY : 2"), "Route #1: 1\nRoute #2: 2 3\nCost 20"),
    "VRPTW": (
        vrplib("VRPTW", *TWO, "SERVICE_TIME : 1", TIME_WINDOW=WINDOWS),
        "Route #1: 1\nRoute #2: 2 3\nCost 20.0",
    ),
    "PCVRPTW": (
        vrplib("PCVRPTW", *TWO, TIME_WINDOW=WINDOWS, PRIZE="1 0; 2 3; 3 9; 4 9"),
        "Route #1: 2 3\nCost: 130",
    ),
    "MTVRPTWR": (
        vrplib(
            "MTVRPTWR",
            "VEHICLES : 1",
            "CAPACITY : 2",
            TIME_WINDOW=WINDOWS,
            RELEASE_TIME="1 0; 2 0; 3 20; 4 0",
            VEHICLES_RELOAD_DEPOT="1 1",
        ),
        "Route #1: 1 0 2 3\nCost: 200\nOptimal: True",
    ),
    "MDVRPTW": (
        vrplib(
            "MDVRPTW",
            *TWO,
            "VEHICLES_MAX_DURATION : 12",
            TIME_WINDOW="1 0 100; 2 0 100; 3 20 50; 4 20 50",
            DEMAND="1 0; 2 0; 3 1; 4 1",
            VEHICLES_DEPOT="1 1; 2 2",
            DEPOT="1; 2",
        ),
        "Route #1: 2 3\nRoute #2:\nCost: 10000",
    ),
    "SDVRPTW": (
        vrplib(
            "SDVRPTW",
            "VEHICLES : 2",
            TIME_WINDOW=WINDOWS,
            SERVICE_TIME="1 0; 2 1; 3 1; 4 1",
            CAPACITY="1 2; 2 2",
            VEHICLES_ALLOWED_CLIENTS="1 3 4; 2 2 3 4",
        ),
        "Route #1: 2 3\nRoute #2: 1\nCost: 20000",
    ),
    "HFVRP": (
        vrplib(
            "HFVRP",
            "VEHICLES : 3",
            CAPACITY="1 1; 2 3; 3 2",
            VEHICLES_FIXED_COST="1 100; 2 900; 3 300",
            VEHICLES_UNIT_DISTANCE_COST="1 100; 2 150; 3 90",
        ),
        "Route #1: 1\nRoute #2:\nRoute #3: 2 3\nCost: 23.00",
    ),
}
"""Per class an instance and its best routes with their cost."""

SOLOMON = """TINY

VEHICLE
NUMBER     CAPACITY
  2          2

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0          0          0          0        100          0
    1      3          4          1          0         50          1
    2      4          0          1          0         50          1
    3      5          0          1          0         50          1
"""
