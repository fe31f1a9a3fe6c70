"""What would get a job in, as dispatchers read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from dispatch.domain.job import Dimension, Job, Load, Skill
from dispatch.planning.changes import Change, Kind, ProblemRemedy
from dispatch.planning.explain import explain
from dispatch.planning.lack_words import lacks_text
from dispatch.planning.problem import job_visit
from dispatch.planning.remedies import remedies
from dispatch.planning.remedy_words import remedy_text
from dispatch.planning.reschedule import reschedule
from tests.helpers.city_builders import a_city_job, a_city_shift, built, hours


def first_text(job: Job) -> str:
    """Return in English what gets this one job into an empty plan."""
    made = built([replace(job, leave_price_ct=100_000)])
    return remedy_text(made, remedies(made.problem, [()], 0)[0]).en


def test_what_is_lacking_is_named() -> None:
    """A skill, a person, room and hours, each by name and amount."""
    assert first_text(a_city_job(skills=frozenset({Skill.SEWER_ENTRY}))) == (
        "Possible with Crew s1 given: sewer entry added."
    )
    assert first_text(a_city_job(persons=3)) == "Possible with Crew s1 given: 1 person more."
    water = (Load(dimension=Dimension.WATER_L, amount=700),)
    assert first_text(a_city_job(loads=water)) == (
        "Possible with Crew s1 given: room for 200 l of water more."
    )
    evening = hours(time(14, 40), time(15))
    assert "later" in first_text(a_city_job(windows=(evening,)))


def test_the_price_is_told_in_both_languages() -> None:
    """31.50 EUR more than its price, and one cent for it to pay."""
    made = built([a_city_job(leave_price_ct=1000)])
    text = remedy_text(made, remedies(made.problem, [()], 0)[0])
    assert text.en == "Possible with Crew s1 given: its price raised by 31.51 EUR."
    assert text.de == "Bei Crew s1 möglich mit: sein Preis um 31,51 EUR höher."


@pytest.mark.parametrize("kind", list(Kind))
def test_every_change_has_words_in_both_languages(kind: Kind) -> None:
    """No kind of change is without a phrase, and the amount is in it where it has one."""
    made = built([a_city_job(skills=frozenset({Skill.AERATOR}))])
    change = Change(kind=kind, amount=7_200_000, dimension=0)
    remedy = ProblemRemedy(job=0, shift=0, changes=(change,))
    text = remedy_text(made, remedy)
    lack = lacks_text(made, remedy, remedy.changes, first=None)
    assert text.de.startswith("Bei Crew s1 möglich mit: ")
    assert lack.de.startswith("Am ehesten bei Crew s1, dort: ")
    assert text.de != text.en
    assert lack.de != lack.en
    plain = {Kind.SKILLS, Kind.SHIFTS, Kind.CONFLICT, Kind.BINDING, Kind.RELATION}
    for words in (text.en, lack.en):
        assert ("7" in words) != (kind in plain) or "120000 min" in words


def test_persons_and_conflicts_are_explained() -> None:
    """The sentence of a crew that is too small, and of routes with a foe on each."""
    made = built([a_city_job(persons=3, leave_price_ct=100_000)])
    (found,) = explain(made, reschedule(made.problem, [()]))
    assert (found.code, found.text.en) == (
        "no_crew_size",
        "3 persons needed, the largest suitable crew has 2.",
    )
    made = built([a_city_job("a"), a_city_job("b")])
    enemies = replace(made, problem=replace(made.problem, conflicts=((0, 1),)))
    (found,) = explain(enemies, reschedule(enemies.problem, [[job_visit(0)]]))
    assert (found.job_id, found.code) == ("b", "conflict")


def test_another_organisation_and_a_limit_are_explained() -> None:
    """What the department has no crew for, and a route that may have no further stop."""
    made = built([a_city_job("a"), a_city_job("b")], [a_city_shift()])
    shift = replace(made.problem.shifts[0], max_stops=1)
    one_stop = replace(made, problem=replace(made.problem, shifts=(shift,)))
    (found,) = explain(one_stop, reschedule(one_stop.problem, [[job_visit(0)]]))
    assert found.code == "limit"
    assert found.text.en.startswith("Nearest with Crew s1")
    jobs = (replace(made.problem.jobs[0], shifts=frozenset()), made.problem.jobs[1])
    barred = replace(made, problem=replace(made.problem, jobs=jobs))
    (found,) = explain(barred, reschedule(barred.problem, [[job_visit(1)]]))
    assert found.code == "not_allowed"
