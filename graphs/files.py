"""Where networks live on disk: one mapped file each, and what was worked out from them beside."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from graphs.arrayfile import damaged, foreign, open_arrays, read_header, write_arrays
from graphs.errors import GraphError, StoredInvalid
from graphs.geo import FlatView
from graphs.grid import SegmentGrid, grid_of
from graphs.network import StreetNetwork, arrays_of, facts_of, network_from

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

KIND = "street-network/3"
"""Raised with every change of what a stored network or its grid holds."""

SUFFIX = ".network"
CACHE_BYTES = 4 * 2**30
"""The cache forgets what was not used for longest beyond this size."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_GRID = "grid_"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphInfo:
    """What a stored network is, without its streets being read."""

    name: str
    title: str
    attribution: str
    stand_in: bool
    nodes: int
    segments: int
    length_km: float
    restrictions: int
    digest: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredNetwork:
    """A stored network with its grid, both mapped into memory."""

    network: StreetNetwork
    grid: SegmentGrid


class GraphFiles:
    """A folder of networks; names are short lower-case words such as `bochum`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cache = CompiledCache(folder / "compiled")

    @property
    def cache(self) -> CompiledCache:
        """Where what is worked out from the networks is kept."""
        return self._cache

    def has(self, name: str) -> bool:
        """Return whether something is stored under a name, even if it cannot be used any more."""
        return self._path(name).is_file() or self._old_path(name).is_file()

    def names(self) -> tuple[str, ...]:
        """Return the names of all stored networks, sorted."""
        return tuple(sorted(path.stem for path in self._folder.glob(f"*{SUFFIX}")))

    def save(self, name: str, network: StreetNetwork) -> Path:
        """Store a network under a name, in place of an older one; return the file.

        The same network gives the same bytes. Raises StoredInvalid G401 for a name that is not a
        short word, G405 where nothing can be written.
        """
        path = self._path(name)
        grid = grid_of(network)
        header = {
            "facts": facts_of(network),
            "nodes": network.nodes,
            "segments": network.segments,
            "length_km": round(float(network.length_m.sum()) / 1000, 1),
            "digest": network.digest,
            "view": [network.view.lat, network.view.lon],
        }
        arrays = {**arrays_of(network), **{_GRID + k: v for k, v in grid.arrays().items()}}
        write_arrays(path, kind=KIND, header=header, arrays=arrays)
        return path

    def load(self, name: str) -> StreetNetwork:
        """Return a stored network; raises as `open` does."""
        return self.open(name).network

    def open(self, name: str) -> StoredNetwork:
        """Return a stored network with its grid.

        Raises StoredInvalid: G402 no such network, G403 foreign or of another version, G404
        damaged (its content does not match its checksums).
        """
        path = self._existing(name)
        header, arrays = open_arrays(path, kind=KIND)
        try:
            streets = {k: v for k, v in arrays.items() if not k.startswith(_GRID)}
            network = network_from(header["facts"], streets)
            lat, lon = header["view"]
            # What the header says need not be worked out again from the arrays.
            vars(network).update(digest=header["digest"], view=FlatView(lat=lat, lon=lon))
            parts = {k.removeprefix(_GRID): v for k, v in arrays.items() if k.startswith(_GRID)}
            return StoredNetwork(network=network, grid=SegmentGrid(network=network, **parts))
        except (KeyError, TypeError, ValueError, GraphError) as error:
            raise damaged(path, f"its parts do not fit ({error})") from error

    def info(self, name: str) -> GraphInfo:
        """Return what a stored network is; raises as `open` does, but looks at the header only."""
        path = self._existing(name)
        header = read_header(path, kind=KIND)
        try:
            facts = header["facts"]
            return GraphInfo(
                name=name,
                title=facts["name"],
                attribution=facts["attribution"],
                stand_in=facts["stand_in"],
                nodes=header["nodes"],
                segments=header["segments"],
                length_km=header["length_km"],
                restrictions=len(facts["restrictions"]),
                digest=header["digest"],
                size_bytes=path.stat().st_size,
            )
        except (KeyError, TypeError) as error:
            raise damaged(path, f"its header lacks {error}") from error

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise StoredInvalid(
                "G401",
                f"name '{name}'",
                "it is not a short lower-case word",
                "Use letters a-z, digits, dots, dashes and underscores",
            )
        return self._folder / f"{name}{SUFFIX}"

    def _old_path(self, name: str) -> Path:
        """Return where the formats street-network/1 and /2 kept a network."""
        return self._folder / f"{name}.npz"

    def _existing(self, name: str) -> Path:
        path = self._path(name)
        if path.is_file():
            return path
        if (old := self._old_path(name)).is_file():
            raise foreign(old, KIND)
        known = ", ".join(self.names()) or "none"
        raise StoredInvalid(
            "G402", f"network '{name}'", f"it is not stored (stored: {known})", "Build it"
        )


class CompiledCache:
    """A folder of what was worked out, named after what it was worked out from.

    A file that cannot be used is reported in the log, removed and made again; a folder that cannot
    be read or written costs time, not an answer.
    """

    def __init__(self, folder: Path, *, most_bytes: int = CACHE_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._told = False

    @property
    def folder(self) -> Path:
        """The folder, which may not be there yet."""
        return self._folder

    def get(self, kind: str, key: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]] | None:
        """Return header and mapped arrays, None if they must be worked out."""
        path = self._path(kind, key)
        try:
            if not path.is_file():
                return None
            found = open_arrays(path, kind=kind)
        except OSError as error:
            logger.warning("cache not readable: %s", error)
            return None
        except StoredInvalid as error:
            logger.warning("cache file removed, made again: %s: %s", error.subject, error.cause)
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            # When it was last used decides what is forgotten first.
            path.touch()
        return found

    def put(
        self, kind: str, key: str, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]
    ) -> None:
        """Keep header and arrays, and forget the oldest files beyond the cache's size."""
        path = self._path(kind, key)
        try:
            write_arrays(path, kind=kind, header=header, arrays=arrays)
        except StoredInvalid as error:
            if not self._told:
                logger.warning("nothing kept for the next start: %s", error)
            self._told = True
            return
        self._forget(path)

    def _path(self, kind: str, key: str) -> Path:
        return self._folder / f"{kind.replace('/', '-')}-{key}.arrays"

    def _forget(self, newest: Path) -> None:
        """Remove the files that were not used for longest, but never the newest one."""
        files = []
        # Drafts of processes that were killed end in more than .arrays.
        for path in self._folder.glob("*.arrays*"):
            # Another process may have removed it meanwhile.
            with suppress(OSError):
                about = path.stat()
                files.append((path == newest, about.st_mtime_ns, path.name, about.st_size))
        excess = sum(size for *_, size in files) - self._most_bytes
        for is_newest, _, name, size in sorted(files):
            if excess <= 0 or is_newest:
                return
            with suppress(OSError):
                (self._folder / name).unlink()
                excess -= size


def cache_key(*parts: str) -> str:
    """Return 32 hexadecimal digits for what something is worked out from."""
    state = blake2b(digest_size=16)
    for part in parts:
        state.update(len(part.encode()).to_bytes(8, "little") + part.encode())
    return state.hexdigest()
