"""What becomes of a question never depends on the name of its kind: outside `tutor.kinds` none is compared with one."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tutor.kinds import KINDS

TUTOR = Path(__file__).parents[2] / "tutor"


def test_no_kind_of_question_is_compared_by_its_name() -> None:
    found = [
        f"{path.relative_to(TUTOR)}:{node.lineno}"
        for path in TUTOR.rglob("*.py")
        if "kinds" not in path.relative_to(TUTOR).parts
        for node in comparisons(path.read_text("utf-8"))
    ]
    assert found == []


def test_the_search_finds_what_it_looks_for() -> None:
    for text in ("question.kind == 'rule'", "'all' != ask.kind", "each.kind in ('derive', 'x')", "kind == 'update'"):
        assert [*comparisons(text)], text
    for text in ("verdict.kind == 'right'", "target.kind == 'local'", "question.target.kind in ('total', 'path')"):
        assert not [*comparisons(text)], text


def comparisons(text: str) -> Iterator[ast.Compare]:
    """Comparisons of something called `kind` with the name of a kind; that of a target is where in the graph it is."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            named = {each.value for side in sides for each in ast.walk(side) if isinstance(each, ast.Constant)}
            if named & {*KINDS} and any(_is_kind(side) for side in sides):
                yield node


def _is_kind(node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return node.id == "kind"
    if not isinstance(node, ast.Attribute) or node.attr != "kind":
        return False
    owner = node.value
    return getattr(owner, "attr", getattr(owner, "id", "")) not in ("target", "self")
