from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from dispatch.demand.history import Occasion, SiteHistory
from dispatch.demand.ponds import draft
from dispatch.demand.settings import DemandSettings
from dispatch.domain.clock import BERLIN
from dispatch.domain.job import JobDraft, JobKind, Skill
from dispatch.domain.signal import Grade
from dispatch.domain.site import Pond
from tests.helpers.histories import DAY, HOUR, NOW, TOMORROW, a_history, oxygen, the_evening

SETTINGS = DemandSettings()


def drafted(history: SiteHistory, occasion: Occasion | None = None) -> list[JobDraft]:
    return list(draft(history, SETTINGS, occasion or the_evening()))


def graded(grade: Grade, *values: float, **parts: Any) -> Any:
    return oxygen(*values, grade=grade, **parts)


def test_an_hour_of_low_oxygen_is_an_aeration_that_must_be_done() -> None:
    """Three good values below 3 mg/l within the hour."""
    (job,) = drafted(a_history(Pond(), oxygen(6, 5, 4, 2.8, 2.5, 2.2, 2.0)))
    assert (job.kind, job.required, job.skills) == (
        JobKind.AERATE,
        True,
        frozenset({Skill.AERATOR}),
    )
    # Hourly medians throughout: what is said of now can never lie below what is called the lowest.
    assert job.reason.de == (
        "Sauerstoff 2,5 mg/l (Stundenmedian), unter 3,0 seit Di 14.07. 17:45 Uhr, "
        "am tiefsten 2,5 am Di 14.07. 18:00 Uhr"
    )


def test_the_crew_comes_before_the_mornings_minimum() -> None:
    """Planned in the evening, it starts with the shift and is there by ten."""
    (job,) = drafted(a_history(Pond(), oxygen(2, 2, 2, 2, 2)))
    (window,) = job.windows
    assert window.earliest == datetime(2026, 7, 15, 5, tzinfo=BERLIN)
    assert window.latest == datetime(2026, 7, 15, 10, tzinfo=BERLIN)


def test_asked_for_during_the_day_the_crew_comes_within_two_hours() -> None:
    """A low at 18:00 for the same day cannot wait for ten in the morning."""
    today = the_evening(day=NOW.date())
    (job,) = drafted(a_history(Pond(), oxygen(2, 2, 2, 2, 2)), today)
    assert (job.windows[0].earliest, job.windows[0].latest) == (NOW, NOW + 2 * HOUR)


@pytest.mark.parametrize(
    "values",
    [
        (6, 6, 6, 6, 2),
        (6, 6, 6, 2, 6),
        (2, 2),
        (3.2, 3.1, 3.0, 3.1, 3.2),
    ],
)
def test_a_short_dip_is_no_emergency(values: tuple[float, ...]) -> None:
    """One value below the alarm, or too few values, say nothing."""
    assert drafted(a_history(Pond(), oxygen(*values))) == []


@pytest.mark.parametrize("grade", [Grade.SPIKE, Grade.STUCK, Grade.ZERO_RUN, Grade.OUT_OF_RANGE])
def test_unbelievable_values_never_call_for_aeration(grade: Grade) -> None:
    """No crew drives for a broken probe."""
    jobs = drafted(a_history(Pond(), graded(grade, *[0.0] * 40)))
    assert JobKind.AERATE not in {job.kind for job in jobs}


def test_between_alarm_and_clear_the_low_goes_on() -> None:
    """Hysteresis: 3.5 is not yet recovered, 4.5 is."""
    (still,) = drafted(a_history(Pond(), oxygen(2, 2, 2, 2, *[3.5] * 8)))
    (over,) = drafted(a_history(Pond(), oxygen(2, 2, 2, 2, *[4.5] * 8)))
    assert (still.required, over.required) == (True, False)


def test_a_low_of_last_night_is_expected_again_but_may_wait() -> None:
    """Persistence: it was low at dawn, it has recovered, it will likely fall again."""
    (job,) = drafted(a_history(Pond(), oxygen(1.5, 1.2, 1.4, 1.6, *[8] * 40)))
    assert not job.required
    assert "fällt am Morgen wohl wieder" in job.reason.de
    assert "1.4 mg/l" in job.reason.en


def test_a_low_of_the_day_before_yesterday_is_forgotten() -> None:
    """Only the last day counts."""
    assert drafted(a_history(Pond(), oxygen(2, 2, 2, 2, *[8] * 120))) == []


def test_an_aerator_brought_during_the_low_is_not_brought_again() -> None:
    """One job per low, however long it lasts; a new low is a new job."""
    low = oxygen(*[6] * 4, *[2] * 60)
    done = {JobKind.AERATE: NOW - 4 * HOUR}
    assert drafted(a_history(Pond(), low, last_done=done)) == []
    assert drafted(a_history(Pond(), low, last_done={JobKind.AERATE: NOW - 3 * DAY}))


def test_a_pond_with_a_fixed_aerator_needs_no_other() -> None:
    """It switches itself on."""
    assert drafted(a_history(Pond(fixed_aerator=True), oxygen(2, 2, 2, 2))) == []


def test_each_pond_has_its_own_alarm_level() -> None:
    """Carp stand more than trout."""
    assert drafted(a_history(Pond(alarm_mg_l=2, clear_mg_l=3), oxygen(*[2.5] * 8))) == []


def test_the_lower_the_dearer() -> None:
    """The price of waiting follows the depth below the alarm."""
    (shallow,) = drafted(a_history(Pond(), oxygen(*[2.8] * 8)))
    (deep,) = drafted(a_history(Pond(), oxygen(*[0.3] * 8)))
    assert shallow.leave_price_ct < deep.leave_price_ct <= SETTINGS.ponds.fish_ct


def test_every_hour_that_the_aerator_comes_later_costs_a_part_of_the_harm() -> None:
    """A present low lasts some nine hours; one that is only expected has no price of lateness."""
    (present,) = drafted(a_history(Pond(), oxygen(*[0.3] * 8)))
    (expected,) = drafted(a_history(Pond(), oxygen(0.3, 0.3, 0.3, 0.3, *[8] * 40)))
    assert present.due is not None
    assert present.due < present.windows[0].earliest
    assert present.late_ct_per_h == pytest.approx(present.leave_price_ct / 9, abs=1)
    assert (expected.due, expected.late_ct_per_h) == (None, 0)


def test_six_hours_of_zero_call_for_a_look() -> None:
    """A long zero is a fault or real anoxia: a person has to decide, soon."""
    zeros = graded(Grade.ZERO_RUN, *[0.0] * 26)
    (job,) = drafted(a_history(Pond(), zeros))
    assert (job.kind, job.required, job.skills) == (
        JobKind.CHECK,
        True,
        frozenset({Skill.POND_CARE}),
    )
    assert job.reason.de.startswith("Sauerstoff seit 6 Stunden genau 0 (seit Di 14.07. 11:45 Uhr)")


def test_five_hours_of_zero_are_waited_for() -> None:
    """Loggers drop out and come back."""
    assert drafted(a_history(Pond(), graded(Grade.ZERO_RUN, *[0.0] * 20))) == []


def test_a_zero_of_many_days_is_no_emergency_any_more() -> None:
    """After two days the look may wait for a crew that passes by."""
    zeros = graded(Grade.ZERO_RUN, *[0.0] * 80, every=HOUR)
    (job,) = drafted(a_history(Pond(), zeros))
    assert (job.kind, job.required) == (JobKind.CHECK, False)


def test_a_run_of_zeros_is_looked_at_once() -> None:
    """After the look it is the sensor's matter."""
    zeros = graded(Grade.ZERO_RUN, *[0.0] * 80, every=HOUR)
    done = {JobKind.CHECK: NOW - 10 * HOUR}
    assert drafted(a_history(Pond(), zeros, last_done=done)) == []


def test_a_logger_that_fell_silent_during_a_low_is_no_present_low() -> None:
    """Old news make a may, not a must."""
    old = tuple(replace(s, observed_at=s.observed_at - 5 * HOUR) for s in oxygen(*[2] * 8))
    (job,) = drafted(a_history(Pond(), old))
    assert not job.required


def test_a_window_on_the_day_of_the_clock_change_is_aware() -> None:
    """On 25 October 2026 the early window still ends at ten by the wall."""
    now = datetime(2026, 10, 24, 18, tzinfo=BERLIN)
    low = tuple(replace(s, observed_at=s.observed_at + (now - NOW)) for s in oxygen(2, 2, 2, 2, 2))
    (job,) = drafted(
        a_history(Pond(), low), Occasion(now=now, day=TOMORROW.replace(month=10, day=25))
    )
    assert (job.windows[0].earliest.hour, job.windows[0].latest.hour) == (5, 10)
