"""What a copy of the process finds in folders is what the process itself finds, which goes on where the copy fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.course.test_index import many
from tutor.course.units import refresh_index

ROOT = Path(__file__).parents[2]
CODE = """
import sys
from tutor.folders import scan
from tutor.course import prefetch
from tutor.places import lesson_folders
prefetch._LARGE = 0
looked = []
real = scan.folders
def folders(root, below=""):
    looked.append(root)
    return real(root, below)
if "fail" in sys.argv:
    prefetch.folders = lambda root, below="": 1 / 0
prefetch.look_ahead([each for each in sys.argv[1:] if each != "fail"])
prefetch.folders = folders
places = [scan.ground(prefetch.Path(sys.argv[2]), lesson_folders())] if len(sys.argv) == 3 and sys.argv[2] != "fail" \
    else [(root, "") for root in lesson_folders()]
same = all(prefetch.found_in(root, below) == list(real(root, below)) for root, below in places)
print(same, len(looked) == 0, sum(1 for root, below in places for _ in real(root, below)))
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs copies of a process")


def told(*arguments: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", CODE, *arguments], env=environment, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def lessons(home: Path) -> Path:
    many(home / "lessons", 3, 4)
    refresh_index()
    return home / "lessons"


def test_the_copy_finds_what_there_is() -> None:
    assert told("list") == "True True 5"


def test_the_copy_looks_through_the_folder_that_is_named(lessons: Path) -> None:
    assert told("list", str(lessons / "unit-01")) == "True True 1"


def test_where_the_copy_fails_the_process_looks_itself() -> None:
    assert told("list", "fail") == "True False 5"


def test_other_commands_make_no_copy() -> None:
    assert told("solve") == "True False 5"
