"""The picture shows a gradient once the learner has found it or been shown it, and no earlier."""

from pathlib import Path

from tutor.kinds import load
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.lesson.model import Lesson


def answer(session: Session, count: int) -> None:
    for _ in range(count):
        assert session.current is not None
        session.answer(session.current.typed or "")


def test_only_the_gradient_of_the_output_is_known_from_the_start(store: Store, circuit: Lesson) -> None:
    known = Session.open(store, circuit).known
    assert (known.gradients, known.downstream, known.locals) == ({"f"}, set(), set())


def test_what_is_answered_becomes_known(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    answer(session, 2)
    assert session.known.locals == {("f", "a"), ("f", "b")}
    assert session.known.gradients == {"f"}
    answer(session, 2)
    assert session.known.downstream == {("f", "a"), ("f", "b")}
    assert session.known.gradients == {"f", "a", "b"}


def test_the_sum_at_a_branch_is_not_known_before_it_was_asked(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    answer(session, 12)
    assert {("b", "y"), ("a", "y")} <= session.known.downstream
    assert "y" not in session.known.gradients
    answer(session, 1)
    assert session.known.gradients == {"f", "a", "b", "x", "y", "z"}


def test_what_was_shown_is_known_and_what_was_skipped_is_not(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    for _ in range(5):
        session.hint()
    session.skip()
    assert session.known.locals == {("f", "a")}


def lesson(folder: Path, text: str) -> Lesson:
    path = folder / "mine.yaml"
    path.write_text(text, "utf-8")
    return load(path)


def test_a_sum_that_nobody_asks_for_is_known_with_its_last_share(tmp_path: Path, store: Store) -> None:
    text = "title: T\ngiven: {x: 3}\ngraph: {a: 2 * x, f: a * x}\nask:\n"
    text += "  - downstream: [{of: f, wrt: a}, {of: f, wrt: x}, {of: a, wrt: x}]\n"
    session = Session.open(store, lesson(tmp_path, text))
    answer(session, 2)
    assert session.known.gradients == {"f", "a"}
    answer(session, 1)
    assert session.known.gradients == {"f", "a", "x"}


def test_an_example_shown_solved_is_known(tmp_path: Path, store: Store) -> None:
    text = "title: T\ngiven: {x: 3, y: 2}\ngraph: {f: x * y}\nworked: 1\n"
    session = Session.open(store, lesson(tmp_path, text))
    assert session.known.locals == {("f", "x")}


def test_each_part_has_its_own_picture(tmp_path: Path, store: Store) -> None:
    text = "title: T\nparts:\n  - {given: {x: 3, y: 2}, graph: {f: x * y}}\n  - {given: {x: 3}, graph: {f: x + 1}}\n"
    session = Session.open(store, lesson(tmp_path, text))
    answer(session, 4)
    assert session.known_in(0).gradients == {"f", "x", "y"}
    assert session.known.gradients == {"f"}


def test_a_name_used_twice_in_a_line_has_two_shares(tmp_path: Path, store: Store) -> None:
    session = Session.open(store, lesson(tmp_path, "title: T\ngiven: {x: 3}\ngraph: {f: x * x}\n"))
    answer(session, 4)
    assert session.known.downstream == {("f", "x#0"), ("f", "x#1")}
    assert session.known.gradients == {"f"}
    answer(session, 1)
    assert session.known.gradients == {"f", "x"}


def test_an_output_that_is_used_further_is_not_known_from_the_start(tmp_path: Path, store: Store) -> None:
    text = "title: T\ngiven: {x: 3}\ngraph: {a: 2 * x, f: a * 5}\nupstream: {a: 10, f: 1}\n"
    session = Session.open(store, lesson(tmp_path, text))
    assert session.known.gradients == {"f"}


NET = """title: T
sizes: {n: 2, m: 3}
given:
  W: {shape: [n, m], integers: [-3, 3]}
  x: {shape: [m, 1], integers: [-3, 3]}
  b: {shape: [n, 1], integers: [-3, 3]}
  u: {shape: [n, 1], integers: [-3, 3]}
graph: {z: W @ x + b, h: tanh(z), s: u.T @ h}
"""


def test_a_line_shows_the_gradient_that_was_answered_for_what_is_added_to_it(tmp_path: Path, store: Store) -> None:
    session = Session.open(store, lesson(tmp_path, NET + "ask:\n  - total: b\n  - total: W\n"))
    assert session.known.gradients == {"s"}
    answer(session, 1)
    assert session.known.gradients == {"s", "b", "z"}


def test_a_gradient_that_follows_is_not_shown_while_a_question_asks_for_it(tmp_path: Path, store: Store) -> None:
    session = Session.open(store, lesson(tmp_path, NET + "ask:\n  - total: b\n  - total: z\n"))
    answer(session, 1)
    assert session.known.gradients == {"s", "b"}
    answer(session, 1)
    assert session.known.gradients == {"s", "b", "z"}


def test_a_sum_over_a_broadcast_input_is_not_the_gradient_of_its_line(tmp_path: Path, store: Store) -> None:
    wide = NET.replace("m, 1", "m, 2").replace("u.T @ h", "sum(u.T @ h)")
    session = Session.open(store, lesson(tmp_path, wide + "ask:\n  - total: b\n  - total: W\n"))
    answer(session, 1)
    assert session.known.gradients == {"s", "b"}


def test_nothing_is_passed_on_through_a_line_that_is_still_asked_for(tmp_path: Path, store: Store) -> None:
    chain = NET.replace("z: W @ x + b", "v: W @ x, z: v + b")
    session = Session.open(store, lesson(tmp_path, chain + "ask:\n  - total: b\n  - total: z\n"))
    answer(session, 1)
    assert session.known.gradients == {"s", "b"}
    answer(session, 1)
    assert session.known.gradients == {"s", "b", "z", "v"}
