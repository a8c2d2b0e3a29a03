"""An author's drill goes on from version to version with what still holds, and is kept nowhere."""

from pathlib import Path

from tutor.authoring.author_session import AuthorSession
from tutor.drill.question import Drill
from tutor.kinds import build, load_text
from tutor.places import places

LESSON = "title: T\ngiven: {x: 2, y: 3, z: 5}\ngraph:\n  a: x * y\n  f: a * z\n"


def drill(text: str = LESSON, seed: int = 0) -> Drill:
    return build(load_text(text, Path("lesson.yaml")), seed)


def states(trial: AuthorSession) -> dict[str, str]:
    return {question.id: state.state for question, state in zip(trial.drill.questions, trial.states, strict=True)}


def worked_at() -> AuthorSession:
    """`local f a` right, `local f z` with two hints, `downstream f a` shown, `downstream f z` skipped."""
    trial = AuthorSession.begin(drill())
    assert trial.answer("5").kind == "right"
    trial.hint()
    trial.hint()
    trial.go_to(2)
    for _ in range(5):
        trial.hint()
    trial.go_to(3)
    trial.skip()
    return trial


def test_the_same_questions_keep_everything() -> None:
    before = worked_at()
    after = AuthorSession.begin(drill(LESSON.replace("title: T", "title: U")), before)
    assert states(after) == states(before)
    assert [state.hints for state in after.states] == [0, 2, 5, 0, 0, 0]
    assert after.position == before.position
    assert after.drill.lesson.title.en == "U"


def test_the_question_is_kept_also_where_earlier_ones_are_open() -> None:
    before = AuthorSession.begin(drill())
    before.go_to(3)
    after = AuthorSession.begin(drill(LESSON.replace("z: 5", "z: 6")), before)
    assert after.position == 3
    assert set(states(after).values()) == {"open"}


def test_what_was_right_is_open_where_the_answer_is_another() -> None:
    after = AuthorSession.begin(drill(LESSON.replace("z: 5", "z: 6")), worked_at())
    assert states(after)["local f a"] == "open"


def test_a_question_that_is_gone_is_forgotten() -> None:
    asked = LESSON + "ask:\n  - local: {of: a, wrt: x}\n  - local: {of: f, wrt: z}\n"
    after = AuthorSession.begin(drill(asked), worked_at())
    assert states(after) == {"local a x": "open", "local f z": "open"}
    assert [state.hints for state in after.states] == [0, 2]


def test_a_trial_that_was_through_stays_through() -> None:
    before = AuthorSession.begin(drill())
    while before.current is not None:
        assert before.current.typed is not None
        before.answer(before.current.typed)
    after = AuthorSession.begin(drill(), before)
    assert after.current is None
    assert after.finished


def test_any_question_can_be_asked_again() -> None:
    trial = worked_at()
    trial.go_to(0)
    assert trial.current is not None
    assert trial.current.id == "local f a"
    assert states(trial)["local f a"] == "open"


def test_lines_of_a_derivation_go_along() -> None:
    text = (
        "title: T\nsizes: {n: 3}\n"
        "given: {b: {shape: [n, 1], integers: [-3, 3]}, u: {shape: [n, 1], integers: [1, 5]}}\n"
        "graph:\n  h: tanh(b)\n  s: u.T @ h\nask:\n  - derive: {wrt: b, using: [u, h]}\n"
    )
    before = AuthorSession.begin(drill(text))
    before.answer("ds/dh @ dh/db")
    assert before.lines == ("ds/dh @ dh/db",)
    assert AuthorSession.begin(drill(text), before).lines == ("ds/dh @ dh/db",)


def test_no_file_is_written(home: Path) -> None:
    worked_at()
    assert not places().progress.exists()
    assert list(home.rglob("*")) == []
    assert list(Path().glob("*memory*")) == []
