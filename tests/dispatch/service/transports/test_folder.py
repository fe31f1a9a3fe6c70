"""Files dropped in a folder."""

from __future__ import annotations

import gzip
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.errors import Issue, Unavailable
from dispatch.service.inbox import Inbox
from dispatch.service.transports.folder import Folder
from tests.helpers.towns import NOW, a_poll, an_uplink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dispatch.store import Store

LIMIT = 1_000_000


@pytest.fixture
def dropped(tmp_path: Path) -> Path:
    """Return the folder that is looked at."""
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def over(folder: Path, store: Any) -> Folder:
    return Folder(folder, inbox=Inbox(store), now=lambda: NOW, most_bytes=LIMIT)


def payloads(store: Store) -> int:
    with store.read() as tx:
        return tx.count_payloads()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_a_whole_file_is_taken_in_and_moved(dropped: Path, town: Store) -> None:
    """At the second look its size is what it was: nobody writes it any more."""
    (dropped / "uplink.json").write_bytes(an_uplink(900).body)
    folder = over(dropped, town)
    assert folder.look() == 0
    assert folder.look() == 1
    assert names(dropped) == ["done"]
    assert names(dropped / "done") == ["uplink.json"]
    assert payloads(town) == 1
    assert folder.look() == 0


def test_a_file_being_written_is_left_alone(dropped: Path, town: Store) -> None:
    """One that grows, and those whose name says that they are not whole."""
    body = an_uplink(900).body
    growing = dropped / "uplink.json"
    growing.write_bytes(body[:50])
    for name in ("upload.json.part", ".uplink.json.swp", ".hidden.json", "~lock.json"):
        (dropped / name).write_bytes(body)
    folder = over(dropped, town)
    folder.look()
    growing.write_bytes(body[:90])
    assert folder.look() == 0
    growing.write_bytes(body)
    assert folder.look() == 0
    assert folder.look() == 1
    assert payloads(town) == 1
    assert len(names(dropped)) == 5


def test_killed_before_the_move_it_is_taken_again(dropped: Path, town: Store) -> None:
    """The second time changes nothing, and the earlier file of that name stays."""
    body = an_uplink(900).body
    for _ in range(2):
        (dropped / "uplink.json.gz").write_bytes(gzip.compress(body))
        folder = over(dropped, town)
        folder.look()
        assert folder.look() == 1
    assert names(dropped / "done") == ["uplink-2.json.gz", "uplink.json.gz"]
    assert payloads(town) == 1


def test_a_folder_may_name_the_format(dropped: Path, town: Store) -> None:
    """Then its content is not guessed at: what it is not waits in quarantine."""
    (dropped / "chirpstack").mkdir()
    (dropped / "chirpstack" / "x.json").write_bytes(an_uplink(900).body)
    folder = over(dropped, town)
    folder.look()
    assert folder.look() == 1
    with town.read() as tx:
        assert len(tx.quarantine()) == 1


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("letter.txt", b"Dear Sir or Madam", "S411"),
        ("rows.csv.gz", b"not packed at all", "I101"),
        ("large.json", b"{}" * LIMIT, "1000000 bytes"),
    ],
)
def test_what_is_no_payload_is_put_aside(
    dropped: Path, town: Store, name: str, body: bytes, code: str
) -> None:
    """It lies in `failed` with its reason, and the files behind it are taken in."""
    (dropped / name).write_bytes(body)
    (dropped / "z.json").write_bytes(a_poll(8.0).body)
    folder = over(dropped, town)
    folder.look()
    assert folder.look() == 1
    assert names(dropped / "failed") == sorted([name, f"{name}.reason.txt"])
    assert code in (dropped / "failed" / f"{name}.reason.txt").read_text(encoding="utf-8")
    assert payloads(town) == 1


class Down:
    """A store whose database does not answer."""

    @contextmanager
    def begin(self) -> Iterator[Any]:
        """Refuse."""
        raise Unavailable(Issue(code="DB105", subject="db", cause="down", action="wait"))
        yield


def test_without_a_database_files_stay(dropped: Path, town: Store) -> None:
    """They are moved only when they are stored."""
    (dropped / "uplink.json").write_bytes(an_uplink(900).body)
    broken = over(dropped, Down())
    broken.look()
    assert broken.look() == 0
    assert names(dropped) == ["uplink.json"]
    later = over(dropped, town)
    later.look()
    assert later.look() == 1
