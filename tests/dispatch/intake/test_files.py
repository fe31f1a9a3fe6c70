from __future__ import annotations

import gzip

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.intake.files import body_of_file


def test_a_packed_file_is_unpacked() -> None:
    """The city's files come as .gz."""
    raw = gzip.compress(b"datetime,logger_id")
    body = body_of_file(raw, file_name="x.csv.gz", format_name="terratransfer-csv")
    assert body == b"datetime,logger_id"


def test_the_senders_id_is_taken_from_the_files_name() -> None:
    """TreeSense files and API answers name their sender nowhere else."""
    tree = body_of_file(
        b"time;resistance",
        file_name="Bochum_TreeSense_1_Linde_A840416C818718D7.csv",
        format_name="treesense-csv",
    )
    assert tree.startswith(b"# device_id: A840416C818718D7\n")
    answer = body_of_file(
        b'{"DO": []}', file_name="api_response_900541.json", format_name="terratransfer"
    )
    assert answer == b'{"logger_id": "900541", "answer": {"DO": []}}'


def test_a_body_that_names_its_sender_is_left_as_it_is() -> None:
    """Replaying what was stored does not wrap it twice."""
    stored = b'{"logger_id": "900541", "answer": {}}'
    assert body_of_file(stored, file_name="x.json", format_name="terratransfer") is stored


@pytest.mark.parametrize(
    ("raw", "name", "format_name", "code"),
    [
        (b"not packed", "x.csv.gz", "terratransfer-csv", "I101"),
        (gzip.compress(b"cut off")[:-9], "x.csv.gz", "terratransfer-csv", "I101"),
        (b"time;resistance", "linde.csv", "treesense-csv", "I114"),
        (b"{}", "answer.json", "terratransfer", "I114"),
        (b"\xff", "900541.json", "terratransfer", "I101"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(
    raw: bytes, name: str, format_name: str, code: str
) -> None:
    """Damaged archives and anonymous files have a code."""
    with pytest.raises(InvalidInput) as caught:
        body_of_file(raw, file_name=name, format_name=format_name)
    assert caught.value.issues[0].code == code
