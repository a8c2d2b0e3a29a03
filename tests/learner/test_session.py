"""A drill goes on where it was left, with every answer, hint and skip so far."""

import subprocess
import sys
from pathlib import Path

import pytest

from tutor.kinds import build, load, load_text
from tutor.learner.drill_record import fingerprint
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.lesson.model import Lesson

ROOT = Path(__file__).parents[2]


def answer_all(session: Session) -> None:
    while session.current is not None:
        assert session.current.typed is not None
        assert session.answer(session.current.typed).kind == "right"


def reopened(store: Store, lesson: Lesson, seed: int | None = None) -> Session:
    """The session as a new process would see it."""
    store.close()
    return Session.open(Store(store.path), lesson, seed=seed)


# Answering


def test_a_right_answer_moves_on_and_a_wrong_one_does_not(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    first = session.current
    assert session.answer("3").kind == "wrong"
    assert session.current is first
    assert session.answer("2").kind == "right"
    assert session.position == 1
    assert (session.states[0].state, session.states[0].attempts) == ("right", 2)


@pytest.mark.parametrize("free", ["2 *", "[1, 2]", "nonsense"])
def test_what_cannot_be_an_answer_costs_no_attempt(free: str, store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    assert session.answer(free).free
    assert session.states[0].attempts == 0


def test_the_same_wrong_answer_again_costs_nothing(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    said = session.answer("3").message
    again = session.answer(" 3 ")
    assert (again.kind, again.message.id) == ("wrong", "learner.same-as-before")
    assert again.message.params["why"] == said
    assert session.states[0].attempts == 1
    session.answer("4")
    assert session.states[0].attempts == 2


def test_a_shape_that_does_not_fit_is_asked_about_and_told_when_it_happens_again(store: Store, layer: Lesson) -> None:
    session = Session.open(store, layer)
    session.go_to([question.id for question in session.drill.questions].index("formula W"))
    assert session.answer("up @ x").message.id == "checking.misfit"
    assert session.answer("up * x").message.id == "checking.edit-and-advice"
    session.answer("2")
    session.answer("2 * up @ x.T")  # something else in between
    assert session.answer("up @ x").message.id == "checking.misfit"


def test_answering_everything_finishes_the_drill(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    answer_all(session)
    assert (session.finished, session.current, session.position) == (True, None, 13)
    summary = session.summary()
    assert (summary.questions, summary.right, summary.alone, summary.attempts) == (13, 13, 13, 13)
    assert store.marks()[circuit.id].done


def test_the_ladder_ends_with_the_answer_which_is_shown_not_known(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    rungs = [session.hint()[:2] for _ in range(5)]
    assert rungs == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    assert (session.states[0].state, session.position) == ("shown", 1)
    answer_all(session)
    summary = session.summary()
    assert (summary.right, summary.shown, summary.hints) == (12, 1, 5)


def test_skipping_goes_on_and_a_skipped_question_can_be_answered_later(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    session.skip()
    assert (session.position, session.states[0].state) == (1, "skipped")
    session.go_to(0)
    assert session.position == 0
    session.answer("2")
    assert (session.position, session.states[0].state) == (1, "right")


def test_what_was_jumped_over_is_asked_after_the_last_question(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    session.go_to(12)
    session.answer("5")
    assert session.position == 0


def test_a_drill_ends_once(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    session.skip()
    answer_all(session)
    session.go_to(0)
    session.answer("2")
    ends = [event for event in store.events(session.record.id) if event.kind == "finished"]
    assert len(ends) == 1
    assert store.marks()[circuit.id].done


def test_a_drill_of_skips_is_over_but_does_not_count_as_done(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    for _ in session.drill.questions:
        session.skip()
    assert session.finished
    assert session.summary().skipped == 13
    assert not store.marks()[circuit.id].done


def test_a_question_that_is_settled_is_not_asked_again(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    session.answer("2")
    session.go_to(0)
    assert session.position == 1


def test_nothing_is_asked_after_the_end(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    answer_all(session)
    with pytest.raises(ValueError, match="through"):
        session.answer("2")


def test_named_mistakes_are_counted_for_the_summary(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    verdict = session.answer("3")
    assert verdict.mistake is not None
    session.answer("3")
    assert session.summary().mistakes == ((verdict.mistake, 1),)


def test_each_attempt_says_what_it_practised_and_how_it_went(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    session.hint()
    session.answer("3")
    session.answer("2")
    hint, wrong, right = store.events(session.record.id)
    assert [event.kind for event in (hint, wrong, right)] == ["hint", "attempt", "attempt"]
    assert (wrong.verdict, wrong.typed, wrong.hints, wrong.skills) == ("wrong", "3", 1, ("local:mul",))
    assert wrong.mistake == "mul:own-input"
    assert 0 <= hint.seconds <= wrong.seconds <= right.seconds


# Coming back


def test_a_drill_goes_on_at_the_same_question_with_the_same_numbers(store: Store, layer: Lesson) -> None:
    session = Session.open(store, layer, seed=7)
    assert session.current is not None
    session.answer(session.current.typed or "")
    session.hint()
    session.answer("1, 2, 3, 4, 5")
    back = reopened(store, layer)
    assert (back.position, back.states, back.drill.seed) == (session.position, session.states, 7)
    assert back.current is not None
    assert back.current.id == session.current.id
    before, after = session.drill.parts[0].draw, back.drill.parts[0].draw
    assert before.sizes == after.sizes
    assert {name: array.tolist() for name, array in before.numbers.items()} == {
        name: array.tolist() for name, array in after.numbers.items()
    }
    assert [array.dtype for array in before.numbers.values()] == [array.dtype for array in after.numbers.values()]


def test_numbers_that_were_kept_win_over_drawing_again(
    store: Store, layer: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session.open(store, layer)

    def other_numbers(*arguments: object) -> None:
        raise AssertionError("drew again")

    monkeypatch.setattr("tutor.kinds.building.draw", other_numbers)
    back = reopened(store, layer)
    assert back.record == session.record


def test_it_goes_on_at_the_question_one_had_gone_to(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    session.go_to(5)
    assert reopened(store, circuit).position == 5


def test_it_goes_on_at_a_skipped_question_one_had_gone_back_to(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    session.skip()
    session.go_to(0)
    assert reopened(store, circuit).position == 0


def test_after_a_skip_it_goes_on_behind_it(store: Store, circuit: Lesson) -> None:
    session = Session.open(store, circuit)
    session.skip()
    assert reopened(store, circuit).position == 1


def test_a_finished_drill_is_followed_by_new_numbers(store: Store, layer: Lesson) -> None:
    session = Session.open(store, layer)
    answer_all(session)
    back = reopened(store, layer)
    assert (session.drill.seed, back.drill.seed, back.position) == (0, 1, 0)


def test_another_seed_or_a_fresh_start_begins_a_new_drill(store: Store, layer: Lesson) -> None:
    session = Session.open(store, layer, seed=3)
    session.skip()
    assert Session.open(store, layer, seed=3).position == 1
    assert Session.open(store, layer, seed=4).position == 0
    assert Session.open(store, layer).drill.seed == 4
    assert Session.open(store, layer, afresh=True).position == 0


def test_a_lesson_with_other_questions_begins_anew_and_says_so(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: One\ngiven: {x: 3, y: 4}\ngraph: {f: x * y}\n", "utf-8")
    Session.open(store, load(path)).answer("4")
    path.write_text("title: Uno\nabout: An idea.\ngiven: {x: 3, y: 4}\ngraph: {f: x  *  y}\n", "utf-8")
    same = Session.open(store, load(path))
    assert (same.position, same.notice) == (1, None)
    path.write_text("title: Uno\ngiven: {x: 3, y: 5}\ngraph: {f: x * y}\n", "utf-8")
    other = Session.open(store, load(path))
    assert other.position == 0
    assert other.notice is not None
    assert other.notice.id == "learner.started-anew"
    assert float(other.drill.parts[0].draw.numbers["y"]) == 5.0


def test_numbers_that_no_longer_fit_are_drawn_anew(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: One\ngiven: {x: 3, y: 4}\ngraph: {f: x * y}\n", "utf-8")
    Session.open(store, load(path)).answer("4")
    path.write_text("title: One\ngiven: {x: 3, w: 4}\ngraph: {f: x + w}\n", "utf-8")
    session = Session.open(store, load(path))
    assert session.notice is not None
    assert session.position == 0


KILLED = """
import os, signal, sys
from pathlib import Path
from tutor.kinds import build
from tutor.learner.drill_record import fingerprint
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.kinds import load, load_text

session = Session.open(Store(Path(sys.argv[1])), load(sys.argv[2]), seed=11)
session.answer(session.current.typed)
session.hint()
session.answer("99")
print(session.current.id, session.drill.parts[0].draw.numbers["W"].tolist(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_kill_9_in_the_middle_of_a_drill_loses_nothing(store: Store, layer: Lesson) -> None:
    command = [sys.executable, "-c", KILLED, str(store.path), str(layer.path)]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert killed.returncode == -9, killed.stderr
    session = Session.open(store, layer)
    assert session.current is not None
    numbers = session.drill.parts[0].draw.numbers["W"].tolist()
    assert killed.stdout == f"{session.current.id} {numbers}\n"
    assert (session.states[0].state, session.states[1].hints, session.states[1].typed) == ("right", 1, "99")


def test_a_session_on_a_file_that_cannot_be_written_goes_on(tmp_path: Path, circuit: Lesson) -> None:
    (tmp_path / "file").touch()
    session = Session.open(Store(tmp_path / "file" / "progress.sqlite"), circuit)
    answer_all(session)
    assert session.finished
    assert session.warning is not None


def test_two_tutors_at_the_same_drill_do_not_undo_each_other(store: Store, circuit: Lesson) -> None:
    one = Session.open(store, circuit)
    two = Session.open(Store(store.path), circuit)
    assert one.record == two.record
    one.answer("2")
    two.answer("99")
    one.hint()
    one.hint()
    two.skip()
    two.hint()
    back = reopened(store, circuit)
    assert back.states[0].state == "right"
    assert back.states[1].hints == 2


def test_a_drill_that_an_earlier_version_kept_is_still_the_same() -> None:
    text = """
title: Kept
given:
  x: {integers: [-5, 5], nonzero: true}
  y: [1, 2]
graph: {f: x * sum(y)}
upstream: {f: {choice: [-2, 2]}}
ask: [{downstream: [{of: f, wrt: x}]}]
"""
    # As the version wrote it that had no `axis` and `follows` among what an input may say.
    assert fingerprint(build(load_text(text, Path("kept.yaml")), 0)) == "8dcaa35594996588"


def test_the_time_of_a_question_runs_on_in_one_sitting_and_begins_anew_in_the_next(
    store: Store, circuit: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    for clock in ("time.time", "time.monotonic"):
        monkeypatch.setattr(clock, lambda: now)

    def after(seconds: float, typed: str) -> None:
        nonlocal now
        now += seconds
        session.answer(typed)

    session = Session.open(store, circuit)
    after(20, "7")
    after(10, "8")
    assert session.summary().seconds == 30
    now += 5000
    session = reopened(store, circuit)
    after(40, "9")
    assert session.summary().seconds == 30 + 40
    now += 5000
    session = reopened(store, circuit)
    after(6, "2")
    after(3, "3")
    assert session.summary().seconds == 30 + 40 + 6 + 3
