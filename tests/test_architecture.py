"""The house keeps its plan: who may import whom, and how large a room may grow."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("dispatch", "graphs", "scenarios")

SOURCE_LIMIT = 300
TEST_LIMIT = 400
FUNCTION_LIMIT = 40

# Longest prefix wins. A module may always import itself, its own package below the row's prefix
# and the standard library; "*" stands for anything.
MAY_IMPORT: dict[str, set[str]] = {
    "graphs": {
        *("networkx", "osmnx", "osmium", "numpy", "scipy", "shapely", "matplotlib", "pymetis"),
    },
    "dispatch.domain": set(),
    "dispatch.intake": {"dispatch.domain", "numpy"},
    "dispatch.demand": {"dispatch.domain", "numpy"},
    "dispatch.planning": {"dispatch.domain", "graphs.matrix", "numpy"},
    "dispatch.planning.kernel": {"dispatch.domain", "dispatch.planning", "numba", "numpy"},
    "dispatch.planning.ortools_engine": {
        "dispatch.domain",
        "dispatch.planning",
        "numpy",
        "ortools",
    },
    "dispatch.planning.formats.objective": {
        "dispatch.domain",
        "dispatch.planning",
        "vrplib",
        "numpy",
    },
    "dispatch.planning.pyvrp_engine": {"dispatch.domain", "dispatch.planning", "pyvrp"},
    "dispatch.store": {"dispatch.domain", "alembic", "sqlmodel", "sqlalchemy", "pydantic"},
    "dispatch.service": {
        "dispatch.domain",
        "dispatch.intake",
        "dispatch.demand",
        "dispatch.planning",
        "dispatch.store",
        "graphs.errors",
        "graphs.matrix",
        "graphs.provider",
    },
    "dispatch.service.webhooks": {"dispatch", "dispatch.domain", "dispatch.store"},
    "dispatch.service.weather.dwd": {
        "dispatch.demand",
        "dispatch.domain",
        "wetterdienst",
    },
    # Brokers are spoken to in one file.
    "dispatch.service.transports.mqtt": {"dispatch.domain", "dispatch.service", "paho"},
    # The public holidays of North Rhine-Westphalia come from a well-kept library.
    "dispatch.service.holidays": {"holidays"},
    "dispatch.service.passwords": {"dispatch.domain", "argon2"},
    "dispatch.service.identity": {"dispatch.domain", "dispatch.service.openid", "joserfc"},
    # Photos are checked and made anew in one place.
    "dispatch.service.crews.images": {"dispatch.domain", "PIL"},
    "dispatch.api.pairings": {
        "dispatch.api",
        "dispatch.domain",
        "dispatch.service",
        "dispatch.store",
        *("fastapi", "pydantic", "segno"),
    },
    "dispatch.api": {
        "dispatch",
        "dispatch.domain",
        "dispatch.service",
        "dispatch.sheets",
        "dispatch.store",
        "fastapi",
        "pydantic",
        "starlette",
    },
    "dispatch.api.metrics": {"dispatch.domain", "dispatch.service", "prometheus_client"},
    "dispatch.api.app": {"*"},
    "dispatch.sheets": {"dispatch.domain"},
    "dispatch.sheets.paper": {"dispatch.domain", "dispatch.sheets", "fpdf"},
    "dispatch.sheets.pdf": {"dispatch.domain", "dispatch.sheets", "segno"},
    "dispatch.sheets.calendar": {"dispatch.domain", "dispatch.sheets", "icalendar"},
    "dispatch.settings": {
        *("dispatch.domain", "dispatch.settings_checks", "dispatch.settings_sources"),
        *("pydantic", "pydantic_core", "pydantic_settings"),
    },
    "dispatch.settings_checks": {"dispatch.domain", "pydantic"},
    "dispatch.settings_sources": {"dispatch.domain"},
    "dispatch.logs": set(),
    "dispatch.cli": {"*"},
    "scenarios": {
        "dispatch.demand",
        "dispatch.domain",
        "dispatch.intake",
        "dispatch.planning",
        "dispatch.service",
        "dispatch.settings",
        "dispatch.store",
        "graphs",
        "matplotlib",
        "numpy",
        "pydantic",
        "rich",
        "shapely",
    },
}

# Benchmarks ask others the same question.
MAY_IMPORT["scenarios.bench"] = MAY_IMPORT["scenarios"] | {
    *("scenarios", "networkx", "scipy", "valhalla", "pyvrp", "vrplib", "vroom", "pyfao56"),
}

# A peer of our API: the least that FastAPI and a database can do.
MAY_IMPORT["scenarios.bench.bare_route"] = {"fastapi", "sqlalchemy", "uvicorn"}

MAY_READ_PACKAGE_FILES = {"scenarios.definition"}


def module_name(path: Path, root: Path) -> str:
    """Return the dotted name of a source file."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(tree: ast.AST) -> Iterator[str]:
    """Yield every module imported anywhere in the file, functions included.

    `from a import b` imports the module `a.b` where there is one.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            inner = [f"{module}.{a.name}" for a in node.names if is_module(f"{module}.{a.name}")]
            yield from ["."] if node.level else (inner or [module])


def is_module(name: str) -> bool:
    """Tell whether one of our packages has a module of that name."""
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def row_of(module: str) -> str | None:
    """Return the row of the table that governs a module: the longest prefix."""
    rows = (row for row in MAY_IMPORT if module == row or module.startswith(row + "."))
    return max(rows, key=len, default=None)


def allowed(module: str, imported: str) -> bool:
    """Tell whether the table lets `module` import `imported`."""
    if imported.partition(".")[0] in sys.stdlib_module_names:
        # An import by name at run time would slip past this table.
        return imported.partition(".")[0] != "importlib" or module in MAY_READ_PACKAGE_FILES
    row = row_of(module)
    if row is None:
        return False
    names = MAY_IMPORT[row] | {row}
    if "*" in names:
        return True
    exact = imported == "dispatch" and "dispatch" in names
    below = any(imported == n or imported.startswith(n + ".") for n in names - {"dispatch"})
    return exact or below


def forbidden_imports(root: Path) -> list[str]:
    """Return 'file: import' for every import against the table below a root folder."""
    return [
        f"{path.relative_to(root)}: {name}"
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
        for name in sorted(set(imports_of(ast.parse(path.read_text(encoding="utf-8")))))
        if not allowed(module_name(path, root), name)
    ]


def sources(*folders: str) -> list[Path]:
    """Return all Python files below the folders."""
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_every_import_follows_the_table() -> None:
    """A package imports only what the guide's table lets it import."""
    assert forbidden_imports(ROOT) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("dispatch/domain/job.py", "import numpy"),
        ("dispatch/demand/glass.py", "from dispatch.intake import quality"),
        ("dispatch/planning/solve.py", "from ortools.constraint_solver import pywrapcp"),
        ("dispatch/service/plan_day.py", "import sqlmodel"),
        ("graphs/osm.py", "from dispatch.domain.geo import LatLon"),
        ("scenarios/world.py", "import dispatch.api.app"),
        ("dispatch/store/engine.py", "from . import tables"),
        ("dispatch/api/jobs.py", "from dispatch import planning"),
        ("dispatch/domain/geo.py", "import importlib"),
    ],
)
def test_a_planted_import_against_the_table_is_found(tmp_path: Path, file: str, line: str) -> None:
    """The check names the file and the import, so that it can be mended at once."""
    planted = tmp_path / file
    planted.parent.mkdir(parents=True)
    planted.write_text(f"def late():\n    {line}\n", encoding="utf-8")
    found = forbidden_imports(tmp_path)
    assert len(found) == 1
    assert found[0].startswith(f"{file}: ")


def test_no_file_outgrows_its_limit() -> None:
    """A file nobody wants to live in is split."""
    too_long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for folder, limit in [*((p, SOURCE_LIMIT) for p in PACKAGES), ("tests", TEST_LIMIT)]
        for path in sources(folder)
        if (lines := path.read_text(encoding="utf-8").count("\n")) > limit
    ]
    assert too_long == []


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function body without its docstring."""
    first, *rest = node.body
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    body = rest if is_docstring else node.body
    if not body:
        return 0
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_no_function_outgrows_its_limit() -> None:
    """A function fits on a screen."""
    too_long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {body_lines(node)} lines"
        for path in sources(*PACKAGES)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and body_lines(node) > FUNCTION_LIMIT
    ]
    assert too_long == []
