"""The house is in order: style, types, the rooms' doors, and files small enough to read."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "tutor").rglob("*.py"))


def assert_content(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    assert_content(sys.executable, "-m", "ruff", "check", ".")


def test_everything_is_formatted() -> None:
    assert_content(sys.executable, "-m", "ruff", "format", "--check", ".")


def test_types_hold() -> None:
    assert_content(sys.executable, "-m", "mypy")


def test_rooms_import_only_rooms_above_them() -> None:
    assert_content(
        sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 420


def test_typed_text_is_never_executed() -> None:
    for path in SOURCES:
        called = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        names = {function.id for function in called if isinstance(function, ast.Name)}
        names |= {function.attr for function in called if isinstance(function, ast.Attribute)} & {
            "sympify",
            "parse_expr",
        }
        assert names & {"eval", "exec", "compile", "__import__", "sympify", "parse_expr"} == set(), path
