"""What the lesson format promises, read back from lessons that keep to it."""

from pathlib import Path

import pytest

from tutor.kinds import load, load_text
from tutor.lesson.file.problem import LessonError
from tutor.lesson.graph.named_sizes import shape_of
from tutor.lesson.model import Lesson
from tutor.lesson.numbers.draws import draw
from tutor.text import Localised


def lesson(text: str) -> Lesson:
    return load_text("title: T\n" + text, Path("lesson.yaml"))


def test_the_smallest_lesson_needs_a_title_numbers_and_lines() -> None:
    (part,) = lesson("given: {x: 1, y: 2, z: 0}\ngraph:\n  a: x + y\n  b: max(y, z)\n  f: a * b\n").parts
    assert part.graph.outputs == ("f",)
    assert part.ask == ()
    assert part.convention == "shape"


def test_words_of_older_yaml_are_names() -> None:
    (part,) = lesson("given: {y: 1, n: 2, on: 3, no: 1e-3}\ngraph:\n  yes: y * n\n  off: yes + on * no\n").parts
    assert part.graph.inputs == ("y", "n", "on", "no")
    assert part.given["no"].value == 0.001
    assert part.graph.run(draw(part, 0).numbers).values["off"] == 2.003


def test_greek_letters_and_shadowed_constants_are_names() -> None:
    (part,) = lesson("given: {δ: 2, e: 3}\ngraph: {σ_2: δ * e}\n").parts
    assert part.graph.run(draw(part, 0).numbers).values["σ_2"] == 6


def test_shapes_are_declared() -> None:
    (part,) = lesson(
        "sizes: {n: 3, m: 2}\n"
        "given:\n"
        "  a: 3\n  b: [1, 2]\n  c: [[1], [2]]\n  d: {shape: [2*m, n - 1], integers: [1, 2]}\n"
        "  k: {shape: [n], labels: m}\n  h: {onehot: n, shape: [m, n]}\n  s: {uniform: [0, 1]}\n"
        "  v: {value: [1, 2, 3]}\n"
        "graph:\n  f: a * sum(b) + sum(c) + sum(d) + sum(h) + s + sum(v) + sum(b[k])\n"
    ).parts
    shapes = {name: shape_of(given, part.sizes) for name, given in part.given.items()}
    assert shapes == {
        "a": (),
        "b": (2,),
        "c": (2, 1),
        "d": (4, 2),
        "k": (3,),
        "h": (2, 3),
        "s": (),
        "v": (3,),
    }
    assert [name for name, given in part.given.items() if given.integer] == ["k"]


def test_domains_come_from_the_sampler_and_from_where_an_input_goes() -> None:
    (part,) = lesson(
        "given: {a: 1, b: 2, c: 3, d: 4, e: 5, p: {value: 0.5, domain: probability}, m: {mask: 0.5}, x: 1}\n"
        "graph:\n  f: log(a) + x / b + sqrt(c) + d^0.5 + e^2 + p + m + log(x + 3)\n"
    ).parts
    assert {name: given.domain for name, given in part.given.items()} == {
        "a": "positive",
        "b": "positive",
        "c": "positive",
        "d": "positive",
        "e": "real",
        "p": "probability",
        "m": "mask",
        "x": "real",
    }


def test_a_list_is_one_question_an_item() -> None:
    (part,) = lesson(
        "given: {x: 1, y: 2}\ngraph: {a: x * y, f: a + x}\nconvention: jacobian\nask:\n"
        "  - shape: [x, y]\n"
        "  - total: x\n"
        "  - total: {wrt: [x, y], convention: shape}\n"
        "  - total: [x, {wrt: [x, y]}]\n"
        "  - local: [{of: a, wrt: x}, {of: a, wrt: y}]\n"
        "  - {upstream: a, convention: shape}\n"
        "  - path: {wrt: x, through: [a, f]}\n"
        "  - formula: {wrt: x, using: [up, da, y]}\n"
        "  - formula: {of: a, wrt: x}\n"
        "  - all: [f, a]\n"
        "  - all\n"
    ).parts
    found = [(ask.kind, getattr(ask.fields, "of", None), ask.fields.variables, ask.convention) for ask in part.ask]
    assert found == [
        ("shape", None, ("x",), None),
        ("shape", None, ("y",), None),
        ("total", None, ("x",), None),
        ("total", None, ("x", "y"), "shape"),
        ("total", None, ("x",), None),
        ("total", None, ("x", "y"), None),
        ("local", "a", ("x",), None),
        ("local", "a", ("y",), None),
        ("upstream", "a", (), "shape"),
        ("path", None, ("x",), None),
        ("formula", None, ("x",), None),
        ("formula", "a", ("x",), None),
        ("all", None, (), None),
        ("all", None, (), None),
    ]
    assert part.ask[9].fields.through == ["a", "f"]  # type: ignore[attr-defined]
    assert part.ask[10].fields.using == ["up", "da", "y"]  # type: ignore[attr-defined]
    assert [ask.fields.lines for ask in part.ask[-2:]] == [["f", "a"], []]  # type: ignore[attr-defined]
    assert part.ask[0].position == (6, 13)


def test_slots_of_a_name_used_twice_are_asked_by_their_labels() -> None:
    (part,) = lesson(
        "given: {x: 1}\ngraph: {f: x * x}\nask:\n  - local: {of: f, wrt: x#1}\n  - downstream: {of: f, wrt: x#0}\n"
    ).parts
    assert [ask.fields.variables for ask in part.ask] == [("x#1",), ("x#0",)]


def test_inner_ops_are_asked_about_by_their_numbers() -> None:
    (part,) = lesson(
        "given: {x: 1, w: 2, b: 3}\ngraph: {z: w * x + b}\nask:\n  - local: {of: z, wrt: z.1}\n  - upstream: z.1\n"
        "  - local: {of: z.1, wrt: x}\n"
    ).parts
    assert [(getattr(ask.fields, "of", None), ask.fields.variables) for ask in part.ask] == [
        ("z", ("z.1",)),
        ("z.1", ()),
        ("z.1", ("x",)),
    ]


def test_any_line_may_be_told_its_upstream() -> None:
    (part,) = lesson(
        "given: {x: [1, 2]}\ngraph: {c: 2 * x, h: 3 * c}\nupstream: {h: [1, -1], c: {shape: [2], integers: [1, 3]}}\n"
    ).parts
    assert part.graph.outputs == ("c", "h")
    drawn = draw(part, 0)
    run = part.graph.run(drawn.numbers, drawn.upstream)
    assert run.gradients["c"].tolist() == [drawn.upstream["c"][0] + 3, drawn.upstream["c"][1] - 3]


def test_a_graph_of_other_sizes_is_the_same_lines() -> None:
    (part,) = lesson("sizes: {n: 3}\ngiven:\n  x: {shape: [n], integers: [1, 3]}\ngraph: {f: sum(x) / n}\n").parts
    assert part.graph_for({"n": 5}).run({"x": [1, 1, 1, 1, 1]}).values["f"] == 1
    assert part.graph_for({"n": 3}) is part.graph


def test_hints_by_question_id_are_kept() -> None:
    found = lesson(
        "given: {x: 1}\ngraph: {f: x * x}\nhints:\n  'local f x#0': [Look, {en: Again, zh: 再看}]\n"
        "  'total x #2': [A]\n"
    )
    assert found.hints["local f x#0"] == (Localised("Look"), Localised("Again", "再看"))
    assert found.warnings == ()


def test_parts_have_what_a_lesson_has() -> None:
    found = lesson(
        "convention: jacobian\nworked: 1\nparts:\n"
        "  - {name: {en: One, zh: 一}, given: {x: 1}, graph: {f: 2 * x}}\n"
        "  - {given: {x: 1}, graph: {f: 3 * x}, convention: shape, worked: 2, ask: [{total: x}]}\n"
        "hints: {2/total x: [Look]}\n"
    )
    assert found.has_parts
    assert [part.convention for part in found.parts] == ["jacobian", "shape"]
    assert [part.worked for part in found.parts] == [1, 2]
    assert found.parts[0].name == Localised("One", "一")
    assert found.warnings == ()


def test_a_part_borrows_the_graph_of_another_lesson(tmp_path: Path) -> None:
    unit = tmp_path / "unit"
    unit.mkdir()
    (unit / "one.yaml").write_text("title: One\ngiven: {x: 1}\ngraph: {f: 2 * x}\nask:\n  - total: x\n", "utf-8")
    two = unit / "two.yaml"
    two.write_text(
        "title: Two\nparts:\n  - from: unit/one\n  - {from: unit/one, ask: [{local: {of: f, wrt: x}}]}\n", "utf-8"
    )
    found = load(two)
    assert [[ask.kind for ask in part.ask] for part in found.parts] == [["total"], ["local"]]
    assert found.parts[0].name == Localised("One")
    assert found.borrows == ("unit/one", "unit/one")


@pytest.mark.parametrize("from_", ["unit/two", "unit/broken", "unit/parts"])
def test_a_part_cannot_borrow_from_itself_from_a_broken_one_or_from_parts(tmp_path: Path, from_: str) -> None:
    unit = tmp_path / "unit"
    unit.mkdir()
    (unit / "broken.yaml").write_text("title: One\ngiven: {x: 1}\ngraph: {f: q}\n", "utf-8")
    (unit / "parts.yaml").write_text("title: One\nparts:\n  - {given: {x: 1}, graph: {f: x + x}}\n", "utf-8")
    two = unit / "two.yaml"
    two.write_text(f"title: Two\nparts:\n  - from: {from_}\n", "utf-8")
    with pytest.raises(LessonError) as caught:
        load(two)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (3, 11)


def test_the_id_is_the_path_below_the_lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "mine.yaml"
    elsewhere.write_text("title: T\ngiven: {x: 1}\ngraph: {f: 2 * x}\n", "utf-8")
    assert load(elsewhere).id == elsewhere.resolve().as_posix()
    monkeypatch.setenv("TUTOR_LESSONS", str(tmp_path))
    assert load(elsewhere).id == "mine"
