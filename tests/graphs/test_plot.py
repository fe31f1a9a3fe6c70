"""Pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from graphs.plot import plot_network, plot_routes
from graphs.street_matrix import StreetMatrix
from tests.helpers.networks import at, one_way_square

if TYPE_CHECKING:
    from pathlib import Path


def picture(file: Path) -> Image.Image:
    """Return a picture from a file that is closed again."""
    with Image.open(file) as stream:
        return stream.convert("RGB")


def test_a_network_and_its_routes_are_drawn(tmp_path: Path) -> None:
    """The picture has the size asked for and something on it."""
    network = one_way_square()
    legs = StreetMatrix(network).legs([at(0.75), at(0.25)], profile="van")
    plain, routes = tmp_path / "plain.png", tmp_path / "routes.png"
    plot_network(network, file=plain, size_px=320)
    plot_routes(network, [legs[0].geometry], file=routes, size_px=320)
    first, second = picture(plain), picture(routes)
    assert first.width == second.width == 320
    assert len(first.getcolors(maxcolors=2**16) or ()) > 5
    assert first.tobytes() != second.tobytes()


def test_a_window_shows_a_part(tmp_path: Path) -> None:
    """South, west, north and east choose what is seen."""
    south, west = at(-0.1, -0.1)
    north, east = at(0.5, 0.5)
    plot_network(one_way_square(), file=tmp_path / "w.png", window=(south, west, north, east))
    assert picture(tmp_path / "w.png").width == 1600
