"""The table of calls against the libraries themselves: every signature as it is installed, every meaning readable."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from tutor.authoring.python.call_table import UNSET, CallRow, bound, signature_of
from tutor.authoring.python.composite_calls import CompositeCalls
from tutor.authoring.python.libraries import TABLES
from tutor.authoring.python.torch_layers import layers
from tutor.engine.compile import callables

NUMPY = {"numpy": np, "numpy.linalg": np.linalg, "ndarray": np.ndarray}
# NumPy's methods take these behind `**kwargs`; written out they are those of the functions.
IN_KWARGS = {"keepdims", "initial", "where", "mean", "correction"}


def plain(signature: inspect.Signature) -> list[tuple[str, Any, str]]:
    """Names, kinds and defaults; without annotations and what a table cannot have as a literal."""
    return [
        (
            each.name,
            each.kind,
            "" if each.default is inspect.Parameter.empty else str(each.default).replace("UNSET", ""),
        )
        for each in signature.parameters.values()
        if each.name != "dtype" and each.kind != inspect.Parameter.VAR_KEYWORD
    ]


def numpy_rows() -> Iterator[tuple[str, str, CallRow]]:
    for library in NUMPY:
        for name, rows in TABLES[library].items():
            for row in rows:
                yield library, name, row


@pytest.mark.parametrize(
    ("library", "name", "row"), [pytest.param(*each, id=f"{each[0]}.{each[1]}") for each in numpy_rows()]
)
def test_numpy_s_signatures_are_those_that_are_installed(library: str, name: str, row: CallRow) -> None:
    installed = inspect.signature(getattr(NUMPY[library], name))
    own = plain(row.signature)
    if any(each.kind == inspect.Parameter.VAR_KEYWORD for each in installed.parameters.values()):
        own = [each for each in own if each[0] not in IN_KWARGS]
    if library == "ndarray" or name in ("clip", "einsum", "item"):
        # Here NumPy writes `*args` where the table has names; what both name comes in the same order.
        theirs = [each[0] for each in plain(installed)]
        assert [each[0] for each in own if each[0] in theirs] == [
            each for each in theirs if each in {o[0] for o in own}
        ]
    else:
        assert own == plain(installed)


torch_rows = [
    (library, name, row)
    for library in TABLES
    if library.startswith("torch")
    for name, rows in TABLES[library].items()
    for row in rows
]


@pytest.mark.parametrize(("library", "name", "row"), [pytest.param(*e, id=f"{e[0]}.{e[1]}") for e in torch_rows])
def test_pytorch_s_signatures_are_those_that_are_installed(library: str, name: str, row: CallRow) -> None:
    """What is written in Python shows its signature; of the rest PyTorch keeps the names of the parameters."""
    torch = pytest.importorskip("torch")
    function = getattr(importlib.import_module(library), name)
    own = [each for each in row.signature.parameters if each not in MADE]
    try:
        found = inspect.signature(function)
        if any(each.kind == inspect.Parameter.VAR_KEYWORD for each in found.parameters.values()):
            raise ValueError
        if inspect.isclass(function) or any(e.kind == e.VAR_POSITIONAL for e in found.parameters.values()):
            return
        assert [(n, d) for n, _, d in plain(row.signature)] == [(n, d) for n, _, d in plain(found)]
    except (ValueError, TypeError):
        schemas = [str(each._schema) for each in overloads(torch, name)]
        documented = (function.__doc__ or "").partition("\n\n")[0]
        known = " ".join([*schemas, documented]).replace("self", "input")
        assert all(re.search(rf"\b{each}\b", known) for each in own if each not in ("input", "tensor")), known


MADE = {"out", "dtype", "layout", "device", "requires_grad", "pin_memory", "memory_format", "generator"}


def overloads(torch: Any, name: str) -> Sequence[Any]:
    packet = getattr(torch.ops.aten, name, None)
    return [] if packet is None else [getattr(packet, each) for each in packet.overloads()]


@pytest.mark.parametrize("layer", layers(), ids=lambda each: each.name)
def test_layers_are_made_as_pytorch_makes_them(layer: ast.ClassDef) -> None:
    torch = pytest.importorskip("torch")
    installed = inspect.signature(getattr(torch.nn, layer.name).__init__)
    init = next(each for each in layer.body if isinstance(each, ast.FunctionDef) and each.name == "__init__")
    own = signature_of(f"({ast.unparse(init.args)})")
    names = [each for each in installed.parameters if each not in ("args", "kwargs")]
    assert [each for each in own.parameters if each != "args"] == names or layer.name == "Sequential"
    for each in names:
        assert own.parameters[each].default == installed.parameters[each].default or layer.name == "Sequential"


@pytest.mark.parametrize("library", TABLES)
def test_meanings_speak_of_parameters_functions_of_ours_and_tools(library: str) -> None:
    for name, rows in TABLES[library].items():
        for row in rows:
            called = {
                each.func.id
                for each in ast.walk(row.meaning)
                if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
            }
            bound_here = {
                each.id
                for each in ast.walk(row.meaning)
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            }
            assert called <= callables() | {each for each in dir(CompositeCalls) if not each.startswith("_")}, name
            assert row.mentioned <= {*row.signature.parameters, *called, *bound_here}, name


def test_arguments_bind_as_in_python() -> None:
    (row,) = TABLES["torch.nn.functional"]["layer_norm"]
    x, g, b = object(), object(), object()
    from tutor.authoring.python.python_values import Array
    from tutor.expr.tree import Name

    x, g, b = (Array(Name(each)) for each in "xgb")
    assert bound(row, [x, (3,), g, b, 0.5], {}) == {
        "input": x, "normalized_shape": (3,), "weight": g, "bias": b, "eps": 0.5,
    }  # fmt: skip
    assert bound(row, [x], {}) is None
    assert bound(row, [x, (3,)], {"epsilon": 1}) is None
    assert bound(TABLES["numpy"]["exp"][0], [], {"x": x}) is None  # positional only
    assert row.unmapped("eps", 0.5) is False
    cross_entropy = TABLES["torch.nn.functional"]["cross_entropy"][0]
    assert cross_entropy.unmapped("weight", g)
    assert cross_entropy.unmapped("ignore_index", 0)
    assert not cross_entropy.unmapped("weight", None)


def test_the_default_that_numpy_tells_from_every_value_is_kept() -> None:
    assert TABLES["numpy"]["sum"][0].signature.parameters["keepdims"].default is UNSET
