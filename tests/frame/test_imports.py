"""Which module imports which: no circles, nothing on the first screen that it can do without, all else at the top."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "tutor").rglob("*.py"))
}

HEAVY = {
    *("distributed", "graphlay", "lark", "numpy", "pebble", "plotext", "pydantic", "sympy", "textual", "yaml"),
    *("tutor.engine.symbolic", "tutor.engine.symbolic.derivation"),  # opens SymPy
    *("tutor.expr.syntax_messages", "tutor.expr.grammar", "tutor.expr.tokens"),  # open lark
    *("multiprocessing", "resource"),  # for worker processes alone
}
"""What costs tens of milliseconds or more to import: any module may leave it to a function."""

TYPED_CIRCLES = (
    {"tutor.engine.by_name", "tutor.engine.compile", "tutor.engine.reachability", "tutor.engine.graph"}
    | {
        "tutor.engine.named_lines",
        "tutor.engine.plan",
        "tutor.engine.run",
    },  # a graph and its runs name one another
)
"""Circles of types alone, each within one idea."""

ANY_START = {
    "tutor",
    "tutor.cli",
    "tutor.cli.command_line",
    "tutor.cli.failure",
    "tutor.cli.named_lessons",
    "tutor.cli.main",
    "tutor.cli.options",
    "tutor.cli.output",
    "tutor.course",
    "tutor.course.describe",
    "tutor.course.index",
    "tutor.course.plain_data",
    "tutor.course.refresh",
    "tutor.course.units",
    "tutor.folders",
    "tutor.folders.locate",
    "tutor.folders.packages",
    "tutor.folders.scan",
    "tutor.learner",
    "tutor.learner.settings",
    "tutor.lesson",
    "tutor.lesson.file",
    "tutor.lesson.file.problem",
    "tutor.places",
    "tutor.text",
    "tutor.text.ascii",
    "tutor.text.language",
    "tutor.text.message",
    "tutor.text.number_format",
    "tutor.text.columns",
    "tutor.text.visible",
}
"""What every start loads, that of `tutor list` too: scripts and editors call it, and it must be quick."""

FIRST_SCREEN = {
    "tutor.cli.hangup",
    "tutor.cli.open_command",
    "tutor.cli.run_screens",
    "tutor.learner.progress_file",
    "tutor.learner.rescue",
    "tutor.learner.stored_rows",
    "tutor.learner.damaged_store",
    "tutor.learner.store_schema",
    "tutor.learner.store",
    "tutor.ui",
    "tutor.ui.app",
    "tutor.ui.base_app",
    "tutor.ui.filters",
    "tutor.ui.keys",
    "tutor.ui.progress_view",
    "tutor.ui.screens",
    "tutor.ui.screens.base",
    "tutor.ui.screens.course",
    "tutor.ui.themes",
    "tutor.ui.widgets",
    "tutor.ui.widgets.course_list",
    "tutor.ui.widgets.key_bar",
    "tutor.ui.widgets.lesson_card",
    "tutor.ui.widgets.prose",
    "tutor.ui.widgets.top_bar",
    "tutor.ui.wrapping",
}
"""What `tutor` loads besides until its first screen is up."""

LESSON = {
    "tutor.ui.problems",
    "tutor.ui.screens.lesson_opening",
}
"""What `tutor LESSON` loads besides until it says that the lesson is being opened."""

LIST = {
    "tutor.cli.list_command",
    "tutor.course.printed",
    "tutor.cli.progress",
}
"""What `tutor list` loads besides."""

EARLY = ANY_START | FIRST_SCREEN | LESSON | LIST


class Import(NamedTuple):
    """One import of a file: what it names, where, and whether in a function, or for the checker of types alone."""

    name: str
    line: int
    in_function: bool
    for_types: bool


@cache
def imports(module: str) -> tuple[Import, ...]:
    """All imports of a module of ours, those in functions and under `TYPE_CHECKING` too."""
    return tuple(_imports(ast.parse(FILES[module].read_text("utf-8")), in_function=False, for_types=False))


def _imports(node: ast.AST, *, in_function: bool, for_types: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, in_function, for_types) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are written out"
            for alias in child.names:
                full = f"{child.module}.{alias.name}"
                name = full if full in FILES else child.module or ""
                yield Import(name, child.lineno, in_function, for_types)
        else:
            yield from _imports(
                child,
                in_function=in_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda),
                for_types=for_types or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)),
            )


def loaded_by(*arguments: str, home: Path) -> set[str]:
    """The modules of ours that a command has loaded when it ends, or when its first screen is up."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        cwd=ROOT,
        env=os.environ | {"TUTOR_HOME": str(home), "TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver"},
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    return set(done.stderr.split()[-1].split(","))


RUN = """
import sys
from tutor.cli import main

if sys.argv[1:] == ["list"]:
    main()
    seen = list(sys.modules)
else:
    from tutor.cli import open_command
    from tutor.ui.app import TutorApp

    def look(app):  # in place of what loads the rest, behind the first screen
        global seen
        seen = list(sys.modules)
        app.call_later(app.exit)

    TutorApp._load_the_rest = look
    open_command.has_screen = lambda: True
    if sys.argv[1:]:
        from tutor.ui.screens.lesson_opening import OpeningScreen

        OpeningScreen._read = lambda screen: None  # nor what loads a lesson, behind the words that it is loaded
    main()
print(",".join(name for name in seen if name.partition(".")[0] == "tutor"), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A learner's folder with an index of the lessons."""
    home = tmp_path_factory.mktemp("started")
    loaded_by("list", home=home)
    return home


def circles(*, with_types: bool) -> list[set[str]]:
    """Sets of modules each of which imports all others of its set, by way of others too."""
    graph = {
        module: {each.name for each in imports(module) if each.name in FILES and (with_types or not each.for_types)}
        for module in FILES
    }
    reached = {module: set[str]() for module in graph}
    for module, seen in reached.items():
        waiting = [module]
        while waiting:
            new = graph[waiting.pop()] - seen
            seen |= new
            waiting += new
    found = {frozenset(other for other in seen if module in reached[other]) for module, seen in reached.items()}
    return sorted((set(circle) for circle in found if len(circle) > 1), key=min)


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert circles(with_types=False) == []


def test_types_tie_no_others_into_a_circle() -> None:
    assert circles(with_types=True) == sorted(TYPED_CIRCLES, key=min)


@pytest.mark.parametrize(
    ("arguments", "listed"),
    [
        pytest.param([], ANY_START | FIRST_SCREEN, id="the first screen"),
        pytest.param(["circuits/first-circuit"], ANY_START | FIRST_SCREEN | LESSON, id="a lesson"),
        pytest.param(["list"], ANY_START | LIST, id="the list"),
    ],
)
def test_a_start_loads_these_modules_and_no_others(arguments: list[str], listed: set[str], home: Path) -> None:
    assert loaded_by(*arguments, home=home) == listed


def test_modules_import_at_their_top_what_need_not_be_kept_off_the_first_screen() -> None:
    late = [
        f"{module}:{each.line}: {each.name}"
        for module in FILES
        for each in imports(module)
        if each.in_function
        and module != "tutor.cli.main"  # which answers to Ctrl+C while all else is imported
        and not {each.name, each.name.partition(".")[0]} & HEAVY
        and (module not in EARLY or each.name in ANY_START)
    ]
    assert late == []
