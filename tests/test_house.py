"""The rules of the house that no linter knows: short functions, short files, plain names, a word on each door."""

import ast
import re
from pathlib import Path
from statistics import median, quantiles

import pytest

from pipeline.config import HOME

MODULES = sorted(path for folder in ("pipeline", "admin") for path in (HOME / folder).rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
FUNCTIONS = [
    (path, node)
    for path, tree in TREES.items()
    for node in ast.walk(tree)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
]
FORBIDDEN = {"util", "utils", "helper", "helpers", "manager", "managers", "process", "handle", "data", "info", "common"}


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body without its docstring."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def test_functions_are_short() -> None:
    # A migration lists its tables, once and for all.
    lengths = [length(node) for path, node in FUNCTIONS if "migrations" not in path.parts]
    assert median(lengths) <= 9
    assert quantiles(lengths, n=10)[-1] <= 30
    assert max(lengths) <= 60


def test_files_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {str(path): lines for path, lines in lengths.items() if lines > 410} == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(Path(path).relative_to(HOME)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(TREES[path]) or not TREES[path].body


def test_modules_have_telling_names() -> None:
    assert [str(path) for path in MODULES if FORBIDDEN & set(path.stem.split("_"))] == []


def test_public_functions_say_what_comes_back() -> None:
    silent = [
        f"{path.relative_to(HOME)}: {node.name}"
        for path, tree in TREES.items()
        if "migrations" not in path.parts
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_there_is_one_broad_except_in_the_taking_in_and_one_around_the_command_line() -> None:
    broad = [
        str(path.relative_to(HOME))
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]
    assert broad == ["pipeline/cli/__init__.py", "pipeline/receive.py"]


def test_nothing_is_left_to_do() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    found = [str(path) for path in MODULES if marks.search(path.read_text(encoding="utf-8"))]
    assert found == []
