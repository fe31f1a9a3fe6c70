"""Names of what a job needs and who does it, German and English; figures as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.job import Dimension, Skill
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

SKILL_NAMES: dict[Skill, Text] = {
    Skill.GLASS_CRANE: Text(de="Glaskran", en="glass crane"),
    Skill.WATERING: Text(de="Bewässerung", en="watering"),
    Skill.RODENTICIDE: Text(de="Sachkunde Rattengift", en="rodenticide licence"),
    Skill.SEWER_ENTRY: Text(de="Kanaleinstieg", en="sewer entry"),
    Skill.AERATOR: Text(de="Belüfter", en="aerator"),
    Skill.POND_CARE: Text(de="Teichpflege", en="pond care"),
    Skill.SENSOR_CARE: Text(de="Sensorwartung", en="sensor care"),
}

DIMENSION_NAMES: dict[Dimension, Text] = {
    Dimension.WHITE_GLASS_L: Text(de="l Weißglas", en="l of white glass"),
    Dimension.GREEN_GLASS_L: Text(de="l Grünglas", en="l of green glass"),
    Dimension.BROWN_GLASS_L: Text(de="l Braunglas", en="l of brown glass"),
    Dimension.WATER_L: Text(de="l Wasser", en="l of water"),
    Dimension.BAIT_ITEMS: Text(de="Köder", en="pieces of bait"),
}


def skills_text(skills: Iterable[Skill]) -> Text:
    """Return the names of some skills, in a fixed order."""
    names = [SKILL_NAMES[skill] for skill in sorted(skills)]
    return Text(de=", ".join(n.de for n in names), en=", ".join(n.en for n in names))


def euros(amount_ueur: int) -> Text:
    """Return an amount of micro-euro in euros with cents."""
    plain = f"{amount_ueur / 1_000_000:.2f}"
    return Text(de=f"{plain.replace('.', ',')} EUR", en=f"{plain} EUR")


def minutes(seconds: int) -> str:
    """Return whole minutes, rounded up, with their unit."""
    return f"{-(-seconds // 60)} min"


def kilometres(distance_m: int) -> Text:
    """Return kilometres, rounded up to a hundred metres, with their unit."""
    plain = f"{-(-distance_m // 100) / 10:.1f}"
    return Text(de=f"{plain.replace('.', ',')} km", en=f"{plain} km")
