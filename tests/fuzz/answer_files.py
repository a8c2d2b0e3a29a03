"""Files of answers that people, editors and attackers might hand in, and what grading them must keep to."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.answers import most_memory
from tests.fuzz.hostile_texts import BRACKETS, HOSTILE, obeyed
from tutor.cli import main

LESSON = "circuits/first-circuit"
RIGHT = {
    **{"local f a": "2", "local f b": "3", "downstream f a": "2", "downstream f b": "3", "local b y": "1"},
    **{"local b z": "0", "downstream b y": "3", "downstream b z": "0", "local a x": "1", "local a y": "1"},
    **{"downstream a x": "2", "downstream a y": "2", "total y": "5"},
}
_SEEDS = ["--5", "-", "-1", "9" * 6000, "0" * 400, "1e9", "0x10", "٣", "1.0", "", "[1]", "true", str(2**63), "+5", "7"]
_LESSONS = [".", "/", "", "..", "//", "~", "~nobody/x", "a" * 5000, "a\0b", LESSON, "circuits", "\ud800", "C:\\", "*"]
_TEXTS = [HOSTILE, BRACKETS, "=1+1", "\t=1", "\x85\uff1d1", "1/0", "[1, 1/0]", "9^9^9", "\ud800", "{}", "[", "2: 3"]


def files(random: Random) -> Iterator[tuple[str, bytes]]:
    """Names and contents, without end: whole files by their structure, then damaged as text and as bytes."""
    makers: list[Callable[[Random], Any]] = [_plain, _plain, _plain, _plain, _plain, _nested, _many]
    while True:
        plain = random.choice(makers)(random)
        as_json = random.random() < 0.7
        text = json.dumps(plain, ensure_ascii=random.random() < 0.8) if as_json else _yaml(plain)
        raw = (_damaged(random, text) if random.random() < 0.2 else text).encode("utf-8", "surrogatepass")
        for _ in range(random.choice([0] * 9 + [1, 5])):
            at, far = random.randint(0, len(raw)), random.randint(0, 3)
            raw = raw[:at] + bytes(random.choices(range(256), k=far)) + raw[at + random.randint(0, 3) :]
        fitting = "a.json" if as_json else "a.yaml"
        yield random.choice([fitting, fitting, fitting, "a.yaml", "a.json", "a.txt"]), raw


def _plain(random: Random) -> dict[str, Any]:
    answers: dict[str, Any] = {id: random.choice([*[typed] * 6, _value(random)]) for id, typed in RIGHT.items()}
    for name, values in (("seed", _SEEDS), ("lesson", _LESSONS), ("student", _TEXTS)):
        if random.random() < 0.15:
            answers[name] = random.choice([*values, _value(random)])
    for _ in range(random.choice([0, 0, 1, 3])):
        answers[random.choice([*_TEXTS, "total q", "", "1"])] = _value(random)
    return answers


def _value(random: Random) -> Any:
    return random.choice(
        [
            *(None, True, 0.5, -1, 10**400, 1e-320, [], [[1, 2], [3]], {"a": 1}, [None, [0.5]], "", " ", *"123"),
            *_TEXTS,
            ["ds/dz", "2"],
        ]
    )


def _nested(random: Random) -> Any:
    inner: Any = random.choice([1, "x", {}])
    for _ in range(random.choice([5, 39, 41, 90, 330, 900])):
        inner = [inner] if random.random() < 0.7 else {"k": inner}
    return random.choice([inner, {"total y": inner}, {"lesson": inner}, {"seed": inner}])


def _many(random: Random) -> dict[str, Any]:
    return {f"total y{k}" + random.choice(["", "\x1b", "é"]): "5" for k in range(random.choice([10, 300, 3000]))}


def _yaml(plain: Any) -> str:
    if not isinstance(plain, dict):
        return json.dumps(plain)
    return "".join(f"{key}: {value if isinstance(value, str) else json.dumps(value)}\n" for key, value in plain.items())


def _damaged(random: Random, text: str) -> str:
    for _ in range(random.randint(1, 4)):
        at = random.randint(0, len(text))
        text = (
            text[:at]
            + random.choice(["", *":{}[],\"'\n\t#&*!|>%@`", *_TEXTS])
            + text[at + random.choice([0, 0, 1, 9]) :]
        )
    return text


@dataclass(slots=True)
class Tally:
    """What became of a run of files."""

    tries: int = 0
    unusable: int = 0
    slowest: float = 0.0
    grown: int = 0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.tries} files of answers: {len(self.failures)} failures, {self.unusable} unusable;"
            f" slowest {self.slowest:.2f} s, grown by {self.grown / 2**20:.0f} MiB"
        )


def run_of_files(folder: Path, log: Path, seed: int, count: int) -> Tally:
    """Grade so many files, each with an honest one behind it that must get its results."""
    random, tally, start = Random(seed), Tally(), most_memory()
    honest = folder / "honest.yaml"
    honest.write_text("student: Ada\n" + "".join(f"{id}: {typed}\n" for id, typed in RIGHT.items()), "utf-8")
    for (name, raw), _ in zip(files(random), range(count), strict=False):
        path = folder / name
        path.write_bytes(raw)
        form = random.choice(["csv", "json", "table"])
        started = time.process_time()
        try:
            tally.unusable += _graded(path, honest, form, log)
        except Exception as error:
            tally.failures.append(f"{type(error).__name__}: {str(error)[:300]!r} for {name}, {form}: {raw[:300]!r}")
        tally.slowest = max(tally.slowest, time.process_time() - started)
        tally.tries += 1
    tally.grown = most_memory() - start
    return tally


def _graded(path: Path, honest: Path, form: str, log: Path) -> bool:
    """Whether the file was unusable; raises AssertionError where a promise is broken."""
    out, complaints = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(complaints):
        status = main(["grade", LESSON, str(path), str(honest), "--format", form])
    printed = out.getvalue()
    assert status in (0, 1, 2), f"status {status}"
    assert not log.exists(), log.read_text("utf-8")[-300:]
    assert not obeyed(printed) | obeyed(complaints.getvalue()), "a character that is obeyed"
    if form == "json":
        grades = json.loads(printed)
        assert [each["verdict"] for each in grades[str(honest)]] == ["right"] * 13
        return [each["verdict"] for each in grades[str(path)]] == ["unusable"]
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(printed)))
        assert [row["verdict"] for row in rows if row["file"] == str(honest)] == ["right"] * 13
        assert not [cell for row in rows for cell in row.values() if cell.lstrip()[:1] in tuple("=+-@＝＋－＠")]
        return [row["verdict"] for row in rows if row["file"] == str(path)] == ["unusable"]
    assert f"{honest} (Ada):\n" in printed
    return "unusable" in printed
