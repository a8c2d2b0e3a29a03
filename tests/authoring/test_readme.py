"""The README's five minutes: every command is run, and prints what stands there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.authoring.lesson_check import check_file

ROOT = Path(__file__).parents[2]
SECTION = re.compile(r"^## Write a lesson in five minutes\n(.*?)^## ", re.MULTILINE | re.DOTALL)
SMALLEST = re.compile(r"^A lesson is a YAML file\. .*?^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, str]]:
    """Each command of the section, here-documents and all, with the output that follows it."""
    section = SECTION.search((ROOT / "README.md").read_text("utf-8"))
    assert section is not None
    found: list[tuple[str, str]] = []
    for block in BLOCK.findall(section.group(1)):
        for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            inside = re.match(r"(.*<<'END'\n.*?^END\n)(.*)", piece, re.DOTALL | re.MULTILINE)
            command, output = inside.groups() if inside else piece.split("\n", 1)
            found.append((command, output))
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="the README speaks to a POSIX shell")
def test_every_command_prints_what_the_readme_says(tmp_path: Path, home: Path) -> None:
    program = tmp_path / "bin" / "tutor"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tutor "$@"\n', "utf-8")
    program.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    environment = os.environ | {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "TUTOR_HOME": str(home),
    }
    found = commands()
    assert len(found) >= 8
    for command, output in found:
        done = subprocess.run(
            ["/bin/sh", "-c", command], cwd=work, env=environment, capture_output=True, encoding="utf-8"
        )
        assert (done.stdout, done.stderr) == (output, ""), command


def test_the_smallest_lesson_has_warnings_alone_and_none_as_the_readme_says_to_end_them(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    found = SMALLEST.search(readme)
    assert found is not None
    path = tmp_path / "smallest.yaml"
    path.write_text(found[1], "utf-8")
    assert {problem.severity for problem in check_file(path)} == {"warning"}
    assert "`x: {integers: [2, 9]}`" in readme
    given = ", ".join(f"{name}: {{integers: [2, 9]}}" for name in "xyz")
    drawn = found[1].replace("{x: 1, y: 2, z: 0}", f"{{{given}}}")
    drawn = drawn.replace("title: A first circuit", "title: {en: A first circuit, zh: 第一个电路}")
    path.write_text(drawn, "utf-8")
    assert check_file(path) == ()
