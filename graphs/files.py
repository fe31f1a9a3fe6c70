"""Where networks live on disk: one file each, with a version and a digest of its content."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphs.errors import GraphError, StoredInvalid
from graphs.network import StreetNetwork, arrays_of, facts_of, network_from

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT = "street-network/2"
"""Raised with every change of what a file holds."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_HEADER = "header"


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
    digest: str
    size_bytes: int


class GraphFiles:
    """A folder of networks; names are short lower-case words such as `bochum`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> tuple[str, ...]:
        """Return the names of all stored networks, sorted."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.npz")))

    def save(self, name: str, network: StreetNetwork) -> Path:
        """Store a network under a name, in place of an older one; return the file.

        The same network gives the same bytes. Raises StoredInvalid G401 for a name that is not a
        short word, G405 where nothing can be written.
        """
        path = self._path(name)
        header = {
            "format": FORMAT,
            "facts": facts_of(network),
            "nodes": network.nodes,
            "segments": network.segments,
            "length_km": round(float(network.length_m.sum()) / 1000, 1),
            "digest": network.digest,
        }
        text = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
        parts: dict[str, Any] = {_HEADER: np.frombuffer(text, np.uint8), **arrays_of(network)}
        draft = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as stream:
                np.savez(stream, allow_pickle=False, **parts)
            # A reader sees the old file or the new one, never half of one.
            draft.replace(path)
        except OSError as error:
            raise StoredInvalid(
                "G405", str(path), f"it cannot be written ({error.strerror})", "Use another folder"
            ) from error
        return path

    def load(self, name: str) -> StreetNetwork:
        """Return a stored network.

        Raises StoredInvalid: G402 no such network, G403 foreign or of another version, G404
        damaged (its content does not match its digest).
        """
        path = self._existing(name)
        arrays = _arrays(path)
        header = _header(path, arrays.pop(_HEADER, None))
        try:
            network = network_from(header["facts"], arrays)
        except (KeyError, TypeError, ValueError, GraphError) as error:
            raise _damaged(path, f"its parts do not fit ({error})") from error
        if network.digest != header["digest"]:
            raise _damaged(path, "its content does not match its digest")
        return network

    def info(self, name: str) -> GraphInfo:
        """Return what a stored network is; raises as `load` does, but checks no digest."""
        path = self._existing(name)
        header = _header(path, _arrays(path, only=_HEADER).get(_HEADER))
        return GraphInfo(
            name=name,
            title=header["facts"]["name"],
            attribution=header["facts"]["attribution"],
            stand_in=header["facts"]["stand_in"],
            nodes=header["nodes"],
            segments=header["segments"],
            length_km=header["length_km"],
            digest=header["digest"],
            size_bytes=path.stat().st_size,
        )

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise StoredInvalid(
                "G401",
                f"name '{name}'",
                "it is not a short lower-case word",
                "Use letters a-z, digits, dots, dashes and underscores",
            )
        return self._folder / f"{name}.npz"

    def _existing(self, name: str) -> Path:
        path = self._path(name)
        if not path.is_file():
            known = ", ".join(self.names()) or "none"
            raise StoredInvalid(
                "G402", f"network '{name}'", f"it is not stored (stored: {known})", "Build it"
            )
        return path


def _arrays(path: Path, only: str | None = None) -> dict[str, NDArray[Any]]:
    """Return all arrays of a file, or one."""
    try:
        # numpy leaves a damaged file open if it opened it itself.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            if not isinstance(stored, np.lib.npyio.NpzFile):
                raise _foreign(path)
            return {key: stored[key] for key in stored.files if only in (None, key)}
    except (zipfile.BadZipFile, EOFError, OSError, KeyError) as error:
        raise _damaged(path, f"it cannot be unpacked ({error})") from error
    except ValueError as error:
        # numpy takes a file that is neither an archive nor an array for a pickle and refuses it.
        raise _foreign(path) from error


def _header(path: Path, raw: NDArray[Any] | None) -> dict[str, Any]:
    if raw is None:
        raise _foreign(path)
    try:
        header = json.loads(raw.tobytes())
    except ValueError as error:
        raise _damaged(path, f"its header cannot be read ({error})") from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise _foreign(path)
    return header


def _foreign(path: Path) -> StoredInvalid:
    return StoredInvalid(
        "G403", path.name, f"it is not a network of the format {FORMAT}", "Build the graph again"
    )


def _damaged(path: Path, cause: str) -> StoredInvalid:
    return StoredInvalid("G404", path.name, cause, "Delete it and build the graph again")
