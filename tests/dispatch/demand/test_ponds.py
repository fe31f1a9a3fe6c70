from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import Any

import pytest

from dispatch.demand.course import course_of
from dispatch.demand.history import Occasion, SiteHistory
from dispatch.demand.ponds import draft
from dispatch.demand.settings import DemandSettings
from dispatch.domain.clock import BERLIN
from dispatch.domain.job import JobDraft, JobKind, Skill
from dispatch.domain.signal import Grade, SignalKind
from dispatch.domain.site import Pond
from tests.helpers.histories import HOUR, NOW, TOMORROW, a_history, oxygen, the_evening

SETTINGS = DemandSettings()


def drafted(history: SiteHistory, occasion: Occasion | None = None) -> list[JobDraft]:
    return list(draft(history, SETTINGS, occasion or the_evening()))


def graded(grade: Grade, *values: float, **parts: Any) -> Any:
    return oxygen(*values, grade=grade, **parts)


def around(level: float, hours: int) -> list[float]:
    """Return quarters of hours at that level; real values are never all the same."""
    return list(islice(cycle((level - 0.1, level, level + 0.1, level)), 4 * hours))


def nights(
    *, evening: float, lowest: float, count: int = 7, until_h: int = 0, tonight: float | None = None
) -> list[float]:
    """Return days of 24 hours that end at 20 h plus `until_h`: up by day, down from 20 h to 8 h.

    The last evening's level is `tonight`, if given.
    """
    values: list[float] = []
    for day in range(count):
        fall = evening - lowest
        top = tonight if day == count - 1 and tonight is not None else evening
        values += [evening - fall * q / 48 + 0.03 * (q % 2) for q in range(48)]
        values += [lowest + (top - lowest) * q / 48 + 0.03 * (q % 2) for q in range(1, 49)]
    last = tonight if tonight is not None else evening
    return values + [last - (evening - lowest) * q / 48 for q in range(1, 4 * until_h + 1)]


def seen_at(hour: int, minute: int = 0, **parts: Any) -> Occasion:
    """Return the occasion on the evening of NOW, for work at once."""
    return the_evening(now=NOW.replace(hour=hour, minute=minute), day=NOW.date(), **parts)


def ending(at: datetime, *values: float, **parts: Any) -> Any:
    """Return oxygen whose last value was observed at that time."""
    return tuple(
        replace(s, observed_at=s.observed_at + (at - NOW)) for s in oxygen(*values, **parts)
    )


AT_EIGHT = NOW.replace(hour=20)


def test_an_hour_of_low_oxygen_is_an_aeration_that_must_be_done() -> None:
    """Every value of the hour lies below 3 mg/l."""
    (job,) = drafted(a_history(Pond(), oxygen(6, 5, 4, 2.8, 2.5, 2.2, 2.0)))
    assert (job.kind, job.required, job.skills) == (
        JobKind.AERATE,
        True,
        frozenset({Skill.AERATOR}),
    )
    assert job.reason.de == (
        "Sauerstoff 2,4 mg/l (Stundenmedian), unter 3,0 seit Di 14.07. 17:00 Uhr, "
        "am tiefsten 2,4 am Di 14.07. 18:00 Uhr"
    )
    assert len(job.evidence) == 4


def test_the_crew_comes_before_the_mornings_minimum() -> None:
    """Planned in the evening, it starts with the shift and is there by ten."""
    (job,) = drafted(a_history(Pond(), oxygen(*around(2, 2))))
    (window,) = job.windows
    assert window.earliest == datetime(2026, 7, 15, 5, tzinfo=BERLIN)
    assert window.latest == datetime(2026, 7, 15, 10, tzinfo=BERLIN)


def test_asked_for_during_the_day_the_crew_comes_within_two_hours() -> None:
    """A low at 18:00 for the same day cannot wait for ten in the morning."""
    (job,) = drafted(a_history(Pond(), oxygen(*around(2, 2))), the_evening(day=NOW.date()))
    assert (job.windows[0].earliest, job.windows[0].latest) == (NOW, NOW + 2 * HOUR)


@pytest.mark.parametrize(
    "values",
    [
        (6, 6, 6, 6, 2),
        (6, 6, 6, 2, 6),
        (2, 1.8),
        (3.2, 3.1, 2.9, 3.1, 3.2),
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


def test_a_line_that_does_not_move_calls_for_nothing() -> None:
    """Intake grades it stuck after six hours only; before that it is not believed either."""
    assert drafted(a_history(Pond(), oxygen(6, 6.1, *[0.04] * 20))) == []


def test_a_probe_in_and_out_of_zero_brings_a_look_and_no_aerator() -> None:
    """Some values between hours of zeros: it may be the probe, it may be the pond."""
    zeros = ending(NOW - 2 * HOUR, *[0.0] * 32, grade=Grade.ZERO_RUN)
    (job,) = drafted(a_history(Pond(), zeros, oxygen(0.1, 0.3, 0.2, 0.5, 0.4, 0.6, 0.3)))
    assert job.kind is JobKind.CHECK


def test_between_alarm_and_clear_the_low_goes_on() -> None:
    """Hysteresis: 3.5 is not yet recovered, 4.5 is."""
    (still,) = drafted(a_history(Pond(), oxygen(*around(2, 2), *around(3.5, 2))))
    (over,) = drafted(a_history(Pond(), oxygen(*around(2, 2), *around(4.5, 2))))
    assert (still.required, over.required) == (True, False)


def test_a_low_that_is_over_may_return_for_two_days_more() -> None:
    """The job stays while the pond may fall again, and says how often it did."""
    (job,) = drafted(a_history(Pond(), oxygen(*around(1.4, 2), *around(8, 40))))
    assert not job.required
    assert job.leave_price_ct == round(SETTINGS.ponds.fish_ct / 7)
    assert "kann am Morgen wieder fallen (14 % der letzten sieben Nächte)" in job.reason.de


def test_after_three_good_mornings_the_low_is_forgotten() -> None:
    """Sixty-four hours without a low: nobody needs to bring anything."""
    assert drafted(a_history(Pond(), oxygen(*around(2, 2), *around(8, 65)))) == []


def test_the_evening_foresees_the_night() -> None:
    """It lost 3 mg/l in each of the last nights; 5.5 at eight in the evening will not last."""
    history = a_history(Pond(), ending(AT_EIGHT, *nights(evening=8, lowest=5, tonight=5.5)))
    (job,) = drafted(history, seen_at(20))
    assert (job.kind, job.required) == (JobKind.AERATE, True)
    assert job.reason.de.startswith(
        "Sauerstoff um 20:00 Uhr 5,5 mg/l, fiel in den letzten Nächten um 2,8: am Morgen wohl 2,7, "
        "mit 57 % unter 3,0"
    )
    assert job.windows[0].earliest == AT_EIGHT
    assert AT_EIGHT + 8 * HOUR < job.windows[0].latest < AT_EIGHT + 12 * HOUR


def test_a_low_that_is_only_possible_may_wait_for_its_price() -> None:
    """The chance times the harm: the planner weighs it against the drive."""
    history = a_history(Pond(), ending(AT_EIGHT, *nights(evening=8, lowest=5, tonight=6.5)))
    (job,) = drafted(history, seen_at(20))
    assert not job.required
    assert 0.17 < job.leave_price_ct / SETTINGS.ponds.fish_ct < 0.5


def test_three_values_of_the_hour_suffice_for_the_evenings_look() -> None:
    """Ten minutes before eight the fourth is still to come; at seven it is too early."""
    values = nights(evening=8, lowest=5, tonight=5.5)[:-1]
    history = a_history(Pond(), ending(AT_EIGHT - HOUR / 4, *values))
    assert drafted(history, seen_at(19)) == []
    assert drafted(history, seen_at(19, 50))


def test_an_evening_as_good_as_the_last_calls_for_nothing() -> None:
    """From 8 mg/l it falls to 5, as always."""
    history = a_history(Pond(), ending(AT_EIGHT, *nights(evening=8, lowest=5)))
    assert drafted(history, seen_at(20)) == []


def test_without_three_nights_there_is_no_forecast() -> None:
    """A logger mounted the day before yesterday has shown two falls only."""
    history = a_history(Pond(), ending(AT_EIGHT, *nights(evening=8, lowest=5, count=2, tonight=5)))
    assert drafted(history, seen_at(20)) == []


def test_a_warning_is_kept_until_the_third_morning() -> None:
    """Next noon it has not come true yet; the job is neither closed nor a must."""
    values = [*nights(evening=8, lowest=5, tonight=6.5), *around(6, 16)]
    noon = Occasion(now=AT_EIGHT + 16 * HOUR, day=TOMORROW)
    (job,) = drafted(a_history(Pond(), ending(noon.now, *values)), noon)
    assert not job.required
    assert "er blieb bisher aus" in job.reason.de


def test_an_aerator_that_stands_there_is_not_asked_for_again() -> None:
    """One job per stay: each low prolongs it, three mornings without one end it."""
    low = oxygen(*around(6, 1), *around(2, 100))
    brought = {JobKind.AERATE: NOW - 90 * HOUR}
    assert drafted(a_history(Pond(), low, last_done=brought)) == []
    assert drafted(a_history(Pond(), oxygen(*around(8, 40), *around(2, 2)), last_done=brought))


def test_a_pond_that_is_low_most_nights_gets_advice_for_the_season() -> None:
    """One aerator that stays instead of a job a night."""
    history = a_history(Pond(), ending(AT_EIGHT, *nights(evening=7, lowest=1.5, count=14)))
    (job,) = drafted(history, seen_at(20))
    assert "niedrig in 14 von 15 Nächten: Belüfter für die Saison dort lassen" in job.reason.de


def test_a_pond_with_a_fixed_aerator_needs_no_other() -> None:
    """It switches itself on; when oxygen stays low all the same, somebody looks after it."""
    pond = Pond(fixed_aerator=True)
    assert drafted(a_history(pond, oxygen(*around(2, 2)))) == []
    (job,) = drafted(a_history(pond, oxygen(*around(2, 8))))
    assert (job.kind, job.required) == (JobKind.CHECK, True)
    assert "trotz festem Belüfter" in job.reason.de


def test_out_of_season_a_low_pond_is_looked_at() -> None:
    """In winter it is ice or leaves, and an aerator would chill the fish."""
    pond = Pond(season=(9, 5))
    (job,) = drafted(a_history(pond, oxygen(*around(2, 8))))
    assert (job.kind, "außerhalb der Saison" in job.reason.de) == (JobKind.CHECK, True)
    assert Pond(season=(11, 2)).in_season(TOMORROW.replace(month=1))


def test_each_pond_has_its_own_alarm_level() -> None:
    """Carp stand more than trout."""
    assert drafted(a_history(Pond(alarm_mg_l=2, clear_mg_l=3), oxygen(*around(2.5, 2)))) == []


def test_the_lower_the_dearer() -> None:
    """The price of waiting follows the depth below the alarm."""
    (shallow,) = drafted(a_history(Pond(), oxygen(*around(2.8, 2))))
    (deep,) = drafted(a_history(Pond(), oxygen(*around(0.3, 2))))
    assert shallow.leave_price_ct < deep.leave_price_ct <= SETTINGS.ponds.fish_ct


def test_every_hour_that_the_aerator_comes_later_costs_a_part_of_the_harm() -> None:
    """A present low lasts some nine hours; one that may come has no price of lateness."""
    (present,) = drafted(a_history(Pond(), oxygen(*around(0.3, 2))))
    (expected,) = drafted(a_history(Pond(), oxygen(*around(0.3, 2), *around(8, 10))))
    assert present.due is not None
    assert present.due < present.windows[0].earliest
    assert present.late_ct_per_h == pytest.approx(present.leave_price_ct / 9, abs=1)
    assert (expected.due, expected.late_ct_per_h) == (None, 0)


def test_six_hours_of_zero_call_for_a_look() -> None:
    """A long zero is a fault or real anoxia: a person has to decide, soon."""
    zeros = graded(Grade.ZERO_RUN, *[0.0] * 24)
    (job,) = drafted(a_history(Pond(), zeros))
    assert (job.kind, job.required, job.skills) == (
        JobKind.CHECK,
        True,
        frozenset({Skill.POND_CARE}),
    )
    assert job.reason.de.startswith("Sauerstoff seit 6 Stunden genau 0 (seit Di 14.07. 12:00 Uhr)")


def test_what_came_before_the_zeros_is_told() -> None:
    """A pond that sank to nothing is worth more haste than a probe that jumped there."""
    zeros = graded(Grade.ZERO_RUN, *[0.0] * 32)
    before = NOW - 8 * HOUR
    _, sank = drafted(a_history(Pond(), ending(before, *around(1.2, 1)), zeros))
    (jumped,) = drafted(a_history(Pond(), ending(before, *around(7, 1)), zeros))
    assert ("sank vorher auf 1,2" in sank.reason.de, "sprang von 7,0" in jumped.reason.de) == (
        True,
        True,
    )
    assert jumped.leave_price_ct < sank.leave_price_ct


def test_five_hours_of_zero_are_waited_for() -> None:
    """Loggers drop out and come back."""
    assert drafted(a_history(Pond(), graded(Grade.ZERO_RUN, *[0.0] * 20))) == []


def test_a_zero_of_many_days_is_no_emergency_any_more() -> None:
    """After two days the look may wait for a crew that passes by."""
    zeros = graded(Grade.ZERO_RUN, *[0.0] * 80, every=HOUR)
    (job,) = drafted(a_history(Pond(), zeros))
    assert (job.kind, job.required) == (JobKind.CHECK, False)


def test_a_run_of_zeros_is_looked_at_once() -> None:
    """After the look it is the sensor's matter; values in between for some hours do not count."""
    done = {JobKind.CHECK: NOW - 10 * HOUR}
    zeros = graded(Grade.ZERO_RUN, *[0.0] * 80, every=HOUR)
    assert drafted(a_history(Pond(), zeros, last_done=done)) == []
    early = ending(NOW - 12 * HOUR, *[0.0] * 32, grade=Grade.ZERO_RUN)
    late = graded(Grade.ZERO_RUN, *[0.0] * 28)
    assert drafted(a_history(Pond(), early, late, last_done=done)) == []


def test_a_logger_that_fell_silent_during_a_low_is_no_present_low() -> None:
    """Old news make a may, not a must."""
    (job,) = drafted(a_history(Pond(), ending(NOW - 5 * HOUR, *around(2, 2))))
    assert not job.required


def test_a_window_on_the_day_of_the_clock_change_is_aware() -> None:
    """On 25 October 2026 the early window still ends at ten by the wall."""
    now = datetime(2026, 10, 24, 18, tzinfo=BERLIN)
    occasion = Occasion(now=now, day=TOMORROW.replace(month=10, day=25))
    (job,) = drafted(a_history(Pond(), ending(now, *around(2, 2))), occasion)
    assert (job.windows[0].earliest.hour, job.windows[0].latest.hour) == (5, 10)


@pytest.mark.parametrize("minutes", [0, 20, 50])
def test_a_series_laid_out_before_shows_nothing_of_the_future(minutes: int) -> None:
    """Whoever replays a season lays it out once; each moment sees what it would have seen."""
    values = [*nights(evening=8, lowest=2.5, count=6), *around(2, 30)]
    signals = ending(AT_EIGHT + 20 * HOUR, *values)
    course = course_of(signals)
    for hours in range(0, 60, 7):
        now = AT_EIGHT - hours * HOUR + timedelta(minutes=minutes)
        occasion = Occasion(now=now, day=now.date())
        known = [s for s in signals if s.observed_at <= now]
        before = a_history(Pond(), signals, courses={SignalKind.DISSOLVED_OXYGEN: course})
        assert drafted(before, occasion) == drafted(a_history(Pond(), known), occasion)
