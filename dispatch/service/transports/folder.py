"""Files dropped in a folder: taken in when they are whole, and moved away when they are stored."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from dispatch.domain.errors import InvalidInput, Unavailable
from dispatch.service.file_payloads import payload_of_file
from dispatch.service.ingest import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from dispatch.service.inbox import Inbox

logger = logging.getLogger(__name__)

DONE, FAILED = "done", "failed"
UNFINISHED = frozenset({".part", ".tmp", ".temp", ".crdownload", ".filepart", ".swp"})
"""How programs call a file that they still write; they rename it when it is whole."""

_Mark = tuple[int, int]


class Folder:
    """Looks at a folder and takes in what lies there.

    A file is whole when its size and time are the same at two looks, and its name is none of a
    file being written. Files in a folder named like a format have that format; the format of others
    is told by their content. Stored files go to `done/`, those that are no payload of any format
    to `failed/` with the reason beside them; killed in between, the file is taken in again, which
    changes nothing.
    """

    def __init__(
        self, folder: Path, *, inbox: Inbox, now: Callable[[], datetime], most_bytes: int
    ) -> None:
        self._folder = folder
        self._inbox = inbox
        self._now = now
        self._most_bytes = most_bytes
        self._seen: dict[Path, _Mark] = {}

    def look(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Take in all whole files; return their number."""
        marks = {path: mark for path in self._files() if (mark := _mark(path)) is not None}
        whole = [path for path, mark in marks.items() if self._seen.get(path) == mark]
        self._seen = marks
        taken = 0
        for path in sorted(whole):
            if stopping():
                break
            try:
                taken += self._take(path)
            except (Unavailable, OSError) as error:
                logger.warning("file %s stays and is tried again: %s", path.name, error)
        return taken

    def _files(self) -> Iterator[Path]:
        for folder in (self._folder, *(self._folder / name for name in FORMATS)):
            if folder.is_dir():
                yield from (path for path in folder.iterdir() if _is_finished(path))

    def _take(self, path: Path) -> bool:
        """Take a file in and move it; tell whether it was taken. Others are not kept from it."""
        named = path.parent.name if path.parent != self._folder else None
        try:
            if path.stat().st_size > self._most_bytes:
                self._move(path, FAILED, f"more than {self._most_bytes} bytes")
                return False
            payload = payload_of_file(
                path.read_bytes(),
                file_name=path.name,
                format_name=named,
                received_at=self._now(),
            )
            receipt = self._inbox.submit([payload]).result()
        except InvalidInput as error:
            self._move(path, FAILED, str(error))
            return False
        self._move(path, DONE)
        result = receipt.result
        logger.info(
            "file %s: %d signals, %d known already, %d kept apart",
            *(path.name, result.stored, result.duplicates, result.quarantined),
        )
        return True

    def _move(self, path: Path, place: str, reason: str = "") -> None:
        target = self._free(self._folder / place, path.name)
        if reason:
            logger.warning("file %s: %s", path.name, reason)
            target.with_name(target.name + ".reason.txt").write_text(reason, encoding="utf-8")
        path.replace(target)
        self._seen.pop(path, None)

    @staticmethod
    def _free(folder: Path, name: str) -> Path:
        """Return a name that no earlier file has: none is written over."""
        folder.mkdir(exist_ok=True)
        stem, dot, ending = name.partition(".")
        target, number = folder / name, 1
        while target.exists():
            number += 1
            target = folder / f"{stem}-{number}{dot}{ending}"
        return target


def _is_finished(path: Path) -> bool:
    hidden = path.name.startswith((".", "~"))
    return not hidden and path.suffix.casefold() not in UNFINISHED and path.is_file()


def _mark(path: Path) -> _Mark | None:
    """Return what changes when a file is written to, None for one that has just gone."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns
