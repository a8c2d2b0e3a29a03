"""Files live where the system wants them, and `TUTOR_HOME` moves them all."""

import os
from pathlib import Path

import pytest

from tutor.places import bundled_lessons, lesson_folders, places


def test_tutor_home_moves_everything(home: Path) -> None:
    folders = places()
    assert folders.data == home
    assert all(home in path.parents for path in (folders.progress, folders.cache, folders.lessons))


def test_without_it_the_systems_folders_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TUTOR_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for variable in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    folders = places()
    assert folders.data != folders.cache
    assert folders.lessons.parent == folders.data
    assert "backprop-tutor" in folders.progress.parts


def test_the_bundled_lessons_are_there() -> None:
    assert (bundled_lessons() / "circuits" / "first-circuit.yaml").is_file()


def test_the_learners_folders_come_before_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TUTOR_LESSONS", os.pathsep.join([str(tmp_path / "a"), "", str(tmp_path / "b")]))
    assert lesson_folders() == (places().lessons, tmp_path / "a", tmp_path / "b", bundled_lessons())
