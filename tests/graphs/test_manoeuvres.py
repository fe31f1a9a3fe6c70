"""What a driver is told on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphs.manoeuvres import LANGUAGES, Manoeuvre, ManoeuvreKind
from graphs.standin import standin_network
from graphs.street_matrix import StreetMatrix
from tests.helpers.networks import (
    TEN_METRES_PER_SECOND,
    Street,
    at,
    drawn,
    line_of_streets,
)

if TYPE_CHECKING:
    from graphs.path import PathLeg

NAMELESS = {key: value for key, value in TEN_METRES_PER_SECOND.items() if key != "name"}


def named(name: str) -> dict[str, str]:
    """Return the tags of a street with this name."""
    return {**NAMELESS, "name": name}


STAR = {
    "Anfang": (0, 0),
    "Ost": (2, 0),
    "Nord": (1, 1),
    "Süd": (1, -1),
    "Nordwest": (0, 0.6),
    "Südwest": (0, -0.6),
    "Nordost": (2, 0.6),
    "Südost": (2, -0.6),
}
"""Streets from one junction at (1, 0) to these ends."""


def star() -> StreetMatrix:
    """Return eight streets that meet at one junction."""
    nodes = [(1.0, 0.0), *STAR.values()]
    return StreetMatrix(
        drawn(nodes, [Street(0, end, named(name)) for end, name in enumerate(STAR, 1)])
    )


def leg_of(streets: StreetMatrix, *places: tuple[float, float], profile: str = "van") -> PathLeg:
    """Return the leg between two places with its manoeuvres."""
    (leg,) = streets.legs([at(*place) for place in places], profile=profile, manoeuvres=True)
    assert sum(step.distance_m for step in leg.manoeuvres) == pytest.approx(
        leg.distance_m, abs=len(leg.manoeuvres)
    )
    return leg


def told(leg: PathLeg, language: str = "de") -> list[str]:
    """Return the instructions of a leg."""
    return [step.text(language) for step in leg.manoeuvres]


def metres(leg: PathLeg) -> list[int]:
    """Return how far each manoeuvre leads."""
    return [step.distance_m for step in leg.manoeuvres]


@pytest.mark.parametrize(
    ("end", "kind", "german", "english"),
    [
        ("Ost", "continue", "Weiter auf: Ost", "Continue on Ost"),
        ("Nord", "left", "Links abbiegen auf: Nord", "Turn left onto Nord"),
        ("Süd", "right", "Rechts abbiegen auf: Süd", "Turn right onto Süd"),
        ("Nordost", "slight_left", "Halb links halten auf: Nordost", "Bear left onto Nordost"),
        ("Südost", "slight_right", "Halb rechts halten auf: Südost", "Bear right onto Südost"),
        (
            "Nordwest",
            "sharp_left",
            "Scharf links abbiegen auf: Nordwest",
            "Turn sharp left onto Nordwest",
        ),
        (
            "Südwest",
            "sharp_right",
            "Scharf rechts abbiegen auf: Südwest",
            "Turn sharp right onto Südwest",
        ),
    ],
)
def test_a_turn_is_named_by_its_angle(end: str, kind: str, german: str, english: str) -> None:
    """Left is left of the driver, whichever way the streets are drawn, in both languages."""
    x, y = STAR[end]
    leg = leg_of(star(), (0.5, 0), ((1 + x) / 2, y / 2))
    assert [step.kind.value for step in leg.manoeuvres] == ["depart", kind, "arrive"]
    assert told(leg) == ["Losfahren auf: Anfang", german, f"Ziel erreicht: {end}"]
    assert told(leg, "en") == ["Depart on Anfang", english, f"You have arrived: {end}"]
    turn = leg.manoeuvres[1]
    assert (turn.lat, turn.lon) == pytest.approx(at(1), abs=1e-9)


def test_manoeuvres_are_only_made_when_they_are_asked_for() -> None:
    """A plain leg does not pay for words that nobody reads."""
    (leg,) = star().legs([at(0.5), at(1.5)], profile="van")
    assert leg.manoeuvres == ()


def test_a_leg_begins_and_ends_where_the_vehicle_does() -> None:
    """Departure and arrival are the street positions, not the next junctions."""
    steps = leg_of(star(), (0.5, 0.01), (1, 0.5)).manoeuvres
    assert (steps[0].lat, steps[0].lon) == pytest.approx(at(0.5), abs=1e-6)
    assert (steps[-1].lat, steps[-1].lon) == pytest.approx(at(1, 0.5), abs=1e-6)


@pytest.mark.parametrize(("start", "end"), [(0.5, 0.25), (0.25, 0.5), (0.9, 0.1), (0.1, 0.9)])
def test_a_drive_along_one_street_says_how_far(start: float, end: float) -> None:
    """Departure leads to the goal, along the drawing direction and against it."""
    leg = leg_of(StreetMatrix(line_of_streets()), (start, 0), (end, 0))
    assert metres(leg) == [leg.distance_m, 0]
    assert leg.distance_m == round(1000 * abs(end - start))


def test_a_leg_of_nothing_departs_and_arrives() -> None:
    """Two jobs at one place need no turn between them."""
    leg = leg_of(StreetMatrix(line_of_streets()), (0.5, 0), (0.5, 0))
    assert [step.kind for step in leg.manoeuvres] == [ManoeuvreKind.DEPART, ManoeuvreKind.ARRIVE]
    assert metres(leg) == [0, 0]


def test_a_street_that_bends_and_keeps_its_name_needs_no_word() -> None:
    """Where there is nothing to choose, and at pieces of one street, nothing is said."""
    nodes = [(0, 0), (1, 0), (1, 1), (2, 1)]
    streets = [Street(0, 1), Street(1, 2), Street(2, 3)]
    leg = leg_of(StreetMatrix(drawn(nodes, streets)), (0.5, 0), (1.5, 1))
    assert told(leg) == ["Losfahren auf: Gerade Straße", "Ziel erreicht: Gerade Straße"]


def test_a_name_is_told_only_where_there_is_a_choice() -> None:
    """A street that goes on under another name is followed anyhow; at a junction it is told."""
    nodes = [(0, 0), (1, 0), (2, 0), (3, 0), (2, 1)]
    streets = [
        Street(0, 1, named("A-Weg")),
        Street(1, 2, named("B-Weg")),
        Street(2, 3, named("C-Weg")),
        Street(2, 4, named("D-Weg")),
    ]
    leg = leg_of(StreetMatrix(drawn(nodes, streets)), (0.5, 0), (2.5, 0))
    assert told(leg) == ["Losfahren auf: A-Weg", "Weiter auf: C-Weg", "Ziel erreicht: C-Weg"]
    assert leg.street_names == ("A-Weg", "B-Weg", "C-Weg")


def test_a_sharp_bend_at_a_junction_is_told_though_the_name_stays() -> None:
    """Who does not turn leaves the street."""
    nodes = [(0, 0), (1, 0), (1, 1), (2, 0)]
    streets = [Street(0, 1), Street(1, 2), Street(1, 3, named("Geradeaus"))]
    leg = leg_of(StreetMatrix(drawn(nodes, streets)), (0.5, 0), (1, 0.5))
    assert told(leg, "en")[1] == "Turn left onto Gerade Straße"


def test_a_street_without_a_name_is_not_named() -> None:
    """No empty name, no dangling preposition; its number will do where there is one."""
    nodes = [(0, 0), (1, 0), (1, 1), (2, 0)]
    streets = [
        Street(0, 1, NAMELESS),
        Street(1, 2, NAMELESS),
        Street(1, 3, {**NAMELESS, "ref": "L 651"}),
    ]
    matrix = StreetMatrix(drawn(nodes, streets))
    assert told(leg_of(matrix, (0.5, 0), (1, 0.5))) == [
        "Losfahren", "Links abbiegen", "Ziel erreicht",
    ]  # fmt: skip
    assert told(leg_of(matrix, (0.5, 0), (1, 0.5)), "en") == [
        "Depart", "Turn left", "You have arrived",
    ]  # fmt: skip
    assert told(leg_of(matrix, (0.5, 0), (1.5, 0)))[1] == "Weiter auf: L 651"


def test_straight_on_over_a_nameless_junction_is_not_told() -> None:
    """Following one's nose onto a street without a name is no manoeuvre."""
    nodes = [(0, 0), (1, 0), (1, 1), (2, 0)]
    streets = [Street(0, 1), Street(1, 2), Street(1, 3, NAMELESS)]
    leg = leg_of(StreetMatrix(drawn(nodes, streets)), (0.5, 0), (1.5, 0))
    assert told(leg) == ["Losfahren auf: Gerade Straße", "Ziel erreicht"]


def test_turning_round_is_told() -> None:
    """A stop on the other side of a dead end: to its end, round, and back."""
    streets = StreetMatrix(drawn([(0, 0), (1, 0)], [Street(0, 1, length_m=1000)]))
    points = [at(0.5, 0.01), at(0.25, -0.01)]
    (leg,) = streets.legs(points, profile="van", sides=["left", "left"], manoeuvres=True)
    assert [step.kind.value for step in leg.manoeuvres] == ["depart", "turn_round", "arrive"]
    assert metres(leg) == [500, 750, 0]
    assert told(leg)[1] == "Wenden auf: Gerade Straße"
    assert told(leg, "en")[1] == "Turn round on Gerade Straße"


ARMS = ("Süd", "Ost", "Nord", "West")


def roundabout(*, closed: str = "") -> StreetMatrix:
    """Return four streets round a ring driven anticlockwise; `closed` may only be driven in."""
    ring = {**NAMELESS, "junction": "roundabout", "oneway": "yes", "name": "Kreis"}
    nodes = [(1, -0.1), (1.1, 0), (1, 0.1), (0.9, 0), (1, -1), (2, 0), (1, 1), (0, 0)]
    streets = [Street(i, (i + 1) % 4, ring) for i in range(4)]
    for corner, name in enumerate(ARMS):
        inward = {"oneway": "-1"} if name == closed else {}
        streets.append(Street(corner, corner + 4, {**named(name), **inward}))
    return StreetMatrix(drawn(nodes, streets))


@pytest.mark.parametrize(("end", "number"), [((1.5, 0), 1), ((1, 0.5), 2), ((0.5, 0), 3)])
def test_a_roundabout_is_one_manoeuvre_with_its_exit(end: tuple[float, float], number: int) -> None:
    """Exits are counted from the one after the entrance; the ring itself is passed in silence."""
    leg = leg_of(roundabout(), (1, -0.5), end)
    street = ARMS[number]
    assert [step.kind.value for step in leg.manoeuvres] == ["depart", "roundabout", "arrive"]
    assert leg.manoeuvres[1].exit == number
    assert told(leg)[1] == f"Im Kreisverkehr die {number}. Ausfahrt nehmen auf: {street}"
    assert told(leg, "en")[1] == f"At the roundabout take exit {number} onto {street}"


def test_an_arm_that_only_leads_in_is_no_exit() -> None:
    """Nobody counts a street with a no-entry sign."""
    leg = leg_of(roundabout(closed="Ost"), (1, -0.5), (1, 0.5))
    assert leg.manoeuvres[1].exit == 1


def test_a_goal_on_the_ring_takes_no_exit() -> None:
    """Who arrives on the ring turns into it and never leaves it."""
    leg = leg_of(roundabout(), (1, -0.5), (1.05, 0.05))
    assert told(leg)[1:] == ["Halb rechts halten auf: Kreis", "Ziel erreicht: Kreis"]


def test_a_start_on_the_ring_is_told_where_to_leave() -> None:
    """The exit is a turn like any other."""
    leg = leg_of(roundabout(), (1.05, 0.05), (0.5, 0))
    assert told(leg)[::2] == ["Losfahren auf: Kreis", "Ziel erreicht: West"]
    assert leg.manoeuvres[1].kind is ManoeuvreKind.RIGHT
    assert leg.manoeuvres[1].street == "West"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(ManoeuvreKind))
@pytest.mark.parametrize("street", ["", "Straße {mit} Klammern"])
def test_every_manoeuvre_has_words(language: str, kind: ManoeuvreKind, street: str) -> None:
    """Nothing is left to fill in, and a name is printed as it is."""
    step = Manoeuvre(kind=kind, lat=0, lon=0, street=street, distance_m=0, exit=2)
    text = step.text(language)
    assert text
    assert text.endswith(street)
    assert "{" not in text.removesuffix(street)


def test_the_metres_of_all_manoeuvres_are_those_of_the_leg() -> None:
    """On any drive through a town, ring roads and one-way streets included."""
    outline = [at(0), at(4), at(4, 4), at(0, 4)]
    town = StreetMatrix(standin_network(outline, centres=[], nodes=400, seed=7))
    points = [at(0.4 + i % 4, 0.4 + (3 * i % 7) / 2) for i in range(14)]
    legs = town.legs(points, profile="van", manoeuvres=True)
    for leg in legs:
        assert sum(metres(leg)) == pytest.approx(leg.distance_m, abs=len(leg.manoeuvres))
        assert min(metres(leg)) >= 0
    assert max(len(leg.manoeuvres) for leg in legs) > 5


def test_leaving_a_motorway_is_told_however_slight_the_angle() -> None:
    """A slip road without a name that branches off at ten degrees has its instruction."""
    motorway = {"highway": "motorway", "name": "A 40"}
    network = drawn(
        [(0, 0), (1, 0), (2, 0), (2, -0.18), (0, -1), (3, -0.3)],
        [
            Street(0, 1, motorway, 1000),
            Street(1, 2, motorway, 1000),
            Street(1, 3, {"highway": "motorway_link"}, 300),
            Street(3, 5, named("Zubringer"), 300),
            Street(5, 2, named("Zubringer"), 3000),
            Street(5, 4, named("Zubringer"), 4000),
            Street(4, 0, named("Zubringer"), 1000),
        ],
    )
    leg = leg_of(StreetMatrix(network), (0.5, 0), (2.9, -0.285))
    assert told(leg)[:2] == ["Losfahren auf: A 40", "Halb rechts halten"]
