"""What notices of citizens, offices and crews become, by the words of their service.

"Assumed" marks figures nobody has published for Bochum; they are the first to be tuned.
"""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain.job import JobKind, Skill


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeService:
    """What is done about the notices of a service: known by its code, or by a word of its name.

    `skill` is what the crew needs, `day_ct` the harm of one more day for one reporter, in cents.
    """

    kind: JobKind
    codes: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    skill: Skill | None = None
    day_ct: int = 800
    service_s: int = 900


SERVICES = (
    NoticeService(
        kind=JobKind.CLEAN,
        words=("müll", "abfall", "scherben", "verschmutz", "litter", "waste", "dump"),
        day_ct=1200,
        service_s=900,
    ),
    NoticeService(
        kind=JobKind.NOTICE,
        words=("ratte", "rats", "rat "),
        skill=Skill.RODENTICIDE,
        day_ct=1500,
        service_s=1200,
    ),
)
"""By words, for every city numbers its services itself; a city names its own codes (assumed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """Notices, many of which tell of the same matter."""

    services: tuple[NoticeService, ...] = SERVICES

    other: NoticeService = NoticeService(kind=JobKind.NOTICE)
    """What is done about all else: somebody looks."""

    same_within_m: float = 50.0
    same_within_days: float = 7.0
    """Notices of one service so near to each other in space and time tell of one matter."""

    site_within_m: float = 30.0
    """A notice so near to a registered site belongs to it: phones err by ten metres, and people
    stand in front of what they tell of (assumed)."""

    history_days: float = 365.0
    """So far back notices are read: a matter is as old as its oldest notice."""

    forgotten_days: float = 60.0
    """A matter nobody has told of for so long is not asked for any more (assumed)."""

    must_reporters: int = 3
    must_days: float = 14.0
    """So many reporters, or so long a wait, and it must be done (assumed)."""

    cap_days: float = 10.0
    """The harm of a day grows with age up to so many times (assumed)."""

    setup_s: int = 120
