"""What would get a job in, as a sentence in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.plan import Remedy, RemedyChange
from dispatch.domain.text import Text
from dispatch.planning.build import DIMENSIONS, SKILLS, UEUR_PER_CT
from dispatch.planning.changes import Kind
from dispatch.planning.words import DIMENSION_NAMES, euros, kilometres, minutes, skills_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.planning.build import BuiltProblem
    from dispatch.planning.changes import Change, ProblemRemedy


def remedy_text(built: BuiltProblem, remedy: ProblemRemedy) -> Text:
    """Return what would have to change for the job to be planned: all changes in one sentence."""
    parts = [_PHRASES[change.kind](built, remedy, change) for change in remedy.changes]
    crew = built.shifts[remedy.shift].crew.name
    return Text(
        de=f"Bei {crew} möglich mit: {'; '.join(part.de for part in parts)}.",
        en=f"Possible with {crew} given: {'; '.join(part.en for part in parts)}.",
    )


def told_remedy(built: BuiltProblem, remedy: ProblemRemedy) -> Remedy:
    """Return the remedy for a plan: with ids, words, and money in cents."""
    return Remedy(
        shift_id=built.shifts[remedy.shift].id,
        changes=tuple(_told_change(change) for change in remedy.changes),
        text=remedy_text(built, remedy),
    )


def _told_change(change: Change) -> RemedyChange:
    amount = change.amount
    return RemedyChange(
        kind=change.kind.value,
        amount=amount // UEUR_PER_CT if change.kind is Kind.PRICE else amount,
        dimension=DIMENSIONS[change.dimension] if change.kind is Kind.CAPACITY else None,
    )


def _skills(built: BuiltProblem, remedy: ProblemRemedy, _change: Change) -> Text:
    job, shift = built.problem.jobs[remedy.job], built.problem.shifts[remedy.shift]
    names = skills_text(SKILLS[skill] for skill in job.skills - shift.skills)
    return Text(de=f"zusätzlich {names.de}", en=f"{names.en} added")


def _persons(_built: BuiltProblem, _remedy: ProblemRemedy, change: Change) -> Text:
    many = change.amount > 1
    return Text(
        de=f"{change.amount} {'Personen' if many else 'Person'} mehr",
        en=f"{change.amount} {'persons' if many else 'person'} more",
    )


def _capacity(_built: BuiltProblem, _remedy: ProblemRemedy, change: Change) -> Text:
    name = DIMENSION_NAMES[DIMENSIONS[change.dimension]]
    return Text(
        de=f"Platz für {change.amount} {name.de} mehr",
        en=f"room for {change.amount} {name.en} more",
    )


def _price(_built: BuiltProblem, _remedy: ProblemRemedy, change: Change) -> Text:
    more = euros(change.amount)
    return Text(de=f"sein Preis um {more.de} höher", en=f"its price raised by {more.en}")


def plain(de: str, en: str) -> Callable[[BuiltProblem, ProblemRemedy, Change], Text]:
    """Return a phrase without an amount."""
    return lambda _built, _remedy, _change: Text(de=de, en=en)


def counted(de: str, en: str) -> Callable[[BuiltProblem, ProblemRemedy, Change], Text]:
    """Return a phrase with the amount as a number."""
    return lambda _built, _remedy, change: Text(
        de=de.format(change.amount), en=en.format(change.amount)
    )


def timed(de: str, en: str) -> Callable[[BuiltProblem, ProblemRemedy, Change], Text]:
    """Return a phrase with the amount, in seconds, as minutes."""
    return lambda _built, _remedy, change: Text(
        de=de.format(minutes(change.amount)), en=en.format(minutes(change.amount))
    )


def measured(de: str, en: str) -> Callable[[BuiltProblem, ProblemRemedy, Change], Text]:
    """Return a phrase with the amount, in metres, as kilometres."""

    def phrase(_built: BuiltProblem, _remedy: ProblemRemedy, change: Change) -> Text:
        distance = kilometres(change.amount)
        return Text(de=de.format(distance.de), en=en.format(distance.en))

    return phrase


_PHRASES: dict[Kind, Callable[[BuiltProblem, ProblemRemedy, Change], Text]] = {
    Kind.SKILLS: _skills,
    Kind.PERSONS: _persons,
    Kind.SHIFTS: plain("Erlaubnis für diese Schicht", "permission for this shift"),
    Kind.CAPACITY: _capacity,
    Kind.RANGE: measured("{} mehr Reichweite", "{} more range"),
    Kind.STOPS: counted("{} Halt mehr erlaubt", "{} more stop allowed"),
    Kind.DRIVE: timed("{} mehr Fahrzeit", "{} more driving allowed"),
    Kind.DISTANCE: measured("{} mehr Strecke", "{} more distance allowed"),
    Kind.LATER_END: timed("Schichtende {} später", "the shift ending {} later"),
    Kind.EARLIER_START: timed("Schichtbeginn {} früher", "the shift starting {} earlier"),
    Kind.WINDOW_LATER: timed("Zeitfenster {} länger offen", "its window open {} longer"),
    Kind.WINDOW_EARLIER: timed("Zeitfenster {} früher offen", "its window open {} earlier"),
    Kind.CONFLICT: plain(
        "Verzicht auf getrennte Touren für diesen Auftrag",
        "no job forbidden on one route with it",
    ),
    Kind.BINDING: plain(
        "Lösen der Bindung an eine andere Schicht", "its binding to another shift released"
    ),
    Kind.RELATION: plain("Lösen der festen Reihenfolge", "its fixed sequence released"),
    Kind.PRICE: _price,
}
