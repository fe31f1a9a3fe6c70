"""Sensors that are silent, unbelievable, moved, out of time or nearly empty: one visit per site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.demand.faults import BATTERIES, MEASURES, MOVEMENTS, first_fault
from dispatch.demand.history import Case, Occasion, SiteHistory
from dispatch.demand.traps import ABOVE_SKILLS, SEWER_SKILLS
from dispatch.demand.words import join
from dispatch.domain.job import JobDraft, JobKind, Skill
from dispatch.domain.site import RatStation, SiteKind

if TYPE_CHECKING:
    from dispatch.demand.settings import DemandSettings

__all__ = ["BATTERIES", "MEASURES", "MOVEMENTS", "SKILLS", "draft"]

SKILLS: Final = {
    SiteKind.GLASS: frozenset({Skill.SENSOR_CARE}),
    SiteKind.TREE: frozenset({Skill.SENSOR_CARE}),
    SiteKind.RAT_STATION: SEWER_SKILLS,
    SiteKind.POND: frozenset({Skill.POND_CARE}),
}
"""Who may open what the sensor hangs in."""


def draft(
    history: SiteHistory, settings: DemandSettings, occasion: Occasion
) -> tuple[JobDraft, ...]:
    """Return the visit to a site's sensors, if one of them needs it; never a must."""
    case = Case(history=history, settings=settings, occasion=occasion)
    upkeep = settings.upkeep
    mounted = (device for device in history.devices if device.mounted_at(occasion.now))
    faults = [fault for device in mounted if (fault := first_fault(case, device)) is not None]
    if not faults:
        return ()
    price = sum(upkeep.day_ct * (1 + min(fault.days, upkeep.cap_days)) for fault in faults)
    asset = history.site.asset
    in_sewer = isinstance(asset, RatStation) and asset.in_sewer
    skills = ABOVE_SKILLS if isinstance(asset, RatStation) and not in_sewer else None
    return (
        JobDraft(
            site_id=history.site.id,
            kind=JobKind.SERVICE,
            loads=(),
            service_s=upkeep.service_s * len(faults),
            setup_s=upkeep.setup_s,
            windows=(case.day_window,),
            skills=skills or SKILLS[history.site.kind],
            required=False,
            leave_price_ct=round(price),
            reason=join(fault.text for fault in faults),
            evidence=tuple(s.id for fault in faults for s in fault.evidence),
            persons=settings.traps.persons if in_sewer else 1,
        ),
    )
