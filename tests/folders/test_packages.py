"""Installed packages bring lessons along by an entry point; what they declare is read, never run."""

import subprocess
import sys
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.course.refresh import course_from_index, refresh_index
from tutor.folders.locate import find
from tutor.folders.packages import packaged_lessons
from tutor.text import say

LESSON = "title: {en: Theirs, zh: 他们的}\ngiven: {x: 1}\ngraph: {a: x + 1, f: a * x}\n"


def installed(site: Path, package: str, points: str, *, lessons: str = "lessons") -> Path:
    """A package as an installer leaves it behind; importing it ends the test run."""
    module = site / package.replace("-", "_")
    folder = module / lessons / "theirs"
    folder.mkdir(parents=True)
    (module / "__init__.py").write_text("raise SystemExit('imported')\n", "utf-8")
    (folder / "unit.yaml").write_text("title: {en: Their unit, zh: 他们的单元}\norder: 90\n", "utf-8")
    (folder / "first.yaml").write_text(LESSON, "utf-8")
    info = site / f"{package.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(points, "utf-8")
    return module / lessons


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def test_a_package_joins_the_course_and_none_of_its_code_runs(site: Path) -> None:
    folder = installed(site, "my-course", "[tutor.lessons]\nmine = my_course.lessons\n")
    course = refresh_index()
    assert course.units[-1].title.in_("en") == "Their unit"  # type: ignore[union-attr]
    assert find("theirs/first") == folder / "theirs" / "first.yaml"
    assert "my_course" not in sys.modules


def test_the_first_screen_knows_packages_from_the_index(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(site, "my-course", "[tutor.lessons]\nmine = my_course.lessons\n")
    installed(site, "bad-course", "[tutor.lessons]\nmine = bad_course.nowhere\n")
    course = refresh_index()
    monkeypatch.setattr("importlib.metadata.distributions", lambda **_: 1 / 0)
    assert course_from_index() == course
    assert "theirs/first" in course.ids


def test_ours_win_over_a_packages_and_the_learners_over_both(site: Path, home: Path) -> None:
    folder = installed(site, "my-course", "[tutor.lessons]\nmine = my_course.lessons\n")
    (folder / "circuits").mkdir()
    (folder / "circuits" / "first-circuit.yaml").write_text(LESSON, "utf-8")
    course = refresh_index()
    won = course.entry("circuits/first-circuit")
    assert won is not None
    assert won.title.en == "A first circuit"
    assert (folder / "circuits" / "first-circuit.yaml").as_posix() in course.ids
    own = home / "lessons" / "theirs" / "first.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(LESSON, "utf-8")
    assert find("theirs/first") == own


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ("[tutor.lessons]\nmine = my_course.nowhere\n", "my_course.nowhere"),
        ("[tutor.lessons]\nmine = nobody_has_this\n", "nobody_has_this"),
        ("[tutor.lessons]\nmine = ../../etc\n", "../../etc"),
        ("[tutor.lessons]\nmine = my_course:lessons\n", "my_course:lessons"),
        ("[tutor.lessons]\nmine\n", "my-course"),
    ],
)
def test_a_broken_entry_point_is_said_and_stops_nothing(
    points: str, says: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    installed(site, "my-course", points)
    course = refresh_index()
    assert "circuits/first-circuit" in course.ids
    broken = course.units[-1].broken
    assert broken is not None
    assert says in say(broken.message, "en")
    assert main(["list"]) == 0
    assert f"broken: {say(broken.message, 'en')}" in capsys.readouterr().out
    assert main(["list", "--json"]) == 0
    assert says in capsys.readouterr().err


def test_a_damaged_package_stops_no_lesson_from_being_read(site: Path) -> None:
    installed(site, "their-course", "[tutor.lessons]\nmine\n")
    installed(site, "a-package", "[other]\nnonsense\n")
    installed(site, "a-plugin", "[pydantic]\np = a_plugin:plugin\n")
    code = f"import sys; sys.path.insert(0, {str(site)!r}); from tutor.cli import main; sys.exit(main(sys.argv[1:]))"
    for command in (["list"], ["solve", "circuits/first-circuit"], ["check", "circuits/one-gate"]):
        done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), command


def test_a_package_that_cannot_be_read_is_said_and_stops_nothing(site: Path) -> None:
    installed(site, "my-course", "[tutor.lessons]\nmine = my_course.lessons\n")
    points = next(site.glob("*.dist-info")) / "entry_points.txt"
    points.write_bytes(b"[tutor.lessons]\nmine = \xff\xfe\n")
    (found,) = packaged_lessons()
    assert found.folder is None
    assert refresh_index().units[-1].broken is not None


def test_a_package_without_a_name_stands_beside_others(site: Path) -> None:
    """As an installation that was broken off leaves it behind."""
    installed(site, "my-course", "[tutor.lessons]\nmine = my_course.lessons\n")
    installed(site, "rest", "[tutor.lessons]\nmine = rest.lessons\n")
    (site / "rest-1.0.dist-info" / "METADATA").unlink()
    assert sorted(found.package for found in packaged_lessons()) == ["?", "my-course"]


@pytest.mark.thorough
def test_a_package_installed_by_pip_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source"
    (source / "my_course" / "lessons" / "theirs").mkdir(parents=True)
    (source / "my_course" / "lessons" / "theirs" / "first.yaml").write_text(LESSON, "utf-8")
    (source / "my_course" / "__init__.py").write_text("", "utf-8")
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n'
        '[project]\nname = "my-course"\nversion = "1.0"\n\n'
        '[project.entry-points."tutor.lessons"]\nmy-course = "my_course.lessons"\n',
        "utf-8",
    )
    target = tmp_path / "target"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(source)]
    subprocess.run(pip, check=True)
    monkeypatch.syspath_prepend(str(target))
    assert "theirs/first" in refresh_index().ids
