"""A backup as a file: a ZIP of one text file per table and a list with their digests.

Each line of a table's file is a row, a JSON array in the order of the columns; bytes are base64,
days are ISO dates, everything else is as it is stored. So a backup of either database can be
restored into the other, and read without this program.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from dispatch.domain.errors import Conflict, InvalidInput, Issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

FORMAT: Final = "bochum-dispatch backup 1"
_MANIFEST: Final = "manifest.json"
_LEVEL: Final = 4
"""Of compression: half the time of the usual one for a twentieth more bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedTable:
    """One table of a backup: its columns with their kinds, how many rows, and their digest."""

    name: str
    columns: dict[str, str]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds; tables in an order in which they can be filled."""

    format: str
    revision: str
    database: str
    made_at: str
    tables: tuple[SavedTable, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(table.rows for table in self.tables)


@dataclass(frozen=True, slots=True)
class Writer:
    """A backup that is being written: one table after the other."""

    _archive: ZipFile

    def add(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]
    ) -> SavedTable:
        """Return the table as it was written."""
        digest, count = sha256(), 0
        encoders = [_ENCODERS.get(kind) for kind in columns.values()]
        with self._archive.open(_entry(name), "w", force_zip64=True) as file:
            for row in rows:
                values = [
                    value if encode is None or value is None else encode(value)
                    for value, encode in zip(row, encoders, strict=True)
                ]
                line = (
                    json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                )
                digest.update(line)
                file.write(line)
                count += 1
        return SavedTable(name=name, columns=dict(columns), rows=count, sha256=digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write the list of tables: without it the file is no backup."""
        self._archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))


@contextmanager
def written(file: Path) -> Iterator[Writer]:
    """Yield what writes the backup; the file is there when it is whole, and never half of it.

    Only its owner may read it, for it holds what people wrote to the city. Raises Conflict DB404
    for a file that is there already.
    """
    if file.exists():
        raise Conflict(
            Issue(
                code="DB404",
                subject=str(file),
                cause="there is a file of that name already",
                action="Give another name; backups are never overwritten",
            )
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as raw:
            with ZipFile(raw, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
                yield Writer(archive)
            raw.flush()
            os.fsync(raw.fileno())
        part.rename(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def opened(file: Path) -> Iterator[tuple[ZipFile, Manifest]]:
    """Yield a backup whose every row is as it was written; raises InvalidInput DB401."""
    try:
        with ZipFile(file) as archive:
            manifest = _manifest(archive)
            for table in manifest.tables:
                if _digest(archive, table.name) != table.sha256:
                    raise _damaged(file, f"table {table.name} is not as it was written")
            yield archive, manifest
    except (OSError, BadZipFile, KeyError, ValueError, TypeError) as error:
        raise _damaged(file, str(error) or type(error).__name__) from error


def rows_of(archive: ZipFile, table: SavedTable) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table by the names of its columns."""
    decoders = [_DECODERS.get(kind) for kind in table.columns.values()]
    with archive.open(_entry(table.name)) as file:
        for line in file:
            values = (
                value if decode is None or value is None else decode(value)
                for value, decode in zip(json.loads(line), decoders, strict=True)
            )
            yield dict(zip(table.columns, values, strict=True))


_ENCODERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "bytes": lambda value: b64encode(value).decode(),
    "date": date.isoformat,
}
_DECODERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "bytes": b64decode,
    "date": date.fromisoformat,
}


def _entry(table: str) -> str:
    return f"tables/{table}.jsonl"


def _manifest(archive: ZipFile) -> Manifest:
    found = json.loads(archive.read(_MANIFEST))
    if found["format"] != FORMAT:
        message = f"it is of the format {found['format']}"
        raise ValueError(message)
    tables = tuple(SavedTable(**table) for table in found["tables"])
    return Manifest(**{**found, "tables": tables})


def _digest(archive: ZipFile, table: str) -> str:
    digest = sha256()
    with archive.open(_entry(table)) as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _damaged(file: Path, cause: str) -> InvalidInput:
    return InvalidInput(
        Issue(
            code="DB401",
            subject=str(file),
            cause=f"it is no backup of ours, or a damaged one ({cause})",
            action="Take another copy of it, or an older backup",
        )
    )
