"""Why a job was left out: a reason code and a sentence with the figures behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.plan import Unassigned
from dispatch.domain.text import Text
from dispatch.planning.build import DIMENSIONS, SKILLS
from dispatch.planning.causes import cause_of
from dispatch.planning.costs import leave_price_ueur
from dispatch.planning.left_out import NO_SHIFT, UNREACHABLE
from dispatch.planning.words import DIMENSION_NAMES, euros, kilometres, minutes, skills_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.planning.build import BuiltProblem
    from dispatch.planning.causes import Cause
    from dispatch.planning.solution import Solution


def explain(built: BuiltProblem, solution: Solution) -> tuple[Unassigned, ...]:
    """Return one reason per job that was left out, those that never got into the problem first."""
    reasons = []
    for job in solution.unassigned:
        cause = cause_of(built.problem, solution.orders, job)
        text = _SENTENCES[cause.code](built, job, cause)
        reasons.append(Unassigned(job_id=built.jobs[job].id, code=cause.code, text=text))
    return (*built.left_out, *reasons)


def _no_shift(_built: BuiltProblem, _job: int, _cause: Cause) -> Text:
    return NO_SHIFT


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


def _not_allowed(_built: BuiltProblem, _job: int, cause: Cause) -> Text:
    able = len(cause.shifts)
    return Text(
        de=f"Keine der {able} Schichten, die es könnten, darf diesen Auftrag fahren: andere "
        "Organisation oder Bindung an eine andere Schicht.",
        en=f"None of the {able} shifts that could do it may: another organisation, or it is "
        "bound to another shift.",
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


def _unreachable(_built: BuiltProblem, _job: int, _cause: Cause) -> Text:
    return UNREACHABLE


def _outside_windows(_built: BuiltProblem, _job: int, cause: Cause) -> Text:
    suitable = len(cause.shifts)
    return Text(
        de=f"Kein Zeitfenster fällt in die Arbeitszeit einer der {suitable} passenden Schichten.",
        en=f"No time window falls into the hours of any of the {suitable} suitable shifts.",
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


def _too_far(_built: BuiltProblem, _job: int, cause: Cause) -> Text:
    least = minutes(cause.amount)
    return Text(
        de=f"Selbst als einziger Auftrag fehlen mindestens {least}: Anfahrt, Arbeit und Rückweg "
        "passen in keine Schicht.",
        en=f"Even as the only job it lacks at least {least}: the way there, the work and the way "
        "back fit into no shift.",
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


def _no_time(built: BuiltProblem, _job: int, cause: Cause) -> Text:
    crew, least = _crew(built, cause), minutes(cause.amount)
    return Text(
        de=f"Passt in keine Tour dieses Plans; am ehesten bei {crew}, dort fehlen {least}.",
        en=f"Fits into no route of this plan; nearest with {crew}, where {least} are lacking.",
    )


def _no_room(built: BuiltProblem, _job: int, cause: Cause) -> Text:
    crew, name = _crew(built, cause), DIMENSION_NAMES[DIMENSIONS[cause.dimension]]
    over = cause.amount
    return Text(
        de=f"Kein Platz in diesem Plan; am ehesten bei {crew}, dort sind es {over} {name.de} "
        "zu viel.",
        en=f"No room in this plan; nearest with {crew}, by {over} {name.en} too much.",
    )


def _no_range(built: BuiltProblem, _job: int, cause: Cause) -> Text:
    crew, lacking = _crew(built, cause), kilometres(cause.amount)
    return Text(
        de=f"Die Batterie reicht in keiner Tour; am ehesten bei {crew}, dort fehlen {lacking.de}.",
        en=f"The battery lasts on no route; nearest with {crew}, where {lacking.en} are lacking.",
    )


def _conflict(_built: BuiltProblem, _job: int, cause: Cause) -> Text:
    return Text(
        de=f"Auf jeder der {len(cause.shifts)} möglichen Touren liegt ein Auftrag, mit dem er "
        "nicht zusammen gefahren werden darf.",
        en=f"On each of the {len(cause.shifts)} possible routes lies a job that may not be on one "
        "route with it.",
    )


def _relation(built: BuiltProblem, _job: int, cause: Cause) -> Text:
    crew = _crew(built, cause)
    return Text(
        de=f"Die feste Reihenfolge der Tour von {crew} lässt keine Stelle dafür.",
        en=f"The fixed sequence of the route of {crew} leaves no place for it.",
    )


_SENTENCES: dict[str, Callable[[BuiltProblem, int, Cause], Text]] = {
    "no_shift": _no_shift,
    "no_skill": _no_skill,
    "no_crew_size": _no_crew_size,
    "not_allowed": _not_allowed,
    "no_capacity": _no_capacity,
    "unreachable": _unreachable,
    "outside_windows": _outside_windows,
    "limit": _limit,
    "too_far": _too_far,
    "fits": _fits,
    "left_on_cost": _left_on_cost,
    "no_time": _no_time,
    "no_room": _no_room,
    "no_range": _no_range,
    "conflict": _conflict,
    "relation": _relation,
}
