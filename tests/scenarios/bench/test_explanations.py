"""The bench of causes: every job asked about is in its table once."""

from __future__ import annotations

from dispatch.planning.validate import validate
from scenarios.bench.explanations import lines, odd_day, run, total


def test_each_job_is_counted_once() -> None:
    """Confirmed with one reason or several, outbid, not confirmed, or without remedy."""
    asked = run(jobs=3, seconds=0.1)
    table = [*lines(asked), total(asked)]
    assert table[-1].jobs == len(asked) == 3
    assert sum(line.jobs for line in table[:-1]) == 3
    for line in table:
        parts = (line.alone, line.together, line.outbid, line.not_confirmed, line.no_remedy)
        assert sum(parts) == line.jobs
        assert line.needed <= line.together
    assert total(asked).alone + total(asked).together >= 2


def test_odd_days_are_sound_problems() -> None:
    """Odd jobs ask for too much, but are no faults."""
    assert [validate(odd_day(seed)) for seed in range(1, 6)] == [[]] * 5
