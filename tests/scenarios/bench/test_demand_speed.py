from __future__ import annotations

from scenarios.bench.demand_speed import Size, sheets
from scenarios.bench.speed_payloads import CASES


def test_both_speeds_are_measured_on_a_small_town() -> None:
    """Every kind of site gets jobs from all signals, and an answer to a single one."""
    size = Size(glass=10, trees=1, stations=1, ponds=4, uplink_h=12)
    at_once, one_by_one = sheets(None, None, size, payloads=4)
    figures = {row[0]: row[1] for row in at_once.rows}
    assert int(figures["stored signals"].replace(",", "")) > 50_000
    assert int(figures["jobs"]) > 0
    assert at_once.goals[0][1] is True
    assert [row[0] for row in one_by_one.rows] == list(CASES)
    assert all(int(row[1]) >= 1 for row in one_by_one.rows)
    assert all(row[2].endswith(" ms") for row in one_by_one.rows)
    assert len(one_by_one.goals) == 1
