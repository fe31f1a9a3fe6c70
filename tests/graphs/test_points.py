"""Points to travel between, from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphs.errors import PointsInvalid
from graphs.points import Points, read_points
from graphs.snap import Side

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = "id,lat,lon\nhof,51.48,7.21\nglas,51.49,7.22\n"


def read(folder: Path, text: str | bytes) -> Points:
    """Return the points of a file with this content."""
    path = folder / "points.csv"
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return read_points(path)


def fault_of(folder: Path, text: str | bytes) -> str:
    """Return what is said about a file that is refused."""
    with pytest.raises(PointsInvalid) as caught:
        read(folder, text)
    assert caught.value.code == "G309"
    assert caught.value.subject == "points.csv"
    assert "id, lat, lon" in caught.value.action
    return caught.value.cause


def test_points_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Row i of the matrix is line i of the file."""
    points = read(tmp_path, PLAIN)
    assert points.ids == ("hof", "glas")
    assert points.places == ((51.48, 7.21), (51.49, 7.22))
    assert points.sides == (Side.ANY, Side.ANY)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace(",", ";"),
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.rstrip("\n"),
        PLAIN.replace("glas", "\n\nglas").replace("\n\n\n", "\n\n"),
        "lon,id,note,lat\n7.21,hof,,51.48\n7.22,glas,an der Ecke,51.49\n",
        'id,lat,lon\n"hof","51.48","7.21"\n"glas","51.49","7.22"\n',
    ],
    ids=["semicolons", "bom", "crlf", "no end of line", "empty line", "other order", "quotes"],
)
def test_spreadsheets_write_the_same_table_in_many_ways(tmp_path: Path, text: str) -> None:
    """Separator, byte order mark, line ends, column order and quotes make no difference."""
    assert read(tmp_path, text) == read(tmp_path, PLAIN)


def test_ids_keep_their_umlauts(tmp_path: Path) -> None:
    """An id comes back as it was written."""
    assert read(tmp_path, 'id,lat,lon\n"Süd; Größe, 1",51,7\n').ids == ("Süd; Größe, 1",)


def test_sides_are_read(tmp_path: Path) -> None:
    """An empty side is any."""
    text = "id,lat,lon,side\na,51,7,right\nb,51,7,left\nc,51,7,any\nd,51,7,\n"
    assert read(tmp_path, text).sides == (Side.RIGHT, Side.LEFT, Side.ANY, Side.ANY)


def test_a_table_without_lines_has_no_points(tmp_path: Path) -> None:
    """Nothing asked is nothing wrong."""
    assert read(tmp_path, "id,lat,lon\n") == Points(ids=(), places=(), sides=())


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", "id, lat, lon"),
        ("id,lat\na,1\n", "lon"),
        ("name,latitude,longitude\na,1,2\n", "id, lat, lon"),
        ('{"type": "FeatureCollection", "features": []}', "id, lat, lon"),
    ],
)
def test_missing_columns_are_named(tmp_path: Path, text: str, missing: str) -> None:
    """An empty file and a file of another kind are told the same way."""
    assert fault_of(tmp_path, text) == f"it has no column {missing}"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a,x,7", "'x', '7' are no numbers"),
        ("a,,7", "'', '7' are no numbers"),
        ("a,51", "'51', 'None' are no numbers"),
        ("a,91,7", "91.0, 7.0 are no latitude and longitude"),
        ("a,51,-180.5", "51.0, -180.5 are no latitude and longitude"),
        ("a,nan,7", "nan, 7.0 are no latitude and longitude"),
        ("a,51,inf", "51.0, inf are no latitude and longitude"),
        (",51,7", "id '' is missing or there twice"),
        ("hof,51,7", "id 'hof' is missing or there twice"),
        ("a,51,7,kerb", "side 'kerb' is not any, right or left"),
    ],
)
def test_a_faulty_line_is_named_with_its_number(tmp_path: Path, line: str, told: str) -> None:
    """The header is line 1, as in an editor."""
    text = f"id,lat,lon,side\nhof,51.48,7.21,\n{line}\n"
    assert fault_of(tmp_path, text) == f"line 3: {told}"


def test_many_faults_are_named_together(tmp_path: Path) -> None:
    """Five lines are named and the others counted: nobody corrects them one by one."""
    lines = "".join(f"p{number},x,y\n" for number in range(8))
    cause = fault_of(tmp_path, f"id,lat,lon\nhof,51,7\n{lines}")
    assert [f"line {number}: " in cause for number in range(2, 9)] == [
        False, True, True, True, True, True, False,
    ]  # fmt: skip
    assert cause.endswith(" and 3 more")


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    """A missing file, a folder, another encoding, and one endless field."""
    assert "cannot be read" in fault_of(tmp_path, "id,lat,lon\nSüd,51,7\n".encode("latin-1"))
    assert "cannot be read" in fault_of(tmp_path, 'id,lat,lon\n"' + 200_000 * "x" + '",51,7\n')
    assert "cannot be read" in fault_of(tmp_path, 200_000 * "x")
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(PointsInvalid, match="G309"):
            read_points(path)


def test_what_spreadsheets_write_is_read(tmp_path: Path) -> None:
    """Blanks around the names of columns and capitals in a side change nothing."""
    file = tmp_path / "points.csv"
    file.write_text("ID; Lat ;LON;Side\nhof;51.48;7.21;RIGHT\n", encoding="utf-8")
    points = read_points(file)
    assert (points.ids, points.places, points.sides) == (("hof",), ((51.48, 7.21),), ("right",))
