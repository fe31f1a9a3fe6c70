"""Bochum: a coarse outline and the centres of its districts."""

from __future__ import annotations

from graphs.standin import Place

# Simplified by hand from the city boundary, © OpenStreetMap contributors, ODbL 1.0; off by up to
# 300 m, so that it serves to draw and to seed, not to decide where the city ends.
OUTLINE: tuple[tuple[float, float], ...] = (
    (51.5314, 7.2948), (51.5231, 7.3144), (51.5157, 7.3035), (51.5043, 7.3040),
    (51.5060, 7.3173), (51.4960, 7.3163), (51.4946, 7.3223), (51.4892, 7.3234),
    (51.4931, 7.3316), (51.4966, 7.3305), (51.4931, 7.3429), (51.4862, 7.3402),
    (51.4839, 7.3479), (51.4682, 7.3493), (51.4570, 7.3420), (51.4535, 7.2876),
    (51.4438, 7.2934), (51.4111, 7.2468), (51.4198, 7.1821), (51.4138, 7.1550),
    (51.4229, 7.1443), (51.4308, 7.1188), (51.4422, 7.1339), (51.4549, 7.1213),
    (51.4594, 7.1095), (51.4720, 7.1141), (51.4809, 7.1021), (51.4913, 7.1378),
    (51.5060, 7.1385), (51.5021, 7.1519), (51.5088, 7.1608), (51.5044, 7.1709),
    (51.5095, 7.1902), (51.5170, 7.1907), (51.5218, 7.2023), (51.5179, 7.2060),
    (51.5180, 7.2372), (51.5243, 7.2498), (51.5199, 7.2552), (51.5274, 7.2564),
    (51.5245, 7.2826),
)  # fmt: skip
"""Vertices (lat, lon), clockwise, not repeated at the end."""

# Market places, churches or main stops of the districts, to about 300 m.
CENTRES: tuple[Place, ...] = (
    Place("Mitte", 51.4818, 7.2162),
    Place("Wattenscheid", 51.4796, 7.1329),
    Place("Langendreer", 51.4735, 7.3190),
    Place("Linden", 51.4330, 7.1720),
    Place("Weitmar", 51.4555, 7.1960),
    Place("Querenburg", 51.4480, 7.2700),
    Place("Gerthe", 51.5190, 7.2790),
    Place("Riemke", 51.5060, 7.2060),
    Place("Stiepel", 51.4210, 7.2330),
    Place("Harpen", 51.4965, 7.2740),
    Place("Hamme", 51.4935, 7.1950),
    Place("Höntrop", 51.4580, 7.1350),
    Place("Werne", 51.4880, 7.3010),
    Place("Laer", 51.4690, 7.2640),
    Place("Wiemelhausen", 51.4610, 7.2260),
    Place("Hordel", 51.5000, 7.1720),
    Place("Grumme", 51.4955, 7.2310),
    Place("Altenbochum", 51.4790, 7.2460),
    Place("Dahlhausen", 51.4305, 7.1440),
    Place("Hiltrop", 51.5125, 7.2500),
    Place("Eppendorf", 51.4520, 7.1600),
    Place("Günnigfeld", 51.4955, 7.1480),
)
"""District centres; the first is the middle of the city."""
