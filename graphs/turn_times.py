"""What turning costs a vehicle class, in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTimes:
    """Seconds that turning costs at a junction, over the time of the streets themselves.

    OSRM's car profile (profiles/car.lua) has `turn_penalty` 7.5 s at a right angle and beyond, by
    `turn_bias` 1.075 dearer to the left, 2 s for a signal and 20 s for turning round. We deviate:
    in German right-hand traffic a left turn waits for those who come, so it costs nearly twice a
    right one; a lorry turns more slowly than a car; and a signal costs the wait of an average
    arrival in a town (red for half of a cycle of 60 to 90 s, every second one met green in a
    wave), not the symbolic 2 s. All figures are own estimates.

    `sharp_s` comes on top beyond a right angle. `crossing_s` is for signals that only stop for
    people on foot, `give_way_s` for stop and give-way signs. `u_turn_s` is for dead ends (half of
    it in a turning circle), `u_turn_anywhere_s` for other places, None = it cannot turn there.
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


VAN_TURNS = TurnTimes(
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
HEAVY_TURNS = TurnTimes(
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
BIKE_TURNS = TurnTimes(
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
