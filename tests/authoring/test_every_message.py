"""Every message that `tutor check` and `tutor new` can give has a lesson, a formula or a function that gives it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.authoring.test_lesson_check import FOUND, NET, TITLE
from tests.lesson.test_every_message import ids
from tutor.authoring.declarations import declarations
from tutor.authoring.lesson_check import check_file
from tutor.authoring.python.read_function import read_function
from tutor.checking import Verdict
from tutor.cli.check_command import check
from tutor.cli.failure import Failure
from tutor.cli.new_command import LessonSource, create
from tutor.cli.options import Options
from tutor.engine.ops.elementary import Square
from tutor.lesson.file.problem import LessonError
from tutor.text import Message, msg

PO = Path(__file__).parents[2] / "tutor/text/locale/en/LC_MESSAGES/authoring.po"
# Help, headings, remarks, progress, what is said when all is well, what the preview says (tests/cli/test_preview.py).
NO_COMPLAINTS = re.compile(
    r"authoring\.(check-killed|check-late|doing-|preview-|about-|examples-|option-|remark-|note-|next-|errors|warnings|found|clean|written|template|ask-shapes)"
)

GIVEN = "given: {x: 0.7, w: 1.3}\n"
# Lessons that are told something, beyond those of test_check.
WARNED = {
    "one language": f"title: T\n{NET}ask: [{{total: W}}]\n",
    "zeros": (
        "given: {x: {integers: [0, 1]}, y: {integers: [2, 9]}}\n"
        "graph:\n  a: x * y\n  f: a^2\nask: [{downstream: {of: a, wrt: y}}]\n"
    ),
    "almost always a zero": (
        f"given: {{x: {{choice: {[0] * 60 + [0.7]}}}, y: {{uniform: [2, 3], decimals: 2}}}}\n"
        "graph:\n  a: tanh(x)\n  f: a * y\nask: [{local: {of: a, wrt: x}}]\n"
    ),
    "twos in a long chain": (
        "given: {x: 2, y: 2}\ngraph:\n  a0: x * y\n"
        + "".join(f"  a{k + 1}: a{k} - x * y\n" for k in range(30))
        + "ask: all\n"
    ),
    "sizes of 1": (
        "sizes: {n: 1, m: 1}\ngiven:\n  W: {shape: [n, m], choice: [2]}\n  x: {shape: [m, 1], choice: [2]}\n"
        "graph:\n  z: W @ x\n  f: sum(z)\nask: [{downstream: {of: z, wrt: x}}]\n"
    ),
    "one number alone": (
        "given: {x: {choice: [4]}, y: {choice: [4]}}\ngraph:\n  f: x * y\nask: [{local: {of: f, wrt: y}}]\n"
    ),
    "a plot twice": f"{GIVEN}plots: [timing, timing]\ngraph: {{a: exp(x), f: a * w}}\n",
    "a plot of nothing to nudge": (
        "given: {k: {labels: 3}}\nplots: [gradient-check]\ngraph: {f: 2 * k}\n"
        "ask: [choose: {question: {en: Q, zh: Q}, options: [1, 2], right: 1}]\n"
    ),
    "a plot of a line": f"{GIVEN}plots: [gradient-check]\ngraph: {{f: x * w + x}}\n",
    "a plot of no slope": f"{GIVEN}plots: [gradient-check]\ngraph: {{a: exp(x), f: stop_gradient(a) * w}}\n",
    "a plot of two outputs": (
        f"{GIVEN}plots: [gradient-check]\ngraph: {{a: exp(x), f: a * w, g: a^2}}\nupstream: {{f: 2, g: -1}}\n"
    ),
    "plots of two lines": f"{GIVEN}plots: [gradient-norms, counts]\ngraph: {{a: exp(x), f: a * w}}\n",
    "an answer told before": (
        "about: {en: '`2 * x * w`', zh: 好}\ngiven: {x: 0.7, w: 1.3}\ngraph: {f: x^2 * w}\nask: [total: x]\n"
    ),
    "many lines": (
        "given: {x: {uniform: [-1, 1], decimals: 2}}\ngraph:\n  a0: x\n"
        + "".join(f"  a{k + 1}: tanh(a{k}) * a{k}\n" for k in range(400))
        + "ask: all\nsaturated: true\n"
    ),
}
SOURCES = {
    "a formula and Python": LessonSource(formulas="x", python="f.py"),
    "a function without a file": LessonSource(formulas="x", function="f"),
    "outputs without a file": LessonSource(formulas="x", output="f"),
    "shapes without a formula": LessonSource(shapes="x: n"),
    "a shape that is none": LessonSource(formulas="x * y", shapes="x"),
    "a shape twice": LessonSource(formulas="x * y", shapes="x: n; x: n"),
    "sizes that are none": LessonSource(formulas="x * y", sizes="n"),
    "a size of nothing": LessonSource(formulas="sum(x)", shapes="x: n - 5", sizes="n=3"),
    "a shape of a line": LessonSource(formulas="f = x * y", shapes="f: n"),
    "a shape of a size": LessonSource(formulas="x * y", shapes="x: n; n: 2"),
    "a line and a size": LessonSource(formulas="n = x * y", shapes="x: n"),
    "a shape for nobody": LessonSource(formulas="x * y", shapes="zeta: n"),
    "a shape for nearly somebody": LessonSource(formulas="alpha * y", shapes="alhpa: n"),
    "a formula twice": LessonSource(formulas="a = x; a = y"),
    "no formula": LessonSource(formulas=" "),
    "a line that cannot be called so": LessonSource(formulas="2a = x"),
    "nothing to vary": LessonSource(formulas="2 + 3"),
    "a size for nobody": LessonSource(formulas="x * y", sizes="m=2"),
    "numbers that are not there": LessonSource(formulas="log(-2) * x"),
    "shapes that are wanted": LessonSource(formulas="W @ x"),
    "labels that are wanted": LessonSource(formulas="sum(E[ids])", shapes="E: V,d"),
    "an index that is no label": LessonSource(formulas="sum(E[y])", shapes="E: V,d; y: N"),
    "Python that is none": LessonSource(python="none.py"),
}
FUNCTIONS = [
    "def f(x:\n", "x = 1\n", "def f(x): return x\ndef g(x): return x\n", "def f(x):\n    y = x\n",
    "def f(*x):\n    return 1\n",
    "def f(x):\n    while x: pass\n    return x\n", "def f(x):\n    del x[0]\n    return x\n",
    "def f(x):\n    y = np.zeros(3)\n    z = np.ravel(y)\n    z += x\n    return y * x\n", "async def f(x): return x\n",
    "def f(x):\n    y = np.zeros(3)\n    y[[0]] = x\n    return y\n",
    "def f(x):\n    return 'word'\n",
    "def f(x):\n    return x / x.shape[0]\n", "def f(x):\n    return q\n", "def f(alpha):\n    return alhpa\n",
    "def f(x):\n    return x if x > 0 else 2\n",
    "def f(x):\n    return np.fft(x)\n", "def f(x):\n    return np.tanhh(x)\n", "def f(x):\n    return np.add(x)\n",
    "def f(x):\n    return np.sum(x, where=x)\n",
    "def f(x, params):\n    return x @ params['W']\n",
    "def f(x):\n    y = " + "-" * 200 + "x\n    return y\n", "def f(x, y):\n    return x, y\n",
    "def f(x):\n    for i in range(150):\n        x = x * x\n        x = x + x\n    return x\n",
    "def f(x):\n    y = np.random.randn(3)\n    return x * y\n", "def f(x):\n    return torch.max(x, dim=0)[1]\n",
    "class C:\n    def __init__(self, k): self.k = k\n    def forward(self, x): return self.k * x\n",
]  # fmt: skip


def test_every_message_has_something_that_gives_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = set(re.findall(r'^msgid "(authoring\..+)"$', PO.read_text("utf-8"), re.MULTILINE))
    given = {each for message in messages(tmp_path, monkeypatch) for each in ids(message)}
    assert {each for each in known - given if not NO_COMPLAINTS.match(each)} == set()


def messages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Message]:
    yield from of_lessons(folder)
    yield from of_units(folder / "unit")
    for source in SOURCES.values():
        yield from failure(lambda source=source: create(str(folder / "new.yaml"), source, Options()))
    for name in ("./lesson.txt", "a b", "unit.yaml", __file__.replace(".py", ".yaml")):
        (folder / "there.yaml").write_text("", "utf-8")
        yield from failure(lambda name=name: create(name, LessonSource(formulas="@"), Options()))
    yield from failure(lambda: create(str(folder / "there.yaml"), LessonSource(), Options()))
    yield from failure(lambda: create(str(folder / "there.yaml" / "below.yaml"), LessonSource(), Options()))
    yield from failure(lambda: check([str(folder / "unit" / "empty")], Options(), as_json=False))
    for text in FUNCTIONS:
        yield from refused(text)
    yield from refused("def score(x): return x\n", "scroe")
    with pytest.raises(LessonError) as caught:
        read_function("def f(x, y): return x, y\n", "f.py", outputs=["z"])
    yield from (each.message for each in caught.value.problems)
    with pytest.raises(LessonError) as caught:
        read_function("def f(x):\n    for row in x: pass\n    return x\n", "f.py", None, declarations("x: n"))
    yield from (each.message for each in caught.value.problems)
    yield from refused("def score(x): return x\n", "zzz")
    yield from refused("x = 1\n", "zzz")
    yield from of_our_faults(folder, monkeypatch)


def of_lessons(folder: Path) -> Iterator[Message]:
    for text in [*(TITLE + text for text, _ in FOUND.values()), *WARNED.values()]:
        path = folder / "lesson.yaml"
        path.write_text(text if text.startswith("title") else TITLE + text, "utf-8")
        yield from (each.message for each in check_file(path))


def of_units(folder: Path) -> Iterator[Message]:
    (folder / "empty").mkdir(parents=True)
    (folder / "first.yaml").write_text(TITLE + NET, "utf-8")
    for names in ("[zzz]", "[frist]"):
        (folder / "unit.yaml").write_text(f"title: U\norder: 1\nlessons: {names}\n", "utf-8")
        yield from (each.message for each in check_file(folder / "unit.yaml"))


def of_our_faults(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Message]:
    """What is said where not the lesson is wrong but we are."""
    path = folder / "lesson.yaml"
    path.write_text(TITLE + "given: {x: {uniform: [-2, 2]}}\ngraph:\n  a: 3 * x\n  f: square(a)\n", "utf-8")

    def wrong(drill: Any, question: Any, text: str) -> Verdict:
        return Verdict("wrong", msg("checking.missing", id=question.id))

    with monkeypatch.context() as patch:
        patch.setattr("tutor.authoring.question_checks.check", wrong)
        yield from (each.message for each in check_file(path))
    with monkeypatch.context() as patch:
        patch.setattr(Square, "derivative", lambda self, i, out, x: 2.002 * x)
        yield from (each.message for each in check_file(path))
    with monkeypatch.context() as patch:
        patch.setattr("tutor.authoring.lesson_check.check_texts", lambda desk: 1 / 0)
        yield from (each.message for each in check_file(path))


def failure(call: Any) -> Iterator[Message]:
    try:
        call()
    except Failure as failed:
        yield from failed.messages
    except LessonError as error:
        yield from (each.message for each in error.problems)


def refused(text: str, function: str | None = None) -> Iterator[Message]:
    with pytest.raises(LessonError) as caught:
        read_function(text, "f.py", function, declarations(""))
    yield from (each.message for each in caught.value.problems)
