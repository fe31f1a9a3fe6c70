"""Why a job was left out: a reason code and a sentence with the figures behind it."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.domain.plan import Unassigned
from dispatch.domain.text import Text
from dispatch.planning.build import DIMENSIONS, SKILLS
from dispatch.planning.causes import cause_of
from dispatch.planning.costs import leave_price_ueur
from dispatch.planning.desk import NEVER
from dispatch.planning.diagnosis import diagnose
from dispatch.planning.lack_words import lacks_text
from dispatch.planning.left_out import NO_SHIFT, UNREACHABLE
from dispatch.planning.remedy_words import told_remedy
from dispatch.planning.words import DIMENSION_NAMES, euros, kilometres, minutes, skills_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.planning.build import BuiltProblem
    from dispatch.planning.causes import Cause
    from dispatch.planning.solution import Solution

    Sentence = Callable[[BuiltProblem, int, Cause], Text]


MOST_SOUGHT = 100
"""Jobs left of which it is sought what would get them in: those that are dearest to leave."""


def explain(
    built: BuiltProblem, solution: Solution, *, seconds: float = NEVER
) -> tuple[Unassigned, ...]:
    """Return one reason per job that was left out, those that never got into the problem first.

    What would get a job in is sought for the MOST_SOUGHT that are dearest to leave, and no
    further once so many seconds have passed (a search takes hundredths of one); for the others
    it is only told why they were left.
    """
    until = perf_counter() + seconds
    left = sorted(solution.unassigned, key=lambda job: -leave_price_ueur(built.problem, job))
    told = {}
    for place, job in enumerate(left):
        seek = place < MOST_SOUGHT and perf_counter() < until
        told[job] = (_sought if seek else _reason)(built, solution, job)
    return (*built.left_out, *(told[job] for job in solution.unassigned))


def explain_job(built: BuiltProblem, solution: Solution, job: int) -> Unassigned:
    """Return why one job is in none of the routes, and what would get it in."""
    return _sought(built, solution, job)


def _reason(built: BuiltProblem, solution: Solution, job: int) -> Unassigned:
    cause = cause_of(built.problem, solution.orders, job)
    text = _SENTENCES[cause.code](built, job, cause)
    return Unassigned(job_id=built.jobs[job].id, code=cause.code, text=text)


def _sought(built: BuiltProblem, solution: Solution, job: int) -> Unassigned:
    found = diagnose(built.problem, solution.orders, job)
    cause = found.cause
    text = _SENTENCES[cause.code](built, job, cause)
    if found.beyond:
        first = text if found.code == cause.code else None
        text = lacks_text(built, found.remedies[0], found.beyond, first=first)
    return Unassigned(
        job_id=built.jobs[job].id,
        code=found.code,
        text=text,
        further=found.further,
        remedies=tuple(told_remedy(built, remedy) for remedy in found.remedies),
        sought=True,
    )


def _no_skill(built: BuiltProblem, job: int, cause: Cause) -> Text:
    wanted = built.problem.jobs[job].skills
    on_duty = (built.problem.shifts[shift].skills for shift in cause.shifts)
    nobody_has = wanted - frozenset().union(*on_duty)
    names = skills_text(SKILLS[skill] for skill in nobody_has or wanted)
    together = "" if nobody_has else " zusammen", "" if nobody_has else " all at once"
    return Text(
        de=f"Keine Schicht des Tages hat{together[0]}: {names.de}.",
        en=f"No shift of the day has{together[1]}: {names.en}.",
    )


def _no_crew_size(built: BuiltProblem, job: int, cause: Cause) -> Text:
    needed = built.problem.jobs[job].persons
    largest = max(built.problem.shifts[shift].persons for shift in cause.shifts)
    return Text(
        de=f"{needed} Personen nötig, die größte passende Kolonne hat {largest}.",
        en=f"{needed} persons needed, the largest suitable crew has {largest}.",
    )


def _no_capacity(built: BuiltProblem, job: int, cause: Cause) -> Text:
    loads = built.problem.jobs[job].loads
    suitable = [built.problem.shifts[shift] for shift in cause.shifts]
    largest = [max(shift.capacities[d] for shift in suitable) for d in range(len(loads))]
    worst = max(range(len(loads)), key=lambda d: loads[d] - largest[d])
    name = DIMENSION_NAMES[DIMENSIONS[worst]]
    if loads[worst] <= largest[worst]:
        return Text(
            de="Kein passendes Fahrzeug fasst alle Mengen dieses Auftrags zugleich.",
            en="No suitable vehicle holds all amounts of this job at once.",
        )
    return Text(
        de=f"{loads[worst]} {name.de} nötig, das größte passende Fahrzeug fasst {largest[worst]}.",
        en=f"{loads[worst]} {name.en} needed, the largest suitable vehicle holds {largest[worst]}.",
    )


def _limit(built: BuiltProblem, _job: int, cause: Cause) -> Text:
    where = Text(de="Selbst allein", en="Even alone")
    if cause.nearest is not None:
        crew = built.shifts[cause.nearest.shift].crew.name
        where = Text(
            de=f"Am ehesten bei {crew}, aber dort", en=f"Nearest with {crew}, but there it"
        )
    return Text(
        de=f"{where.de} überschreitet er die Höchstzahl der Halte, Fahrzeit oder Strecke.",
        en=f"{where.en} exceeds the greatest number of stops, driving time or distance.",
    )


def _fits(built: BuiltProblem, job: int, cause: Cause) -> Text:
    crew, cost, price = _bargain(built, job, cause)
    return Text(
        de=f"Passt noch bei {crew}: kostet {cost.de}, Liegenlassen kostet {price.de}.",
        en=f"Still fits with {crew}: it costs {cost.en}, leaving it costs {price.en}.",
    )


def _left_on_cost(built: BuiltProblem, job: int, cause: Cause) -> Text:
    crew, cost, price = _bargain(built, job, cause)
    more = euros(cause.amount)
    return Text(
        de=f"Am günstigsten bei {crew} für {cost.de}: {more.de} mehr als sein Preis von "
        f"{price.de}.",
        en=f"Cheapest with {crew} for {cost.en}: {more.en} more than its price of {price.en}.",
    )


def _bargain(built: BuiltProblem, job: int, cause: Cause) -> tuple[str, Text, Text]:
    price_ueur = leave_price_ueur(built.problem, job)
    return _crew(built, cause), euros(price_ueur + cause.amount), euros(price_ueur)


def _crew(built: BuiltProblem, cause: Cause) -> str:
    """Return the name of the crew where the job fits nearest."""
    return built.shifts[cause.nearest.shift if cause.nearest else cause.shifts[0]].crew.name


def _plain(text: Text) -> Sentence:
    return lambda _built, _job, _cause: text


def _counted(de: str, en: str) -> Sentence:
    """Return a sentence about all shifts in question, with their number."""
    return lambda _built, _job, cause: Text(
        de=de.format(len(cause.shifts)), en=en.format(len(cause.shifts))
    )


def _nearest(de: str, en: str) -> Sentence:
    """Return a sentence about the crew where the job fits nearest, and what it lacks there."""

    def sentence(built: BuiltProblem, _job: int, cause: Cause) -> Text:
        crew, lacking = _crew(built, cause), _LACKING.get(cause.code, _lacking_s)(cause)
        return Text(
            de=de.format(crew=crew, lacking=lacking.de), en=en.format(crew=crew, lacking=lacking.en)
        )

    return sentence


def _lacking_s(cause: Cause) -> Text:
    return Text(de=minutes(cause.amount), en=minutes(cause.amount))


def _lacking_m(cause: Cause) -> Text:
    return kilometres(cause.amount)


def _overload(cause: Cause) -> Text:
    name = DIMENSION_NAMES[DIMENSIONS[cause.dimension]]
    return Text(de=f"{cause.amount} {name.de}", en=f"{cause.amount} {name.en}")


_LACKING: dict[str, Callable[[Cause], Text]] = {"no_room": _overload, "no_range": _lacking_m}
_SENTENCES: dict[str, Sentence] = {
    "no_shift": _plain(NO_SHIFT),
    "no_skill": _no_skill,
    "no_crew_size": _no_crew_size,
    "not_allowed": _counted(
        "Keine der {} Schichten, die es könnten, darf diesen Auftrag fahren: andere Organisation "
        "oder Bindung an eine andere Schicht.",
        "None of the {} shifts that could do it may: another organisation, or it is bound to "
        "another shift.",
    ),
    "no_capacity": _no_capacity,
    "unreachable": _plain(UNREACHABLE),
    "outside_windows": _counted(
        "Kein Zeitfenster fällt in die Arbeitszeit einer der {} passenden Schichten.",
        "No time window falls into the hours of any of the {} suitable shifts.",
    ),
    "limit": _limit,
    "too_far": _nearest(
        "Selbst als einziger Auftrag fehlen mindestens {lacking}: Anfahrt, Arbeit und Rückweg "
        "passen in keine Schicht.",
        "Even as the only job it lacks at least {lacking}: the way there, the work and the way "
        "back fit into no shift.",
    ),
    "fits": _fits,
    "left_on_cost": _left_on_cost,
    "no_time": _nearest(
        "Passt in keine Tour dieses Plans; am ehesten bei {crew}, dort fehlen {lacking}.",
        "Fits into no route of this plan; nearest with {crew}, where {lacking} are lacking.",
    ),
    "no_room": _nearest(
        "Kein Platz in diesem Plan; am ehesten bei {crew}, dort sind es {lacking} zu viel.",
        "No room in this plan; nearest with {crew}, by {lacking} too much.",
    ),
    "no_range": _nearest(
        "Die Batterie reicht in keiner Tour; am ehesten bei {crew}, dort fehlen {lacking}.",
        "The battery lasts on no route; nearest with {crew}, where {lacking} are lacking.",
    ),
    "conflict": _counted(
        "Auf jeder der {} möglichen Touren liegt ein Auftrag, mit dem er nicht zusammen gefahren "
        "werden darf.",
        "On each of the {} possible routes lies a job that may not be on one route with it.",
    ),
    "relation": _nearest(
        "Die feste Reihenfolge der Tour von {crew} lässt keine Stelle dafür.",
        "The fixed sequence of the route of {crew} leaves no place for it.",
    ),
}
