"""The drill as lines of text: everything a learner at a pipe or a screen reader needs is said."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.checking.reading.typed_lines import goes_on
from tutor.expr import Span
from tutor.kinds import load
from tutor.learner.session import Session
from tutor.learner.store import Store
from tutor.lesson.model import Lesson
from tutor.places import bundled_lessons, places
from tutor.plain import practise
from tutor.plain_lines import caret, graph_lines
from tutor.text import Language

ROOT = Path(__file__).parents[2]
CIRCUIT = [2, 3, 2, 3, 1, 0, 3, 0, 1, 1, 2, 2, 5]


@pytest.fixture
def circuit() -> Lesson:
    return load(bundled_lessons() / "circuits" / "first-circuit.yaml")


@pytest.fixture
def layer() -> Lesson:
    return load(bundled_lessons() / "one-layer" / "score-gradient.yaml")


def drill(
    lesson: Lesson,
    *typed: object,
    language: Language = "en",
    ascii: bool = False,
    quiet_feedback: bool = False,
    seed: int | None = None,
) -> tuple[int, str]:
    """One sitting with these lines typed: its status and all that was printed."""
    output = io.StringIO()
    session = Session.open(Store(places().progress), lesson, seed=seed)
    answers = io.StringIO("".join(f"{line}\n" for line in typed))
    status = practise(
        session, language=language, ascii=ascii, quiet_feedback=quiet_feedback, answers=answers, output=output
    )
    session.store.close()
    return status, output.getvalue()


def tutor(*arguments: str, typed: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "tutor", *arguments],
        input=typed.encode(),
        capture_output=True,
        cwd=ROOT,
        env=os.environ | environment,
    )


# A whole drill


def test_a_matrix_and_a_formula_may_be_broken_over_lines() -> None:
    assert goes_on("up @")
    assert goes_on("[[-4. 6. -10.]")
    assert not goes_on("[[-4. 6.], [1, 2]]")
    assert not goes_on("(1 + 2")  # a slip, and no break


def test_behind_a_trailing_sign_a_command_is_a_command_and_an_empty_line_ends_the_answer(circuit: Lesson) -> None:
    _, printed = drill(circuit, "2 *", "?", "[[1, 2]", "skip", "2 +", "", "2 +", "why", "2 +", "quit")
    assert "after +" in printed  # the empty line: what was typed is judged
    assert printed.count("after") == 1
    assert "... ?" in printed
    assert "... quit" in printed


def test_the_plots_of_a_lesson_are_tables_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "chain.yaml"
    path.write_text(
        "title: T\nplots: [gradient-norms, counts]\nparts:\n"
        "  - name: {en: A chain, zh: 一条链}\n    given: {w: 2, x: 3}\n"
        "    graph: {h1: w * x, h2: w * h1, f: w * h2}\n    ask: [local: {of: f, wrt: h2}]\n",
        "utf-8",
    )
    status, printed = drill(load(path), 2, ascii=True)
    assert status == 0
    assert printed.isascii()
    end = printed.partition("Done.")[2].splitlines()[1:]
    assert end[:21] == [
        "",
        "How large the gradient is on its way back",
        "A chain",
        "On its way back through the lines the gradient keeps its size: it stays between 1 and 4.",
        "  line     size of the gradient",
        "  f        1",
        "  h2       2",
        "  h1       4",
        "  input w  36",
        "  input x  8",
        "",
        "How many operations it takes",
        "A chain",
        "One backward pass that shares what it can takes 6 operations, where the forward pass takes 3; input by input"
        " it would be 7, path by path 7.",
        "  way                       multiplications  additions",
        "  forward                   3                0",
        "  backward, shared          4                2",
        "  backward, input by input  5                2",
        "  backward, path by path    5                2",
        "why explains the last answer; an empty line ends.",
        "> ",
    ]


def test_plots_wait_for_the_end_of_the_drill(tmp_path: Path) -> None:
    path = tmp_path / "chain.yaml"
    path.write_text("title: T\nplots: [counts]\ngiven: {w: 2}\ngraph: {f: w^2}\n", "utf-8")
    status, printed = drill(load(path))
    assert status == 1
    assert "operations" not in printed
    assert "需要多少次运算" in drill(load(path), *["?"] * 10, language="zh")[1]


def test_a_pipe_runs_a_whole_drill() -> None:
    done = tutor("--plain", "circuits/first-circuit", typed="".join(f"{answer}\n" for answer in CIRCUIT))
    assert (done.returncode, done.stderr) == (0, b"")
    printed = done.stdout.decode()
    assert printed.startswith("A first circuit\n")
    assert "Question 13 of 13: ∂f/∂y, total gradient" in printed
    assert "Right: 13 of 13, 13 of them at once and without a hint" in printed


def test_output_that_is_no_terminal_gets_the_same_drill() -> None:
    done = tutor("circuits/first-circuit", typed="2\n")
    assert done.returncode == 1
    assert "Question 2 of 13" in done.stdout.decode()


@pytest.mark.parametrize("seed", range(3))
def test_what_solve_prints_runs_through(layer: Lesson, seed: int) -> None:
    from tutor.kinds import build

    typed = [question.typed for question in build(layer, seed).questions]
    status, printed = drill(layer, *typed, seed=seed)
    assert (status, f"Right: {len(typed)} of {len(typed)}, " in printed) == (0, True)


def test_the_end_of_the_input_saves_the_drill(circuit: Lesson) -> None:
    status, printed = drill(circuit, *CIRCUIT[:4])
    assert status == 1
    assert "4 of 13 questions are done. `tutor --plain circuits/first-circuit`" in printed
    status, printed = drill(circuit, *CIRCUIT[4:])
    assert status == 0
    assert "Question 5 of 13" in printed
    assert "Question 4 of 13" not in printed


def test_input_without_a_last_line_end_counts(circuit: Lesson) -> None:
    typed = "\n".join(map(str, CIRCUIT))
    done = tutor("--plain", circuit.id, typed=typed)
    assert done.returncode == 0


def test_quit_stops_and_keeps_the_place(circuit: Lesson) -> None:
    status, printed = drill(circuit, 2, "quit", 3)
    assert status == 1
    assert "1 of 13 questions are done" in printed


# What is said


def test_the_graph_is_read_out_line_by_line(circuit: Lesson) -> None:
    session = Session.open(Store(places().progress), circuit)
    assert list(graph_lines(session, 0)) == [
        *("x = 1", "y = 2", "z = 0", "a = x + y = 3", "b = max(y, z) = 2", "f = a * b = 6"),
    ]


def test_the_graph_is_read_out_once(circuit: Lesson) -> None:
    assert drill(circuit, *CIRCUIT)[1].count("f = a * b = 6") == 1


def test_sizes_and_arrays_are_read_out_too(layer: Lesson) -> None:
    lines = list(graph_lines(Session.open(Store(places().progress), layer), 0))
    assert lines[0] == "n = 3, m = 2"
    assert lines[1].startswith("x = [[")
    assert any(line.startswith("z = W @ x + b = [[") for line in lines)


def test_a_wrong_answer_is_explained_and_asked_again_with_the_next_line(circuit: Lesson) -> None:
    _, printed = drill(circuit, 3, 2)
    before, _, after = printed.partition("understood: 3, a number\n")
    assert "Question 1 of 13" in before
    first, second, *_ = after.splitlines()
    assert first.startswith("Not right. ")
    assert second == "> 2"
    assert len(first) > len("Not right. ")
    assert after.index("Right.") < after.index("Question 2 of 13")


def test_after_two_wrong_answers_a_hint_is_offered(circuit: Lesson) -> None:
    offer = "A hint may help: type ?"
    assert offer not in drill(circuit, 3)[1]
    assert drill(circuit, 4, 5)[1].count(offer) == 1


def test_a_question_mark_climbs_the_ladder(circuit: Lesson) -> None:
    _, printed = drill(circuit, "?", "？", "?", "?", "?")
    for rung in range(1, 6):
        assert f"Hint {rung} of 5: " in printed
    assert "The answer: 2" in printed
    assert printed.index("Hint 5 of 5") < printed.index("Question 2 of 13")


def test_skip_goes_on(circuit: Lesson) -> None:
    status, printed = drill(circuit, *["skip"] * 13)
    assert status == 0
    assert "13 skipped" in printed


def test_an_empty_line_asks_again_and_costs_nothing(circuit: Lesson) -> None:
    status, printed = drill(circuit, "", "   ", *CIRCUIT)
    assert status == 0
    assert printed.count("Type an answer, ? for a hint, or skip.") == 2
    assert "13 of them at once" in printed


def test_unreadable_text_gets_a_caret_under_the_spot(circuit: Lesson) -> None:
    _, printed = drill(circuit, "2 *")
    lines = printed.splitlines()
    place = next(number for number, line in enumerate(lines) if line.endswith("^"))
    assert lines[place - 1] == "    2 *"
    assert lines[place] == "       ^"
    assert "a number, a name or (" in lines[place - 2]


def test_a_caret_stands_below_wide_characters_and_in_long_lines() -> None:
    assert caret("梯度 + x", Span(5, 6)) == ["    梯度 + x", "           ^"]
    shown, mark = caret("1" * 200 + "?" + "2" * 200, Span(200, 201))
    assert shown[mark.index("^")] == "?"
    assert len(shown) <= 80


def test_entries_that_are_off_are_named(layer: Lesson) -> None:
    from tutor.kinds import build

    questions = build(layer, 0).questions
    place = next(k for k, question in enumerate(questions) if question.kind == "jacobian")
    typed = [question.typed for question in questions[:place]]
    _, printed = drill(layer, *typed, "[[9, 0, 0], [0, 9, 0], [0, 0, 9]]", seed=0)
    assert "All is right but for row 1, column 1; row 2, column 2; row 3, column 3 (counted from 1)." in printed


def test_what_arrives_is_said_once_it_is_known(circuit: Lesson) -> None:
    _, printed = drill(circuit, *CIRCUIT[:4])
    assert "Upstream gradient at f: 1" in printed
    assert "Upstream gradient at b: 3" in printed
    _, printed = drill(circuit, *["skip"] * 9, seed=5)
    assert "Upstream gradient at a" not in printed


def test_examples_are_shown_solved(layer: Lesson) -> None:
    _, printed = drill(layer)
    assert "A worked example: ∂s/∂W, shape of the gradient\nAnswer: (3, 2)\n" in printed


def test_the_lessons_text_stands_before_a_new_drill_only(circuit: Lesson) -> None:
    assert circuit.about is not None
    opening = circuit.about.en.splitlines()[0].replace("**", "")
    assert opening in drill(circuit, 2)[1]
    assert opening not in drill(circuit)[1]


def test_each_part_is_introduced_with_its_graph() -> None:
    lesson = load(bundled_lessons() / "circuits" / "one-gate.yaml")
    _, printed = drill(lesson, *["skip"] * 11)
    for part in lesson.parts:
        for name, tree in part.trees.items():
            assert f"{name} = " in printed, tree


def test_chinese_throughout(circuit: Lesson) -> None:
    status, printed = drill(circuit, 3, "?", *CIRCUIT, language="zh")
    assert status == 0
    assert "第 1 题，共 13 题：∂f/∂a，局部梯度" in printed
    letters = [line for line in printed.splitlines() if line.isascii() and " " in line.strip("> ") and "=" not in line]
    assert letters == []


def test_ascii_output_has_no_character_of_ambiguous_width(circuit: Lesson) -> None:
    _, printed = drill(circuit, 3, "?", "2 *", *CIRCUIT, ascii=True)
    assert printed.isascii()


def test_without_feedback_an_answer_is_noted_and_nothing_said_of_it_before_the_end(circuit: Lesson) -> None:
    status, printed = drill(circuit, 77, "?", "[1, 2]", "why", *CIRCUIT[1:], quiet_feedback=True)
    _, _, after = printed.partition("understood: 77, a number\n")
    assert after.splitlines()[0] == "Noted."
    assert printed.count("Noted.") == 13
    assert "ight." not in printed.partition("Done.")[0]
    assert "There are no hints" in printed
    assert "Wrong shape." in printed
    assert status == 0
    assert "Right: 12 of " in printed


def test_that_answers_cannot_be_saved_is_said_once(circuit: Lesson, home: Path) -> None:
    (home / "progress.sqlite").mkdir()
    status, printed = drill(circuit, *CIRCUIT)
    assert status == 0
    assert printed.count("cannot be saved") == 1


# Bad input

BAD = [
    "nan",
    "inf",
    "9**9**9",
    "1" * 10_000,
    "(" * 1_000,
    "[" * 1_000,
    "[[1, 2], [3]]",
    "__import__('os').system('true')",
    "q",
    "\x00\x1b[31m",
    "½",
    "0,42",
    "1e999",
    "x" * 50_000,
]


@pytest.mark.parametrize("typed", BAD, ids=lambda typed: typed[:12].encode("unicode_escape").decode())
def test_bad_input_is_explained_and_costs_nothing(typed: str, circuit: Lesson) -> None:
    _, printed = drill(circuit, typed)
    assert "Traceback" not in printed
    assert "Question 2 of 13" not in printed
    store = Store(places().progress)
    record = store.latest(circuit.id)
    assert record is not None
    assert [event.state for event in store.events(record.id)] == ["open"]


def test_bytes_that_are_no_text_are_skipped_and_that_is_said_once() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tutor", "--plain", "circuits/first-circuit"],
        input=b"\xff2\xfe\n\xfd3\n",
        capture_output=True,
        cwd=ROOT,
    )
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (1, b"")
    assert "Question 3 of 13" in said
    assert said.count("They are skipped.") == 1


def test_answers_of_which_nothing_can_be_read_end_the_sitting_and_that_is_said() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tutor", "--plain", "circuits/first-circuit"],
        input="2\n".encode("utf-16-le"),  # without the mark that UTF-16 begins with
        capture_output=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "utf-16"},
    )
    assert done.returncode == 1
    assert "They are skipped." in done.stdout.decode("utf-16")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.usefixtures("hears_interrupts")
def test_an_interrupt_is_quiet_and_loses_nothing() -> None:
    import signal

    process = subprocess.Popen(
        [sys.executable, "-m", "tutor", "--plain", "circuits/first-circuit"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("2\n")
    process.stdin.flush()
    while "Question 2 of 13" not in process.stdout.readline():
        pass
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    done = tutor("--plain", "circuits/first-circuit", typed="")
    assert "Question 2 of 13" in done.stdout.decode()
