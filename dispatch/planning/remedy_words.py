"""What would get a job in, as a sentence in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.text import Text
from dispatch.planning.build import DIMENSIONS, SKILLS
from dispatch.planning.changes import Kind
from dispatch.planning.words import DIMENSION_NAMES, euros, kilometres, minutes, skills_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.planning.build import BuiltProblem
    from dispatch.planning.changes import Change, Remedy


def remedy_text(built: BuiltProblem, remedy: Remedy) -> Text:
    """Return what would have to change for the job to be planned: all changes in one sentence."""
    parts = [_PHRASES[change.kind](built, remedy, change) for change in remedy.changes]
    crew = built.shifts[remedy.shift].crew.name
    return Text(
        de=f"Bei {crew} möglich mit: {'; '.join(part.de for part in parts)}.",
        en=f"Possible with {crew} given: {'; '.join(part.en for part in parts)}.",
    )


def _skills(built: BuiltProblem, remedy: Remedy, _change: Change) -> Text:
    job, shift = built.problem.jobs[remedy.job], built.problem.shifts[remedy.shift]
    names = skills_text(SKILLS[skill] for skill in job.skills - shift.skills)
    return Text(de=f"zusätzlich {names.de}", en=f"{names.en} added")


def _persons(_built: BuiltProblem, _remedy: Remedy, change: Change) -> Text:
    many = change.amount > 1
    return Text(
        de=f"{change.amount} {'Personen' if many else 'Person'} mehr",
        en=f"{change.amount} {'persons' if many else 'person'} more",
    )


def _capacity(_built: BuiltProblem, _remedy: Remedy, change: Change) -> Text:
    name = DIMENSION_NAMES[DIMENSIONS[change.dimension]]
    return Text(
        de=f"Platz für {change.amount} {name.de} mehr",
        en=f"room for {change.amount} {name.en} more",
    )


def _price(_built: BuiltProblem, _remedy: Remedy, change: Change) -> Text:
    more = euros(change.amount)
    return Text(de=f"sein Preis um {more.de} höher", en=f"its price raised by {more.en}")


def _plain(de: str, en: str) -> Callable[[BuiltProblem, Remedy, Change], Text]:
    return lambda _built, _remedy, _change: Text(de=de, en=en)


def _counted(de: str, en: str) -> Callable[[BuiltProblem, Remedy, Change], Text]:
    return lambda _built, _remedy, change: Text(
        de=de.format(change.amount), en=en.format(change.amount)
    )


def _timed(de: str, en: str) -> Callable[[BuiltProblem, Remedy, Change], Text]:
    return lambda _built, _remedy, change: Text(
        de=de.format(minutes(change.amount)), en=en.format(minutes(change.amount))
    )


def _measured(de: str, en: str) -> Callable[[BuiltProblem, Remedy, Change], Text]:
    def phrase(_built: BuiltProblem, _remedy: Remedy, change: Change) -> Text:
        distance = kilometres(change.amount)
        return Text(de=de.format(distance.de), en=en.format(distance.en))

    return phrase


_PHRASES: dict[Kind, Callable[[BuiltProblem, Remedy, Change], Text]] = {
    Kind.SKILLS: _skills,
    Kind.PERSONS: _persons,
    Kind.SHIFTS: _plain("Erlaubnis für diese Schicht", "permission for this shift"),
    Kind.CAPACITY: _capacity,
    Kind.RANGE: _measured("{} mehr Reichweite", "{} more range"),
    Kind.STOPS: _counted("{} Halt mehr erlaubt", "{} more stop allowed"),
    Kind.DRIVE: _timed("{} mehr Fahrzeit", "{} more driving allowed"),
    Kind.DISTANCE: _measured("{} mehr Strecke", "{} more distance allowed"),
    Kind.LATER_END: _timed("Schichtende {} später", "the shift ending {} later"),
    Kind.EARLIER_START: _timed("Schichtbeginn {} früher", "the shift starting {} earlier"),
    Kind.WINDOW_LATER: _timed("Zeitfenster {} länger offen", "its window open {} longer"),
    Kind.WINDOW_EARLIER: _timed("Zeitfenster {} früher offen", "its window open {} earlier"),
    Kind.CONFLICT: _plain(
        "Verzicht auf getrennte Touren für diesen Auftrag",
        "no job forbidden on one route with it",
    ),
    Kind.RELATION: _plain("Lösen der festen Reihenfolge", "its fixed sequence released"),
    Kind.PRICE: _price,
}
