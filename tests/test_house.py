"""The house keeps its shape: who may import whom, how long things may be, and what stands at the door."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "qa"

FLOORS: dict[str, int] = {
    "qa.model": 1,
    "qa.errors": 1,
    "qa.languages": 2,
    "qa.text": 3,
    "qa.audio": 4,
    "qa.engines": 4,
    "qa.rubric": 4,
    "qa.scoring": 4,
    "qa.reports": 4,
    "qa.store": 4,
    "qa.dialogue": 5,
    "qa.criteria": 6,
    "qa.summary": 6,
    "qa.coaching": 6,
    "qa.calibration": 6,
    "qa.batch": 7,
    "qa.cli": 8,
}
"""docs/architecture.md draws this table; a room may import rooms of lower floors, and itself."""

SAME_FLOOR = {("qa.errors", "qa.model"), ("qa.summary", "qa.coaching"), ("qa.engines", "qa.audio")}
"""Errors name the kinds of failure; a night's summary holds its coaching picks; the diarisers start from the
voice activity of `qa.audio`."""

LONGEST_FUNCTION = 50
LONGEST_FILE = 250
MEDIAN_FUNCTION = 8
TENTH_LONGEST = 20


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str | None:
    candidates = [room for room in FLOORS if module == room or module.startswith(f"{room}.")]
    return max(candidates, key=len, default=None)


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "qa":
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "qa")


def functions_of(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name_of(path)}.{node.name}", statement_lines(node)


def statement_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the signature to the end, without the docstring."""
    end = node.end_lineno or node.lineno
    first = node.body[0]
    docstring = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return end - node.lineno + 1 - ((first.end_lineno or 0) - first.lineno + 1 if docstring else 0)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    own = room_of(name_of(path))
    if own is None:
        assert name_of(path) in ("qa", "qa.__main__"), f"{name_of(path)} stands on no floor"
        return
    for imported in imports_of(path):
        other = room_of(imported)
        if other is None or other == own or (own, other) in SAME_FLOOR:
            continue
        assert FLOORS[other] < FLOORS[own], f"{name_of(path)} imports {imported} from a floor that is not below"


def test_imports_make_no_circles() -> None:
    known = {name_of(path) for path in modules()}
    graph = {name_of(p): {i for i in top_level_imports(p) if i in known and i != name_of(p)} for p in modules()}
    done: set[str] = set()
    path: list[str] = []

    def visit(module: str) -> None:
        assert module not in path, f"circle of imports: {' -> '.join([*path, module])}"
        if module not in done:
            path.append(module)
            for other in sorted(graph[module]):
                visit(other)
            path.pop()
            done.add(module)

    for module in sorted(graph):
        visit(module)


def top_level_imports(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_no_file_is_longer_than_a_reader_holds(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def test_functions_are_short_enough_to_read_at_a_glance() -> None:
    lengths = {name: length for path in modules() for name, length in functions_of(path)}
    too_long = {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}
    assert not too_long
    ordered = sorted(lengths.values())
    assert statistics.median(ordered) <= MEDIAN_FUNCTION
    assert ordered[int(0.9 * len(ordered))] <= TENTH_LONGEST


def test_help_imports_nothing_heavy() -> None:
    heavy = ["torch", "numpy", "pandas", "librosa", "whisper", "faster_whisper", "pyannote", "sqlalchemy"]
    heavy += ["jinja2", "av", "sklearn", "jsonschema"]
    program = (
        "import sys; from typer.testing import CliRunner; from qa.cli.main import app;"
        "result = CliRunner().invoke(app, ['--help']); assert result.exit_code == 0, result.output;"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"


def test_no_file_names_a_place_that_only_the_authors_have() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    for name in filter(None, listed):
        path = ROOT / name
        if (
            path.suffix in {".py", ".md", ".toml", ".txt", ".json", ".html", ".css", ".js", ".csv", ""}
            and path.is_file()
        ):
            text = path.read_text(encoding="utf-8", errors="ignore")
            for place in ("/" + "work/", "/" + "root/", "/" + "tmp/w"):
                assert place not in text, f"{name} names {place}"
