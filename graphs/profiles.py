"""How a vehicle class may use the network and how fast: one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphs.errors import PointsInvalid

# Average speeds by road class in km/h where no maxspeed is known.
# Source: OSRM, profiles/car.lua (project-osrm/osrm-backend, BSD-2), `speeds`.
CAR_KMH: Mapping[str, float] = MappingProxyType(
    {
        "motorway": 90,
        "motorway_link": 45,
        "trunk": 85,
        "trunk_link": 40,
        "primary": 65,
        "primary_link": 30,
        "secondary": 55,
        "secondary_link": 25,
        "tertiary": 40,
        "tertiary_link": 20,
        "unclassified": 25,
        "residential": 25,
        "living_street": 10,
        "service": 15,
        "road": 20,
        "busway": 20,
        "track": 10,
        "pedestrian": 6,
    }
)

# Upper speeds of heavy vehicles by class. StVO § 3 (3) no. 2b: above 7.5 t 60 km/h outside towns;
# § 18 (5): 80 km/h on motorways and motor roads. Inside towns a lorry loses to a car at every
# start, so its class speeds are OSRM's less a tenth (own estimate).
TRUCK_KMH: Mapping[str, float] = MappingProxyType(
    {
        **{road: kmh * 0.9 for road, kmh in CAR_KMH.items()},
        "motorway": 80,
        "trunk": 75,
        "primary": 55,
        "secondary": 48,
    }
)

# A loaded cargo bike rides about 18 km/h. Source: OSRM, profiles/bicycle.lua (15 to 18 km/h by
# class, 6 km/h where cyclists walk or creep).
BIKE_KMH: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(
        (
            *("primary", "primary_link", "secondary", "secondary_link", "tertiary"),
            *("tertiary_link", "unclassified", "residential", "cycleway", "road"),
        ),
        17.0,
    )
    | {"living_street": 14.0, "service": 14.0, "track": 11.0, "path": 11.0}
    | {"footway": 6.0, "pedestrian": 6.0, "bridleway": 6.0}
)

# Source: OSRM, profiles/car.lua, `surface_speeds`: nobody drives faster than this on it.
SURFACE_KMH: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("compacted", "fine_gravel"), 80.0),
        **dict.fromkeys(("paving_stones", "metal", "bricks"), 60.0),
        **dict.fromkeys(("sett", "grass_paver", "wood", "unpaved", "gravel", "ground"), 40.0),
        **dict.fromkeys(("dirt", "earth", "grass", "pebblestone", "tartan"), 40.0),
        **dict.fromkeys(("cobblestone", "clay", "unhewn_cobblestone"), 30.0),
        **dict.fromkeys(("stone", "rocky", "sand"), 20.0),
        "mud": 10.0,
    }
)


# Source: OSRM, profiles/car.lua, `smoothness_speeds` and `tracktype_speeds`.
SMOOTHNESS_KMH: Mapping[str, float] = MappingProxyType(
    {"intermediate": 80, "bad": 40, "very_bad": 20, "horrible": 10, "very_horrible": 5}
)
TRACK_KMH: Mapping[str, float] = MappingProxyType(
    {"grade1": 60, "grade2": 40, "grade3": 30, "grade4": 25, "grade5": 20}
)

# Own estimate: nobody drives through these at the 15 km/h of an ordinary service road.
SERVICE_KMH: Mapping[str, float] = MappingProxyType(
    {"driveway": 8.0, "parking_aisle": 8.0, "alley": 10.0, "drive-through": 5.0}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTimes:
    """Seconds that turning costs at a junction, over the time of the streets themselves.

    OSRM's car profile has up to 7.5 s, grown with the angle and slightly more to the left, and 2 s
    for a signal. Here a turn is told by its direction, and a signal costs what crossing a signal
    costs on average in a town; own estimates, for right-hand traffic. `u_turn_s` is for dead ends,
    `u_turn_anywhere_s` for other junctions, None where the vehicle cannot turn round there.
    """

    straight_s: float
    right_s: float
    left_s: float
    sharp_s: float
    signal_s: float
    crossing_s: float
    give_way_s: float
    u_turn_s: float
    u_turn_anywhere_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One vehicle class.

    `class_kmh` lists the road classes it may use; those in `on_permission` only where a tag of
    `access_keys` says so. Of `access_keys` and `oneway_keys` the first one present decides.
    `maxspeed_share` is the share of a posted limit that is reached on average; 0 = a posted limit
    says nothing about this vehicle's speed. `kinds` are the words by which tags mean this vehicle
    (hgv, goods, ...), `turns` what turning costs it. `low_emission_zone` says whether it may enter
    one: `dataclasses.replace(profile, low_emission_zone=False)` makes a vehicle that may not.
    """

    name: str
    class_kmh: Mapping[str, float]
    top_kmh: Mapping[str, float]
    maxspeed_share: float
    access_keys: tuple[str, ...]
    oneway_keys: tuple[str, ...]
    on_permission: frozenset[str]
    weight_t: float
    height_m: float
    width_m: float
    length_m: float
    axle_t: float
    axles: int
    kinds: frozenset[str]
    turns: TurnTimes
    low_emission_zone: bool = True

    @property
    def heavy(self) -> bool:
        """Whether signs for lorries mean it: above 3.5 t (StVO, Zusatzzeichen 1048-12)."""
        return "hgv" in self.kinds


# Source: OSRM, profiles/car.lua, `speed_reduction`.
_SHARE = 0.8
_ANY = "*"
_MOTOR_PERMISSION = frozenset({"track", "pedestrian", "busway"})
_HEAVY_ACCESS = ("hgv", "motor_vehicle", "vehicle", "access")
_HEAVY_ONEWAY = ("oneway:hgv", "oneway:motor_vehicle", "oneway")
_VAN_TURNS = TurnTimes(
    straight_s=0.5,
    right_s=2.5,
    left_s=4.5,
    sharp_s=2.0,
    signal_s=8.0,
    crossing_s=2.0,
    give_way_s=3.0,
    u_turn_s=15.0,
    u_turn_anywhere_s=45.0,
)
_HEAVY_TURNS = TurnTimes(
    straight_s=1.0,
    right_s=4.0,
    left_s=6.5,
    sharp_s=4.0,
    signal_s=10.0,
    crossing_s=2.5,
    give_way_s=4.0,
    u_turn_s=40.0,
    u_turn_anywhere_s=None,
)
_BIKE_TURNS = TurnTimes(
    straight_s=0.5,
    right_s=1.0,
    left_s=3.0,
    sharp_s=1.0,
    signal_s=10.0,
    crossing_s=2.0,
    give_way_s=2.0,
    u_turn_s=6.0,
    u_turn_anywhere_s=10.0,
)
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
        kinds=frozenset({"hgv", "goods", "motor_vehicle", "vehicle"}),
        turns=_HEAVY_TURNS,
    )


_VAN = Profile(
    name="van",
    class_kmh=CAR_KMH,
    top_kmh=MappingProxyType({_ANY: 120.0}),
    maxspeed_share=_SHARE,
    access_keys=("motorcar", "motor_vehicle", "vehicle", "access"),
    oneway_keys=("oneway:motor_vehicle", "oneway"),
    on_permission=_MOTOR_PERMISSION,
    weight_t=3.5,
    height_m=2.7,
    width_m=2.1,
    length_m=6.0,
    axle_t=2.0,
    axles=2,
    kinds=frozenset({"motorcar", "goods", "motor_vehicle", "vehicle"}),
    turns=_VAN_TURNS,
)

_BIKE = Profile(
    name="cargo_bike",
    class_kmh=BIKE_KMH,
    top_kmh=MappingProxyType({_ANY: 18.0}),
    maxspeed_share=0.0,
    access_keys=("bicycle", "vehicle", "access"),
    oneway_keys=("oneway:bicycle", "oneway"),
    on_permission=frozenset({"path", "footway", "pedestrian", "bridleway"}),
    weight_t=0.3,
    height_m=2.0,
    width_m=1.0,
    length_m=2.6,
    axle_t=0.2,
    axles=2,
    kinds=frozenset({"bicycle", "vehicle"}),
    turns=_BIKE_TURNS,
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


def top_kmh(profile: Profile, road: str) -> float:
    """Return the fastest speed of the vehicle class on a road class."""
    return profile.top_kmh.get(road.removesuffix("_link"), profile.top_kmh[_ANY])
