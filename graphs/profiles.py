"""How a vehicle class may use the network and how fast: one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphs.errors import PointsInvalid
from graphs.speeds import BIKE_KMH, CAR_KMH, TRUCK_KMH
from graphs.turn_times import BIKE_TURNS, HEAVY_TURNS, VAN_TURNS, TurnTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One vehicle class.

    `class_kmh` lists the road classes it may use; those in `on_permission` only where a tag of
    `access_keys` says so. Of `access_keys` and `oneway_keys` the first one present decides.
    `maxspeed_share` is the share of a posted limit that is reached on average; 0 = a posted limit
    says nothing about this vehicle's speed. `kinds` are the words by which tags mean this vehicle,
    the most specific one first (hgv = goods vehicles above 3.5 t, goods = those below), `turns`
    what turning costs it. `low_emission_zone` says whether it may enter one:
    `dataclasses.replace(profile, low_emission_zone=False)` makes a vehicle that may not.
    """

    name: str
    class_kmh: Mapping[str, float]
    top_kmh: Mapping[str, float]
    maxspeed_share: float
    access_keys: tuple[str, ...]
    oneway_keys: tuple[str, ...]
    on_permission: tuple[str, ...]
    weight_t: float
    height_m: float
    width_m: float
    length_m: float
    axle_t: float
    axles: int
    kinds: tuple[str, ...]
    turns: TurnTimes
    low_emission_zone: bool = True

    @property
    def heavy(self) -> bool:
        """Whether signs for lorries mean it: above 3.5 t (StVO, Zusatzzeichen 1048-12)."""
        return "hgv" in self.kinds


# Source: OSRM, profiles/car.lua, `speed_reduction`.
_SHARE = 0.8
_ANY = "*"
_MOTOR_PERMISSION = ("track", "pedestrian", "busway")
_HEAVY_ACCESS = ("hgv", "motor_vehicle", "vehicle", "access")
_HEAVY_ONEWAY = ("oneway:hgv", "oneway:motor_vehicle", "oneway")
_HEAVY_TOP: Mapping[str, float] = MappingProxyType({"motorway": 80.0, "trunk": 80.0, _ANY: 60.0})


def _heavy(name: str, *, weight_t: float, height_m: float, length_m: float, axles: int) -> Profile:
    """Return a lorry above 7.5 t; 2.55 m is the legal width (StVZO § 32), 10 t the axle (§ 34)."""
    return Profile(
        name=name,
        class_kmh=TRUCK_KMH,
        top_kmh=_HEAVY_TOP,
        maxspeed_share=_SHARE,
        access_keys=_HEAVY_ACCESS,
        oneway_keys=_HEAVY_ONEWAY,
        on_permission=_MOTOR_PERMISSION,
        weight_t=weight_t,
        height_m=height_m,
        width_m=2.55,
        length_m=length_m,
        axle_t=10.0,
        axles=axles,
        kinds=("hgv", "motor_vehicle", "vehicle"),
        turns=HEAVY_TURNS,
    )


_VAN = Profile(
    name="van",
    class_kmh=CAR_KMH,
    top_kmh=MappingProxyType({_ANY: 120.0}),
    maxspeed_share=_SHARE,
    access_keys=("goods", "motorcar", "motor_vehicle", "vehicle", "access"),
    oneway_keys=("oneway:motor_vehicle", "oneway"),
    on_permission=_MOTOR_PERMISSION,
    weight_t=3.5,
    height_m=2.7,
    width_m=2.1,
    length_m=6.0,
    axle_t=2.0,
    axles=2,
    kinds=("goods", "motorcar", "motor_vehicle", "vehicle"),
    turns=VAN_TURNS,
)

_BIKE = Profile(
    name="cargo_bike",
    class_kmh=BIKE_KMH,
    top_kmh=MappingProxyType({_ANY: 18.0}),
    maxspeed_share=0.0,
    access_keys=("bicycle", "vehicle", "access"),
    oneway_keys=("oneway:bicycle", "oneway"),
    on_permission=("path", "footway", "pedestrian", "bridleway"),
    weight_t=0.3,
    height_m=2.0,
    width_m=1.0,
    length_m=2.6,
    axle_t=0.2,
    axles=2,
    kinds=("bicycle", "vehicle"),
    turns=BIKE_TURNS,
)

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            _VAN,
            _heavy("truck18", weight_t=18.0, height_m=3.6, length_m=9.0, axles=2),
            _heavy("truck26", weight_t=26.0, height_m=3.8, length_m=10.0, axles=3),
            _heavy("tanker12", weight_t=12.0, height_m=3.3, length_m=8.0, axles=2),
            _BIKE,
        )
    }
)
"""All profiles by name. Weights are permitted gross weights; heights and lengths are typical of
municipal vehicles of the class (own estimate: replace them by the vehicle papers)."""


def profile_named(name: str) -> Profile:
    """Return the profile; raises PointsInvalid G301 for a name that is not in the table."""
    profile = PROFILES.get(name)
    if profile is None:
        known = ", ".join(PROFILES)
        raise PointsInvalid(
            "G301", f"profile '{name}'", "there is no such profile", f"Use one of {known}"
        )
    return profile


def top_kmh(profile: Profile, road: str, *, motorroad: bool = False) -> float:
    """Return the fastest speed of the vehicle class on a road class.

    A `motorroad` (sign 331, Kraftfahrstraße) counts as a trunk road: there 80 km/h hold for lorries
    (StVO § 18 (5)).
    """
    known = "trunk" if motorroad else road.removesuffix("_link")
    return profile.top_kmh.get(known, profile.top_kmh[_ANY])
