"""The examples in the engine's documentation run, and print what they say."""

import doctest
import importlib
import pkgutil

import pytest

import tutor.engine

MODULES = ["tutor.engine", *(module.name for module in pkgutil.walk_packages(tutor.engine.__path__, "tutor.engine."))]
WITH_EXAMPLES = {
    "tutor.engine",
    "tutor.engine.symbolic",
    "tutor.engine.numeric_gradient",
    "tutor.engine.operation_counts",
    "tutor.engine.code",
}


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0
    assert found.attempted > 0 or name not in WITH_EXAMPLES
