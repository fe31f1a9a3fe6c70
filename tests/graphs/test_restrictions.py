"""Turn restrictions: what they forbid, for whom, and why one is not applied."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.profiles import PROFILES
from graphs.restrictions import REASONS, Outcome
from graphs.streets import StreetGraph, compile_streets
from tests.helpers.driving import can_drive
from tests.helpers.networks import TEN_METRES_PER_SECOND, Rule, Street, drawn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphs.network import StreetNetwork

ONEWAY = {**TEN_METRES_PER_SECOND, "oneway": "yes"}
NODES = [(0, 0), (-1, 0), (0, 1), (1, 0), (0, -1)]
MIDDLE, WEST, NORTH, EAST, SOUTH = range(5)
FROM_WEST, TO_NORTH, TO_EAST, TO_SOUTH = 1, 2, 3, 4
"""Ways of the crossing, each its own."""


def crossing(*rules: Rule, through: bool = False) -> StreetNetwork:
    """Return a crossing of four streets; `through` makes west to east one way, number 1."""
    east = 1 if through else TO_EAST
    streets = [
        Street(WEST, MIDDLE),
        Street(MIDDLE, NORTH),
        Street(MIDDLE, EAST, way=east),
        Street(MIDDLE, SOUTH),
    ]
    return drawn(NODES, streets, rules=rules)


def outcome(graph: StreetGraph) -> Outcome:
    """Return what became of the only restriction."""
    return graph.report.restrictions[0].outcome


def allowed(network: StreetNetwork, profile: str = "van") -> set[tuple[int, int]]:
    """Return the turns in the middle that are allowed, as nodes come from and gone to."""
    graph = compile_streets(network, PROFILES[profile])
    arms = (WEST, NORTH, EAST, SOUTH)
    return {(a, b) for a, b in product(arms, arms) if can_drive(graph, a, MIDDLE, b)}


ALL = set(product((WEST, NORTH, EAST, SOUTH), repeat=2))


@pytest.mark.parametrize(
    ("rule", "banned"),
    [
        (Rule("no_left_turn", FROM_WEST, MIDDLE, TO_NORTH), {(WEST, NORTH)}),
        (Rule("no_right_turn", FROM_WEST, MIDDLE, TO_SOUTH), {(WEST, SOUTH)}),
        (Rule("no_straight_on", FROM_WEST, MIDDLE, TO_EAST), {(WEST, EAST)}),
        (Rule("no_u_turn", FROM_WEST, MIDDLE, FROM_WEST), {(WEST, WEST)}),
        (Rule("no_entry", FROM_WEST, MIDDLE, TO_EAST), {(WEST, EAST)}),
        (Rule("no_exit", FROM_WEST, MIDDLE, TO_EAST), {(WEST, EAST)}),
        (
            Rule("only_straight_on", FROM_WEST, MIDDLE, TO_EAST),
            {(WEST, NORTH), (WEST, SOUTH), (WEST, WEST)},
        ),
        (
            Rule("only_left_turn", FROM_WEST, MIDDLE, TO_NORTH),
            {(WEST, EAST), (WEST, SOUTH), (WEST, WEST)},
        ),
    ],
)
def test_kinds_of_restrictions_at_a_node(rule: Rule, banned: set[tuple[int, int]]) -> None:
    """A no_ forbids its own turn, an only_ every other one, turning round included."""
    assert allowed(crossing(rule)) == ALL - banned
    report = compile_streets(crossing(rule), PROFILES["van"]).report.restrictions[0]
    assert (report.outcome, report.forbids) == (Outcome.APPLIED, len(banned))


def test_several_from_and_to_members() -> None:
    """no_entry has several ways in, no_exit several ways out."""
    network = crossing(Rule("no_entry", FROM_WEST, MIDDLE, TO_EAST))
    relation = network.restrictions[0]
    several = replace(relation, from_ways=(FROM_WEST, TO_SOUTH))
    assert allowed(replace(network, restrictions=(several,))) == ALL - {(WEST, EAST), (SOUTH, EAST)}
    out = replace(relation, tags={"restriction": "no_exit"}, to_ways=(TO_NORTH, TO_SOUTH))
    assert allowed(replace(network, restrictions=(out,))) == ALL - {(WEST, NORTH), (WEST, SOUTH)}


@pytest.mark.parametrize(
    ("rule", "banned"),
    [
        (Rule("no_left_turn", 1, MIDDLE, TO_NORTH), {(WEST, NORTH)}),
        (Rule("no_right_turn", 1, MIDDLE, TO_NORTH), {(EAST, NORTH)}),
        (Rule("no_left_turn", TO_NORTH, MIDDLE, 1), {(NORTH, EAST)}),
        (Rule("no_u_turn", 1, MIDDLE, 1), {(WEST, WEST), (EAST, EAST)}),
        (
            Rule("only_right_turn", TO_NORTH, MIDDLE, 1),
            {(NORTH, EAST), (NORTH, SOUTH), (NORTH, NORTH)},
        ),
        (
            Rule("only_right_turn", 1, MIDDLE, TO_SOUTH),
            {(WEST, EAST), (WEST, NORTH), (WEST, WEST)},
        ),
    ],
)
def test_a_way_through_the_junction(rule: Rule, banned: set[tuple[int, int]]) -> None:
    """Where a member runs on through the node, the name tells which of its pieces is meant."""
    assert allowed(crossing(rule, through=True)) == ALL - banned


def test_a_way_through_the_junction_may_stay_ambiguous() -> None:
    """Straight on from a way that comes from both sides binds nobody, and says why."""
    graph = compile_streets(
        crossing(Rule("only_straight_on", 1, MIDDLE, 1), through=True), PROFILES["van"]
    )
    assert outcome(graph) is Outcome.AMBIGUOUS
    assert "several ways" in graph.report.restrictions[0].reason


LEFT = {"restriction": "no_left_turn"}


@pytest.mark.parametrize(
    ("profile", "tags", "expected"),
    [
        ("van", LEFT, Outcome.APPLIED),
        ("van", {**LEFT, "except": "psv;hgv"}, Outcome.APPLIED),
        ("truck26", {**LEFT, "except": "psv;hgv"}, Outcome.EXCEPTED),
        ("cargo_bike", {**LEFT, "except": "bicycle"}, Outcome.EXCEPTED),
        ("van", {**LEFT, "except": "destination"}, Outcome.APPLIED),
        ("truck26", {"restriction:hgv": "no_left_turn"}, Outcome.APPLIED),
        ("van", {"restriction:hgv": "no_left_turn"}, Outcome.OTHER_VEHICLE),
        ("van", {**LEFT, "type": "restriction:hgv"}, Outcome.OTHER_VEHICLE),
        ("truck18", {**LEFT, "type": "restriction:hgv"}, Outcome.APPLIED),
        ("van", {"restriction:bicycle": "no_left_turn"}, Outcome.OTHER_VEHICLE),
        ("truck26", {**LEFT, "restriction:hgv": "none"}, Outcome.EXCEPTED),
        (
            "van",
            {"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"},
            Outcome.APPLIED_ALWAYS,
        ),
        ("van", {"restriction:conditional": "no_left_turn @ (22:00-05:00)"}, Outcome.NIGHT_ONLY),
        ("van", {**LEFT, "restriction:conditional": "none @ (22:00-05:00)"}, Outcome.APPLIED),
        ("van", {"restriction:conditional": "no_left_turn @ (weight>7.5)"}, Outcome.OTHER_VEHICLE),
        ("truck26", {"restriction:conditional": "no_left_turn @ (weight>7.5)"}, Outcome.APPLIED),
        ("van", {"restriction:conditional": "no_left_turn @ (fog?)"}, Outcome.APPLIED_UNREAD),
        ("van", {"restriction:conditional": "no_left_turn @ (2016 May 1-9)"}, Outcome.DATED),
        (
            "truck26",
            {"restriction:hgv:conditional": "no_left_turn @ (08:00-10:00)"},
            Outcome.APPLIED_ALWAYS,
        ),
        ("van", {**LEFT, "hour_on": "07:00", "hour_off": "09:00"}, Outcome.APPLIED_ALWAYS),
        ("van", {**LEFT, "hour_on": "21:00", "hour_off": "05:00"}, Outcome.NIGHT_ONLY),
        ("van", {**LEFT, "day_on": "Sunday", "day_off": "Sunday"}, Outcome.NIGHT_ONLY),
        ("van", {"restriction": "no_dancing"}, Outcome.UNKNOWN_KIND),
        ("van", {}, Outcome.UNKNOWN_KIND),
    ],
)
def test_for_whom_and_when(profile: str, tags: Mapping[str, str], expected: Outcome) -> None:
    """Exceptions, vehicles, hours and weights decide; the turn is forbidden if it is applied."""
    network = crossing(Rule("", FROM_WEST, MIDDLE, TO_NORTH, tags))
    graph = compile_streets(network, PROFILES[profile])
    assert outcome(graph) is expected
    forbidden = not can_drive(graph, WEST, MIDDLE, NORTH)
    assert forbidden == expected.value.startswith("applied")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule("no_left_turn", 99, MIDDLE, TO_NORTH), Outcome.NOT_IN_EXTRACT),
        (Rule("no_left_turn", FROM_WEST, 77, TO_NORTH), Outcome.NOT_IN_EXTRACT),
        (Rule("no_left_turn", FROM_WEST, (98,), TO_NORTH), Outcome.NOT_IN_EXTRACT),
        (Rule("no_left_turn", FROM_WEST, (), TO_NORTH), Outcome.MALFORMED),
        (Rule("no_left_turn", FROM_WEST, NORTH, TO_NORTH), Outcome.NOT_CONNECTED),
    ],
)
def test_why_a_restriction_is_not_applied(rule: Rule, expected: Outcome) -> None:
    """A relation that cannot be applied is listed with its reason, never dropped silently."""
    graph = compile_streets(crossing(rule), PROFILES["van"])
    assert outcome(graph) is expected
    assert graph.report.restrictions[0].reason == REASONS[expected]


def test_what_a_vehicle_may_not_do_anyway_needs_no_restriction() -> None:
    """A lorry does not turn round there, and nobody leaves a street that is closed to him."""
    network = crossing(Rule("no_u_turn", FROM_WEST, MIDDLE, FROM_WEST))
    assert outcome(compile_streets(network, PROFILES["truck26"])) is Outcome.NOTHING_TO_FORBID
    assert outcome(compile_streets(network, PROFILES["van"])) is Outcome.APPLIED


def test_only_binds_those_too_who_may_not_go_on_there() -> None:
    """A mandatory direction that is closed to a lorry leaves it no other one."""
    light = {**TEN_METRES_PER_SECOND, "maxweight": "7.5"}
    streets = [Street(WEST, MIDDLE), Street(MIDDLE, NORTH, light), Street(MIDDLE, EAST)]
    rules = [Rule("only_left_turn", FROM_WEST, MIDDLE, TO_NORTH)]
    network = drawn(NODES[:4], [*streets, Street(WEST, EAST)], rules=rules)
    lorry = compile_streets(network, PROFILES["truck26"])
    assert outcome(lorry) is Outcome.APPLIED
    assert not can_drive(lorry, WEST, MIDDLE, EAST)
    assert can_drive(lorry, EAST, MIDDLE, WEST)


def dual_carriageway(*rules: Rule) -> StreetNetwork:
    """Return two one-way carriageways with two links between them; nodes 0-2 east, 3-5 west."""
    nodes = [(0, 0), (1, 0), (2, 0), (2, 0.02), (1, 0.02), (0, 0.02)]
    streets = [
        Street(0, 1, ONEWAY, way=1),
        Street(1, 2, ONEWAY, way=2),
        Street(3, 4, ONEWAY, way=3),
        Street(4, 5, ONEWAY, way=4),
        Street(1, 4, way=5),
        Street(2, 3, ONEWAY, way=6),
        Street(5, 0, ONEWAY, way=7),
    ]
    return drawn(nodes, streets, rules=rules)


def test_no_u_turn_over_a_link_of_a_dual_carriageway() -> None:
    """Over a via way the whole manoeuvre is forbidden, each of its turns alone is not."""
    graph = compile_streets(dual_carriageway(Rule("no_u_turn", 1, (5,), 4)), PROFILES["truck26"])
    assert outcome(graph) is Outcome.APPLIED
    assert not can_drive(graph, 0, 1, 4, 5)
    assert not can_drive(graph, 5, 0, 1, 4, 5)
    assert can_drive(graph, 1, 4, 5)
    assert can_drive(graph, 0, 1, 4)
    assert can_drive(graph, 3, 4, 1, 2)


def test_only_over_a_via_way_binds_those_who_came_that_way() -> None:
    """Whoever came from the first member must go on to the last one, others are free."""
    graph = compile_streets(dual_carriageway(Rule("only_straight_on", 1, (2,), 6)), PROFILES["van"])
    assert outcome(graph) is Outcome.NOTHING_TO_FORBID
    nodes = [(0, 0), (1, 0), (2, 0), (3, 0), (2, 1), (1, 1)]
    streets = [Street(0, 1), Street(1, 2), Street(2, 3), Street(2, 4), Street(1, 5)]
    network = drawn(nodes, streets, rules=[Rule("only_straight_on", 1, (2,), 3)])
    graph = compile_streets(network, PROFILES["van"])
    assert outcome(graph) is Outcome.APPLIED
    assert can_drive(graph, 0, 1, 2, 3)
    assert not can_drive(graph, 0, 1, 2, 4)
    assert not can_drive(graph, 0, 1, 2, 1)
    assert can_drive(graph, 5, 1, 2, 4)


def test_a_chain_of_via_ways_in_any_order_and_cut_into_pieces() -> None:
    """Via ways are followed piece by piece, in the order in which they meet."""
    nodes = [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (2, 1), (3, 1), (4, 1)]
    streets = [
        Street(0, 1),
        Street(1, 2, way=20),
        Street(2, 3, way=20),
        Street(3, 4, way=21),
        Street(2, 5),
        Street(3, 6),
        Street(4, 7, way=8),
    ]
    for vias in ((20, 21), (21, 20)):
        network = drawn(nodes, streets, rules=[Rule("no_left_turn", 1, vias, 8)])
        graph = compile_streets(network, PROFILES["van"])
        assert outcome(graph) is Outcome.APPLIED
        assert not can_drive(graph, 0, 1, 2, 3, 4, 7)
        assert can_drive(graph, 5, 2, 3, 4, 7)
        assert can_drive(graph, 0, 1, 2, 5, 2, 3, 4, 7)


def test_overlapping_restrictions_hold_together() -> None:
    """A drive that leaves one forbidden sequence in its middle is still caught by the next."""
    nodes = [(i, 0) for i in range(5)] + [(2, 1), (3, 1)]
    streets = [*(Street(i, i + 1) for i in range(4)), Street(2, 5), Street(3, 6)]
    rules = [Rule("no_left_turn", 1, (2,), 5), Rule("no_left_turn", 2, (3,), 6)]
    graph = compile_streets(drawn(nodes, streets, rules=rules), PROFILES["van"])
    assert not can_drive(graph, 0, 1, 2, 5)
    assert not can_drive(graph, 0, 1, 2, 3, 6)
    assert can_drive(graph, 0, 1, 2, 3, 4)
    assert can_drive(graph, 5, 2, 3, 6)
    assert can_drive(graph, 3, 2, 1, 2, 5)


@given(
    st.dictionaries(
        st.sampled_from(("restriction", "restriction:hgv", "except", "type", "day_on", "hour_on"))
        | st.just("restriction:conditional"),
        st.text(max_size=8) | st.sampled_from(("no_left_turn", "only_left_turn @ (", "hgv;@")),
        max_size=4,
    )
)
def test_no_relation_is_too_odd(tags: dict[str, str]) -> None:
    """Whatever a relation says, it ends with an outcome and a reason."""
    network = crossing(Rule("", FROM_WEST, MIDDLE, TO_NORTH, tags))
    for profile in ("van", "truck26"):
        result = compile_streets(network, PROFILES[profile]).report.restrictions[0]
        assert (result.forbids > 0) == result.outcome.startswith("applied")
        assert result.reason
