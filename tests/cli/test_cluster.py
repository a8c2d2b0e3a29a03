"""Work sent to other processes and machines: the same output, whoever ends in the middle, and sentences that help."""

import json
import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tutor.cli import cluster, grade_command, main
from tutor.course.worker_pool import Lost

Printed = pytest.CaptureFixture[str]
LESSON = "circuits/first-circuit"
SOLVED = ("local f a", "local f b", "downstream f a", "downstream b y", "total y", "total x")
BORROWED = "title: {en: Good, zh: 好}\ngiven: {x: 1}\ngraph: {a: x + 1, f: a * x}\n"
BORROWER = "title: {en: Again, zh: 再来}\nrequires: [week/first, week/frist]\nparts: [{from: week/first}]\n"


def answers(folder: Path, count: int) -> list[str]:
    """So many students, whose names tell their answers apart; by paths that mean something here alone."""
    chance = random.Random(1)
    for k in range(count):
        typed = {id: str(chance.randrange(-3, 7)) for id in SOLVED} | {"student": f"student {k}", "seed": k % 5}
        (folder / f"{k:04}.yaml").write_text(json.dumps(typed), "utf-8")
    (folder / "none.yaml").write_text("- 1\n", "utf-8")
    (folder / "other.yaml").write_text("lesson: circuits/one-gate\n", "utf-8")
    return sorted(file.name for file in folder.glob("*.yaml"))


def graded(capsys: Printed, files: list[str], *more: str) -> tuple[int, str, str]:
    status = main(["grade", LESSON, *files, "--format", "csv", *more])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A scheduler and two workers, processes that begin in a folder of their own."""
    distributed = pytest.importorskip("distributed")
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("elsewhere"))
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, scheduler_port=0
    ) as found:
        os.chdir(before)
        yield found


def kill_one(dask: Any) -> None:
    os.kill(next(iter(dask.workers.values())).pid, signal.SIGKILL)


@pytest.mark.parametrize("count", [40, pytest.param(2000, marks=[pytest.mark.thorough, pytest.mark.timeout(1_800)])])
def test_a_class_is_graded_alike_when_a_worker_is_killed_in_the_middle(
    dask: Any, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.chdir(tmp_path)
    files = answers(tmp_path, count)
    monkeypatch.setattr(grade_command, "_ALONE", count + 10)
    here = graded(capsys, files)
    seen: list[int] = []

    def shown(self: object, done: int, of: int) -> None:
        seen.append(done)
        if done == count // 3:
            kill_one(dask)

    monkeypatch.setattr(grade_command.ProgressBar, "show", shown)
    assert graded(capsys, files, "--cluster", dask.scheduler_address) == here
    assert seen == list(range(1, len(files) + 1))  # each once


def test_lessons_are_checked_alike_though_no_worker_sees_their_files(
    dask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    (tmp_path / "week").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "unit": "title: Week\nlessons: [second, third]\n",
        "first": BORROWED,
        "second": BORROWER,
        "broken": "title: T\ngraph: [\n",
    }.items():
        Path("week", f"{name}.yaml").write_text(text, "utf-8")
    told = []
    for more in ([], ["--cluster", dask.scheduler_address]):
        assert main(["check", "week", "--json", *more]) == 1
        told.append(json.loads(capsys.readouterr().out))
    assert told[0] == told[1]
    assert {each["file"] for each in told[0]} >= {str(Path("week", f"{name}.yaml")) for name in ("unit", "second")}


@pytest.mark.usefixtures("dask")
def test_whoever_has_no_dask_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    for command in (["check", LESSON], ["grade", LESSON, "ada.yaml"]):
        assert main([*command, "--cluster", "tcp://127.0.0.1:1"]) == 2
        assert "pip install 'backprop-tutor[cluster]'" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x", "127.0.0.1:1"])
def test_a_scheduler_that_does_not_answer_is_an_error_and_no_wait(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "SCHEDULER_SECONDS", 1)
    assert main(["check", LESSON, "--cluster", address]) == 2
    told = capsys.readouterr().err
    assert f"No Dask scheduler answers at {address}" in told
    assert "Traceback" not in told


def test_a_cluster_without_workers_and_one_of_another_version_are_told(
    dask: Any, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    import distributed

    with monkeypatch.context() as patch:
        patch.setattr(cluster, "__version__", "0.0.0")
        assert main(["check", LESSON, "--cluster", dask.scheduler_address]) == 2
    assert "need backprop-tutor 0.0.0" in capsys.readouterr().err
    monkeypatch.setattr(cluster, "WORKER_SECONDS", 1)
    with distributed.LocalCluster(n_workers=0, dashboard_address=None, scheduler_port=0) as empty:
        assert main(["check", LESSON, "--cluster", empty.scheduler_address]) == 2
    assert "has no worker that answers" in capsys.readouterr().err


def test_a_large_class_is_graded_alike_by_several_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.chdir(tmp_path)
    files = answers(tmp_path, 12)
    here = graded(capsys, files)
    monkeypatch.setattr(grade_command, "_ALONE", 4)
    assert graded(capsys, files) == here


def test_a_file_at_which_a_worker_is_lost_is_named_and_the_others_are_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.chdir(tmp_path)
    answers(tmp_path, 4)
    files = [f"{k:04}.yaml" for k in range(4)]
    lost = {0: Lost(), 1: Lost(late=True), 2: Lost("MemoryError", cause=MemoryError())}

    def shared(work: Any, items: Any, pool: Any) -> Iterator[tuple[int, Any]]:
        yield from ((k, lost[k] if k in lost else work(item)) for k, item in enumerate(items))

    monkeypatch.setattr(grade_command, "_ALONE", 4)
    monkeypatch.setattr(grade_command, "shared", shared)
    status, out, err = graded(capsys, files)
    assert status == 2
    unusable = [line.split(",")[0] for line in out.splitlines() if ",unusable," in line]
    assert unusable == files[:3]
    assert len([line for line in out.splitlines() if line.startswith(files[3])]) >= len(SOLVED)
    for file, words in zip(files, ("ended from outside", "took too long", "MemoryError"), strict=False):
        assert any(file in line and words in line for line in err.splitlines())
