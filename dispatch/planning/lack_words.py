"""What keeps a job out beside its first reason, as a sentence in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.text import Text
from dispatch.planning.build import DIMENSIONS, SKILLS
from dispatch.planning.changes import Kind
from dispatch.planning.remedy_words import counted, measured, plain, timed
from dispatch.planning.words import DIMENSION_NAMES, euros, skills_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dispatch.planning.build import BuiltProblem
    from dispatch.planning.changes import Change, ProblemRemedy


def lacks_text(
    built: BuiltProblem, remedy: ProblemRemedy, changes: Sequence[Change], *, first: Text | None
) -> Text:
    """Return what is lacking where the remedy would put the job: that which these changes give.

    It follows the `first` reason; where there is none, it is all that is said.
    """
    parts = [_LACKS[change.kind](built, remedy, change) for change in changes]
    crew = built.shifts[remedy.shift].crew.name
    lacks = Text(de="; ".join(part.de for part in parts), en="; ".join(part.en for part in parts))
    if first is None:
        return Text(
            de=f"Am ehesten bei {crew}, dort: {lacks.de}.",
            en=f"Nearest with {crew}, but there: {lacks.en}.",
        )
    return Text(
        de=f"{first.de} Dazu kommt bei {crew}: {lacks.de}.",
        en=f"{first.en} On top of that with {crew}: {lacks.en}.",
    )


def _skills(built: BuiltProblem, remedy: ProblemRemedy, _change: Change) -> Text:
    job, shift = built.problem.jobs[remedy.job], built.problem.shifts[remedy.shift]
    names = skills_text(SKILLS[skill] for skill in job.skills - shift.skills)
    return Text(de=f"ohne {names.de}", en=f"without {names.en}")


def _persons(_built: BuiltProblem, _remedy: ProblemRemedy, change: Change) -> Text:
    many = change.amount > 1
    return Text(
        de=f"{change.amount} {'Personen' if many else 'Person'} zu wenig",
        en=f"{change.amount} {'persons' if many else 'person'} too few",
    )


def _capacity(_built: BuiltProblem, _remedy: ProblemRemedy, change: Change) -> Text:
    name = DIMENSION_NAMES[DIMENSIONS[change.dimension]]
    return Text(de=f"{change.amount} {name.de} zu viel", en=f"{change.amount} {name.en} too much")


def _price(_built: BuiltProblem, _remedy: ProblemRemedy, change: Change) -> Text:
    more = euros(change.amount)
    return Text(de=f"Kosten {more.de} über seinem Preis", en=f"costs {more.en} above its price")


_WORK = timed("{} zu wenig Arbeitszeit", "{} of working time too little")
_WINDOW = timed("{} außerhalb seines Zeitfensters", "{} outside its time window")
_LACKS: dict[Kind, Callable[[BuiltProblem, ProblemRemedy, Change], Text]] = {
    Kind.SKILLS: _skills,
    Kind.PERSONS: _persons,
    Kind.SHIFTS: plain("keine Erlaubnis für diese Schicht", "no permission for this shift"),
    Kind.CAPACITY: _capacity,
    Kind.RANGE: measured("{} zu wenig Reichweite", "{} of range too little"),
    Kind.STOPS: counted("{} Halt zu viel", "{} stop too many"),
    Kind.DRIVE: timed("{} zu viel Fahrzeit", "{} of driving too much"),
    Kind.DISTANCE: measured("{} zu viel Strecke", "{} of distance too much"),
    Kind.LATER_END: _WORK,
    Kind.EARLIER_START: _WORK,
    Kind.WINDOW_LATER: _WINDOW,
    Kind.WINDOW_EARLIER: _WINDOW,
    Kind.CONFLICT: plain(
        "ein Auftrag, mit dem er nicht zusammen gefahren werden darf",
        "a job that may not be on one route with it",
    ),
    Kind.BINDING: plain("die Bindung an eine andere Schicht", "it is bound to another shift"),
    Kind.RELATION: plain(
        "eine feste Reihenfolge ohne Stelle dafür", "a fixed sequence without a place for it"
    ),
    Kind.PRICE: _price,
}
