"""Metres on the ground, good to half a percent: as good as a phone's position is."""

import itertools
import math

EARTH_RADIUS_M = 6_371_000


def metres_between(a, b) -> float:
    """Between two points, or two pairs of longitude and latitude."""
    lon_a, lat_a, lon_b, lat_b = map(math.radians, (a[0], a[1], b[0], b[1]))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, half)))


def length_of(line) -> float:
    """Along a line."""
    return sum(metres_between(a, b) for a, b in itertools.pairwise(line.coords))
