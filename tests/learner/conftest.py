"""A store and a lesson to practise."""

from pathlib import Path

import pytest

from tutor.kinds import load
from tutor.learner.store import Store
from tutor.lesson.model import Lesson
from tutor.places import bundled_lessons


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "deep" / "progress.sqlite")


@pytest.fixture
def circuit() -> Lesson:
    """f = (x + y) · max(y, z) at 1, 2, 0: thirteen questions."""
    return load(bundled_lessons() / "circuits" / "first-circuit.yaml")


@pytest.fixture
def layer() -> Lesson:
    """s = uᵀ tanh(W x + b) with numbers drawn from the seed."""
    return load(bundled_lessons() / "one-layer" / "score-gradient.yaml")
