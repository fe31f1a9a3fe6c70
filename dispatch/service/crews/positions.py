"""Where crews are: kept only if that is switched on, while on duty, and only the last place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dispatch.domain.clock import BERLIN
from dispatch.domain.errors import Issue, NotAllowed, NotFound
from dispatch.domain.report import OUTCOMES, SHIFT_END, SHIFT_START, in_order
from dispatch.service.crews.moments import corrected

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from dispatch.domain.access import Actor
    from dispatch.domain.report import StopReport
    from dispatch.domain.road import CrewPosition
    from dispatch.store import Store, Transaction

RECENT: Final = timedelta(days=1)

Span = tuple["datetime | None", "datetime | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRules:
    """What is done with positions: nothing, unless the city has agreed on it with its crews."""

    on: bool = False


def keep_positions(
    told: Sequence[CrewPosition],
    *,
    sender: Actor,
    behind: timedelta,
    rules: PositionRules,
    store: Store,
) -> int:
    """Keep the newest place at which the crew was on duty; return how many were on duty.

    `behind` is by how much the tablet's clock is behind ours; a place of yesterday is no news.
    Raises NotAllowed if positions are switched off (S731), or if the crew was on duty at none of
    these moments (S732).
    """
    if not rules.on:
        raise NotAllowed(_off())
    dated = (replace(position, at=corrected(position.at, behind)) for position in told)
    recent = [_not_ahead(p) for p in dated if p.received_at - p.at < RECENT]
    with store.begin() as tx:
        tx.take_turn(f"position of {sender.crew_id}")
        on_duty = [position for position in recent if _is_on_duty(position, tx)]
        if on_duty:
            tx.keep_position(max(on_duty, key=lambda position: position.at))
    if told and not on_duty:
        raise NotAllowed(_off_duty(sender))
    return len(on_duty)


def shown_positions(actor: Actor, *, store: Store) -> list[CrewPosition]:
    """Return where the crews in the actor's reach are."""
    with store.read() as tx:
        own = actor.organisation
        crews = {crew.id for crew in tx.fleet().crews if own in (None, crew.organisation)}
        return tx.positions(crews)


def _not_ahead(position: CrewPosition) -> CrewPosition:
    return replace(position, at=min(position.at, position.received_at))


def _is_on_duty(position: CrewPosition, tx: Transaction) -> bool:
    day = position.at.astimezone(BERLIN).date()
    reports = tx.reports_of_crew(position.crew_id, day)
    begins, ends = duty(reports)
    if begins is None:
        begins, planned_end = _planned(position, tx)
        ends = ends or planned_end
    return begins is not None and begins <= position.at and (ends is None or position.at < ends)


def duty(reports: Iterable[StopReport]) -> Span:
    """Return when the crew began and ended its shift, as far as it told."""
    begun = ended = None
    for report in in_order(reports):
        if report.halt == SHIFT_START and begun is None:
            begun = report.happened_at
        if report.halt == SHIFT_END and report.kind in OUTCOMES:
            ended = report.happened_at
    return begun, ended


def _planned(position: CrewPosition, tx: Transaction) -> Span:
    """Return the planned shift of a crew that has not told that it began."""
    try:
        _, route = tx.current_route(position.at.astimezone(BERLIN).date(), position.crew_id)
    except NotFound:
        return None, None
    return route.stops[0].arrives_at, route.stops[-1].departs_at


def _off() -> Issue:
    return Issue(
        code="S731",
        subject="positions",
        cause="positions are switched off",
        action="Do not send any; the administrator can switch them on (DISPATCH_POSITIONS)",
    )


def _off_duty(sender: Actor) -> Issue:
    return Issue(
        code="S732",
        subject=f"positions of crew {sender.crew_id}",
        cause="the crew was not on duty then",
        action="Send positions between the start and the end of the shift only",
    )
