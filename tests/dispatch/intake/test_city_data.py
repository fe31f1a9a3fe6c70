"""The city's real files through the decoders: nothing lost, nothing invented."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.signal import Grade, SignalKind, payload_of
from dispatch.intake.codecs.table import codec_for
from dispatch.intake.decoders import decode
from dispatch.intake.files import body_of_file
from dispatch.intake.quality import grade
from dispatch.intake.terratransfer import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from dispatch.intake.decoded import Decoded

pytestmark = pytest.mark.city_data

RECEIVED = datetime(2026, 10, 1, tzinfo=UTC)


def decoded(path: Path, format_name: str) -> Decoded:
    body = body_of_file(path.read_bytes(), file_name=path.name, format_name=format_name)
    return decode(payload_of(body, format_name=format_name, received_at=RECEIVED))


def cells_with_values(text: str) -> int:
    """Count the filled cells of the eight columns, with csv's own reader."""
    rows = csv.DictReader(io.StringIO(text))
    return sum(bool(row[c]) for row in rows for c in row if c.casefold() in COLUMNS)


@pytest.mark.parametrize(
    "name",
    ["em310_udl", "em400_mud", "em400_tld", "em400_mud_alarm", "em500_smtc", "dragino_lse01"],
)
def test_the_makers_bytes_give_the_makers_values(shared_dir: Path, name: str) -> None:
    """Our codecs agree with the published examples, name by name."""
    (path,) = (shared_dir / "payloads/decoders").glob(f"*{name}.json")
    sample = json.loads(path.read_text(encoding="utf-8"))
    codec = codec_for(name.replace("_", "-").removesuffix("-alarm").removeprefix("dragino-"))
    assert codec is not None
    found = {k.casefold(): v for k, v in codec.decode(bytes.fromhex(sample["hex"])).fields.items()}
    wanted = {k.casefold(): v for k, v in sample["decoded"].items() if "alarm" not in k}
    wanted.pop("tempc_ds18b20", None)
    assert found == {k: v if k == "position" else float(v) for k, v in wanted.items()}


def test_a_summer_of_one_pond_row_by_row(shared_dir: Path) -> None:
    """Uemminger See: every filled cell is a signal, and the 148 repeated rows add no id."""
    path = shared_dir / "bochum/ponds/900541_uemminger_see_2025-05_2025-09.csv.gz"
    found = decoded(path, "terratransfer-csv")
    text = gzip.decompress(path.read_bytes()).decode()
    rows = text.splitlines()[1:]
    unique = "\n".join([text.splitlines()[0], *dict.fromkeys(rows)])
    assert (len(rows), len(rows) - len(set(rows))) == (14_373, 148)
    assert (len(found.signals), found.issues) == (cells_with_values(text), ())
    assert len({s.id for s in found.signals}) == cells_with_values(unique) == 92_500


def test_zeros_and_steps_in_real_oxygen_are_graded(shared_dir: Path) -> None:
    """Jahrhunderthalle reads zero for weeks: none of that may call for an aerator."""
    path = shared_dir / "payloads/bochum_terratransfer/jahrhunderthalle_2024-08_suspect.csv"
    signals = {s.id: s for s in decoded(path, "terratransfer-csv").signals}.values()
    series = [s for s in signals if s.kind is SignalKind.DISSOLVED_OXYGEN]
    graded = grade(sorted(series, key=lambda s: s.observed_at))
    zeros = [s for s in graded if s.value == 0]
    assert zeros
    assert {s.grade for s in zeros} == {Grade.ZERO_RUN}


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("1_Linde_A840416C818718D7", 25_340),
        ("2_Linde_A840414AA18718B8", 4_284),
        ("3_Linde_A84041EAD1871699", 5_164),
        ("4_Esche_A8404109918718E8", 31_265),
        ("5_Spitzahorn_A8404144C1871697", 31_208),
    ],
)
def test_the_five_trees_are_read_whole(shared_dir: Path, name: str, rows: int) -> None:
    """Three values a row, no issue, no time twice although Bochum's clocks went back."""
    path = shared_dir / f"bochum/trees/Bochum_TreeSense_{name}.csv.gz"
    found = decoded(path, "treesense-csv")
    assert (len(found.signals), found.issues) == (3 * rows, ())
    assert len({s.id for s in found.signals}) == 3 * rows
    assert {s.device_id for s in found.signals} == {name.rpartition("_")[2]}
