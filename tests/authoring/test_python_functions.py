"""Hundreds of Python functions, executed and read: the same value and gradients, or a refusal, and never a third thing.

NumPy's run as `autograd.numpy` has it; PyTorch's on a stand-in by the documented meaning of its calls, which is
compared with PyTorch itself where that is installed.
"""

import importlib.util
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from tests.authoring.python_functions import torch_by_numpy
from tests.authoring.python_functions.cases import SIZES, Case
from tests.authoring.python_functions.modules import MODULES
from tests.authoring.python_functions.numpy_calls import NUMPY_CALLS
from tests.authoring.python_functions.numpy_entries import NUMPY_ENTRIES
from tests.authoring.python_functions.numpy_statements import NUMPY_STATEMENTS
from tests.authoring.python_functions.torch_calls import TORCH_CALLS
from tests.authoring.python_functions.torch_statements import TORCH_STATEMENTS
from tutor.authoring.composing import ShapesWantedError, compose
from tutor.authoring.declarations import Declared, UnclearError, declarations, sizes_from, with_all_sizes
from tutor.authoring.python.read_function import PythonFunction, read_function
from tutor.authoring.unknown_shapes import shape_at
from tutor.engine import EngineError, Graph, Run
from tutor.expr import names_in
from tutor.lesson.file.problem import LessonError

CASES = [*NUMPY_CALLS, *NUMPY_STATEMENTS, *NUMPY_ENTRIES, *TORCH_CALLS, *TORCH_STATEMENTS, *MODULES]
NAMED = {f"{case.library}: {case.name} ({case.shapes})": case for case in CASES}
_STEP = 1e-3
REFUSED = (LessonError, UnclearError, ShapesWantedError, EngineError)
Arrays = dict[str, Any]


@pytest.mark.parametrize("case", NAMED.values(), ids=NAMED)
def test_a_function_is_read_as_it_runs_or_refused(case: Case) -> None:
    """Oracle: the function itself, run and differentiated by autograd."""
    if not case.read:
        with pytest.raises(REFUSED):
            read_and_run(case)
        return
    found, run = read_and_run(case)
    outputs, gradients = differentiated(case, [run.seeds[run.graph.index[name]] for name in found.results])
    for name, output in zip(found.results, outputs, strict=True):
        assert np.shape(run.values[name]) == np.shape(output)
        np.testing.assert_allclose(run.values[name], output, rtol=1e-7, atol=1e-9)
    nodes = {own: node for node, own in arguments(case, found).items()}
    for name, gradient in gradients.items():
        ours = run.gradients.get(nodes[name], 0.0) if name in nodes else 0.0  # not used: nothing flows there
        np.testing.assert_allclose(ours, gradient, rtol=1e-6, atol=1e-7, err_msg=name)


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed")
@pytest.mark.parametrize("case", [each for each in CASES if each.library == "torch" and each.read], ids=str)
def test_the_stand_in_means_what_pytorch_means(case: Case) -> None:
    drawn = np.random.default_rng(3)
    plain = [np.asarray(each) for each in results(executed(case)(*copies(case.numbers())))]
    seeds = [drawn.uniform(0.5, 1.5, each.shape) for each in plain]
    outputs, gradients = differentiated(case, seeds)
    real_outputs, real_gradients = by_pytorch(case, seeds)
    for one, other in zip(outputs, real_outputs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-8)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, real_gradients[name], rtol=1e-5, atol=1e-7, err_msg=name)


def test_there_are_hundreds_of_functions_and_each_stands_for_itself() -> None:
    assert len(NAMED) == len(CASES) >= 250


@pytest.mark.thorough
@pytest.mark.parametrize("case", [each for each in CASES if each.read][::6])
def test_what_is_read_becomes_a_lesson(case: Case) -> None:
    """All the way: numbers, questions, and `tutor check` without an error."""
    found = reading(case)
    used = {name for _, tree in found.formulas for name in names_in(tree)}
    inputs = {name: each for name, each in found.inputs.items() if name in used}
    sizes = with_all_sizes(sizes_from(""), inputs.values())
    sizes = {name: SIZES.get(name, size) for name, size in sizes.items()}
    made = compose(list(found.formulas), inputs, sizes, Path("/nowhere/lesson.yaml"), outputs=found.results)
    assert not any(each.severity == "error" for each in made.warnings)


def reading(case: Case) -> PythonFunction:
    return read_function(case.source, "f.py", case.function, declarations(case.declared))


def read_and_run(case: Case) -> tuple[PythonFunction, Run]:
    """What we read, run on the case's numbers; raises what `tutor new` would refuse it with."""
    found = reading(case)
    integer = [name for name, each in found.inputs.items() if each.role in ("labels", "rows")]
    sizes = {name: size for name, size in SIZES.items() if name not in found.inputs}
    graph = Graph.parse(dict(found.formulas), None, sizes, integer, outputs=found.results)
    own, numbers = arguments(case, found), case.numbers()
    given = {name: numbers[own[name]] if name in own else counted(found.inputs[name]) for name in graph.inputs}
    plan = graph.plan({graph.index[name]: np.shape(value) for name, value in given.items()})
    drawn = np.random.default_rng(5)
    upstream = {name: drawn.uniform(0.5, 1.5, plan.shapes[graph.index[name]]) for name in found.results}
    with np.errstate(all="ignore"):
        return found, graph.run(given, upstream)


def arguments(case: Case, found: PythonFunction) -> dict[str, str]:
    """Our inputs and the case's arguments: by name, perhaps with a number behind it; what a class keeps, in order."""
    used = {name for _, tree in found.formulas for name in names_in(tree)}
    inputs = [name for name, each in found.inputs.items() if name in used and each.role != "rows"]
    names = [*case.numbers()]
    same = {name: own for name in inputs for own in (name, re.sub(r"\d+$", "", name)) if own in names}
    kept = [name for name in inputs if name not in same]
    return {**same, **dict(zip(kept, [own for own in names if own not in same.values()], strict=False))}


def counted(rows: Declared) -> Any:
    return np.arange(*shape_at(rows, SIZES))


def executed(case: Case) -> Callable[..., Any]:
    """The function on plain arrays, NumPy's calls as autograd has them, PyTorch's by the stand-in."""
    source = case.means or case.source
    names: dict[str, Any] = {"np": anp, "torch": torch_by_numpy.torch, "F": torch_by_numpy.F, **SIZES}
    exec(_without_libraries(source, case.library), names)
    call = names["f"]
    if case.library == "numpy":
        return call  # type: ignore[no-any-return]
    return lambda *given: _raw(call(*map(torch_by_numpy.Tensor, given)))


def _without_libraries(source: str, library: str) -> str:
    if library == "numpy":
        source = re.sub(r"^(\s*)import numpy as (\w+)$", r"\1import autograd.numpy as \2", source, flags=re.MULTILINE)
        return re.sub(r"^from numpy import", "from autograd.numpy import", source, flags=re.MULTILINE)
    return re.sub(r"^(import|from) torch.*$", "", source, flags=re.MULTILINE)


def _raw(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return type(value)(map(_raw, value))
    return value.array if isinstance(value, torch_by_numpy.Tensor) else value


def results(found: Any) -> tuple[Any, ...]:
    """What is returned, without the tuple that is kept for the backward pass."""
    if not isinstance(found, tuple | list):
        return (found,)
    return tuple(each for each in found if not isinstance(each, tuple | dict))


def copies(numbers: Arrays) -> list[Any]:
    return [np.array(each) for each in numbers.values()]


def differentiated(case: Case, seeds: list[Any]) -> tuple[list[Any], Arrays]:
    """Outputs, and the gradients of seeds times outputs with respect to every variable, by name."""
    call, numbers = executed(case), case.numbers()
    with np.errstate(all="ignore"):
        outputs = [np.asarray(each) for each in results(call(*copies(numbers)))]
        by = _exact if case.library == "torch" else _confirmed
        return outputs, {name: by(call, numbers, name, seeds) for name in case.variables}


def _confirmed(call: Callable[..., Any], numbers: Arrays, name: str, seeds: list[Any]) -> Any:
    """By autograd, where it has the call; it knows nothing of arrays that change in place, which differences show."""
    slope = _slope(call, numbers, name, seeds)
    try:
        found = _exact(call, numbers, name, seeds)
    except (NotImplementedError, TypeError, ValueError, AttributeError, AssertionError):
        return slope
    return found if np.shape(found) == slope.shape and np.allclose(found, slope, rtol=1e-4, atol=1e-6) else slope


def _exact(call: Callable[..., Any], numbers: Arrays, name: str, seeds: list[Any]) -> Any:
    def objective(*given: Any) -> Any:
        made = results(call(*(each * 1 for each in given)))
        return sum(anp.sum(seed * each) for seed, each in zip(seeds, made, strict=True))

    with warnings.catch_warnings(action="ignore"):  # that an output does not depend on an input
        return autograd.grad(objective, [*numbers].index(name))(*copies(numbers))


def _slope(call: Callable[..., Any], numbers: Arrays, name: str, seeds: list[Any]) -> Any:
    """By central differences of the fourth order."""

    def objective(k: int, step: float) -> float:
        moved = dict(zip(numbers, copies(numbers), strict=True))
        flat = moved[name].reshape(-1)
        flat[k] += step
        made = results(call(*moved.values()))
        return float(sum(np.sum(seed * np.asarray(each)) for seed, each in zip(seeds, made, strict=True)))

    found = np.zeros(numbers[name].size)
    for k in range(found.size):
        near, far = (objective(k, h) - objective(k, -h) for h in (_STEP, 2 * _STEP))
        found[k] = (8 * near - far) / (12 * _STEP)
    return found.reshape(numbers[name].shape)


def by_pytorch(case: Case, seeds: list[Any]) -> tuple[list[Any], Arrays]:
    """The same by PyTorch itself."""
    import torch

    names: dict[str, Any] = {"torch": torch, "F": torch.nn.functional, "nn": torch.nn, **SIZES}
    source = _without_libraries(case.means or case.source, "torch").replace(".float()", ".double()")
    exec(source, names)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        variables = case.variables
        given = {name: torch.tensor(each, requires_grad=name in variables) for name, each in case.numbers().items()}
        made = results(names["f"](*(each * 1 for each in given.values())))
        objective = sum((torch.tensor(seed) * each).sum() for seed, each in zip(seeds, made, strict=True))
        objective.backward()  # type: ignore[union-attr]
    finally:
        torch.set_default_dtype(before)
    gradients = {
        name: np.zeros(each.shape) if each.grad is None else each.grad.numpy()
        for name, each in given.items()
        if each.requires_grad
    }
    return [each.detach().numpy() if hasattr(each, "detach") else np.asarray(each) for each in made], gradients
