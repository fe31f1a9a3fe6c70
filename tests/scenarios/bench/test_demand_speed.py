from __future__ import annotations

from scenarios.bench.demand_speed import Size, sheets


def test_both_speeds_are_measured_on_a_small_town() -> None:
    """Every kind of site gets jobs from all signals, and an answer to a single one."""
    size = Size(glass=3, trees=2, stations=2, ponds=1, uplink_h=24)
    at_once, one_by_one = sheets(None, None, size)
    figures = {row[0]: row[1] for row in at_once.rows}
    assert figures["stored signals"] == "18,300"
    assert int(figures["jobs"]) > 0
    assert at_once.goals[0][1] is True
    labels = [row[0] for row in one_by_one.rows]
    assert labels == ["a glass container", "a young tree", "a bait station", "a pond"]
    assert all(row[1].endswith(" ms") for row in one_by_one.rows)
    assert len(one_by_one.goals) == 1
