"""What Python does around formulas: names for one array, loops, classes, cells, notebooks, several returned values."""

import json
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.authoring.test_new import Printed
from tutor.authoring.declarations import declarations
from tutor.authoring.python.read_function import PythonFunction, read_function
from tutor.cli import main
from tutor.engine import Graph
from tutor.lesson.file.problem import LessonError
from tutor.text import say

TORCH = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


def read(source: str, shapes: str = "", file: str = "f.py", function: str | None = None, **more: Any) -> PythonFunction:
    return read_function(textwrap.dedent(source), file, function, declarations(shapes), **more)


def value(found: PythonFunction, sizes: dict[str, int] | None = None, **given: Any) -> Any:
    """The value of the only result at these inputs."""
    graph = Graph.parse(dict(found.formulas), inputs=given, sizes=sizes or {}, outputs=found.results)
    (output,) = found.results
    at = {name: np.asarray(each) for name, each in given.items()}
    plan = graph.plan({graph.index[name]: each.shape for name, each in at.items()})
    return graph.run(at, {output: np.ones(plan.shapes[graph.index[output]])}).values[output]


def refusal(source: str, shapes: str = "", **more: Any) -> tuple[int, str]:
    with pytest.raises(LessonError) as refused:
        read(source, shapes, **more)
    first = refused.value.problems[0]
    return first.line, say(first.message, "en")


Z = np.array([0.5, -1.0, 2.0])


def test_a_change_in_place_is_seen_under_both_names_of_an_array() -> None:
    source = "import numpy as np\ndef f(z):\n    a = 2 * z\n    y = a\n    y += 1\n    return np.sum(y * a)\n"
    assert value(read(source, "z: 3"), z=Z) == pytest.approx(np.sum((2 * Z + 1) ** 2))


def test_a_number_of_numpy_is_not_changed_in_place() -> None:
    source = "import numpy as np\ndef f(z):\n    a = np.sum(z)\n    y = a\n    y += 1\n    return y * a\n"
    assert value(read(source, "z: 3"), z=Z) == pytest.approx((Z.sum() + 1) * Z.sum())


def test_a_tensor_of_one_number_is_changed_in_place() -> None:
    source = f"{TORCH}def f(z):\n    a = z.sum()\n    y = a\n    y += 1\n    return y * a\n"
    assert value(read(source, "z: 3"), z=Z) == pytest.approx((Z.sum() + 1) ** 2)


@pytest.mark.parametrize("view", ["a[0]", "a.T", "a.view(-1)", "a.unsqueeze(0)", "a.chunk(2)[0]", "a.detach()"])
def test_what_looks_at_changed_entries_is_refused_when_it_is_used(view: str) -> None:
    source = f"{TORCH}def f(z):\n    a = 2 * z\n    y = {view}\n    a += 1\n    return (y * y).sum()\n"
    line, _ = refusal(source, "z: 4,2")
    assert line == 8
    assert read(source.replace("(y * y).sum()", "(a * a).sum()"), "z: 4,2").results


def test_a_copy_keeps_its_own_entries() -> None:
    source = "import numpy as np\ndef f(z):\n    a = 2 * z\n    y = a.copy()\n    y += 1\n    return np.sum(y * a)\n"
    assert value(read(source, "z: 3"), z=Z) == pytest.approx(np.sum((2 * Z + 1) * 2 * Z))


def test_loops_comprehensions_and_branches_over_fixed_things_are_written_out() -> None:
    source = """
        import numpy as np
        def f(x, w, steps=3, kind="tanh", bias=None):
            h = np.zeros(3)
            for t in range(steps):
                if t == 1:
                    continue
                h = np.tanh(w * h + x) if kind == "tanh" else h
            if bias is not None:
                h = h + bias
            return sum(k * part for k, part in enumerate([h, 2 * h], start=1)).sum()
    """
    h = np.tanh(1.5 * np.tanh(Z) + Z)
    assert value(read(source, "x: 3"), x=Z, w=1.5) == pytest.approx(np.sum(h + 4 * h))


def test_layers_of_a_module_have_their_weights_as_inputs() -> None:
    source = f"""{TORCH}
class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.ln = nn.LayerNorm(n)
        self.fc = nn.Linear(n, 2, bias=False)
    def forward(self, x):
        return self.fc(self.ln(x))

class Net(nn.Module):
    def __init__(self, width, scale=0.5):
        super().__init__()
        self.scale = scale
        self.blocks = nn.ModuleList([Block(width) for _ in range(1)])
        self.net = nn.Sequential(nn.ReLU(), nn.Linear(2, 1))
        self.shift = nn.Parameter(torch.zeros(1))
    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return (self.scale * self.net(x) + self.shift).sum()
"""
    found = read(source, "x: N,3", function="Net", sizes={"width": 3})
    assert found.numbers == {"width"}
    assert {name: each.dims for name, each in found.inputs.items() if name != "x"} == {
        "blocks_0_ln_W": ("3",), "blocks_0_ln_b": ("3",), "blocks_0_fc_W": ("2", "3"), "net_1_W": ("1", "2"),
        "net_1_b": ("1",), "shift": ("1",),
    }  # fmt: skip
    rng = np.random.default_rng(1)
    given = {
        name: rng.normal(size=[int(dim) for dim in each.dims]) for name, each in found.inputs.items() if name != "x"
    }
    x = rng.normal(size=(2, 3))
    normed = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5)
    h = np.maximum((normed * given["blocks_0_ln_W"] + given["blocks_0_ln_b"]) @ given["blocks_0_fc_W"].T, 0)
    expected = (0.5 * (h @ given["net_1_W"].T + given["net_1_b"]) + given["shift"]).sum()
    assert value(found, {"N": 2}, x=x, **given) == pytest.approx(expected)
    assert "--sizes width=3" in refusal(source, "x: N,3", function="Net")[1]


def test_a_function_with_a_backward_of_its_own_is_read_by_its_forward_and_that_is_said() -> None:
    source = f"""{TORCH}
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x ** 3
    @staticmethod
    def backward(ctx, g):
        return g
def f(x):
    return Cube.apply(x).sum()
"""
    for found in (read(source, "x: 3", function="f"), read(source.replace(".sum()", ""), "x: 3", function="f")):
        assert "authoring.note-backward" in [each.id for each in found.notes]
    assert value(read(source, "x: 3", function="f"), x=Z) == pytest.approx(np.sum(Z**3))


def test_what_computes_nothing_is_left_out_and_that_is_said() -> None:
    source = """
        def f(x, w):
            assert x is not None, "no x"
            y = x * w
            print(f"y is {y}")
            cache = (x, w)
            return y, cache
    """
    found = read(source)
    assert found.results == ("y",)
    assert [say(each, "en").partition("`")[2] for each in found.notes] == [
        "assert x is not None, 'no x'`.", "print(f'y is {y}')`.", "cache`.",
    ]  # fmt: skip


def test_nothing_in_a_block_without_gradients_has_one() -> None:
    source = f"{TORCH}def f(x):\n    with torch.no_grad():\n        m = x * x\n    return x * m\n"
    found = read(source)
    graph = Graph.parse(dict(found.formulas), inputs=["x"])
    assert float(graph.run({"x": np.float64(3.0)}).gradients["x"]) == pytest.approx(9.0)


def test_of_several_returned_values_the_author_says_which_is_the_loss() -> None:
    source = "def f(x):\n    h = x * x\n    return h, h + 1, {'no': 'array'}\n"
    line, said = refusal(source)
    assert (line, "h, 2" in said, "--output h" in said) == (3, True, True)
    assert read(source, outputs=["2"]).results == ("f",)
    assert read(source, outputs=["h"]).results == ("h",)
    assert read(source, outputs=["h", "2"]).results == ("h", "f")
    assert "returns no q" in refusal(source, outputs=["q"])[1]


def test_a_cell_without_a_function_is_read_to_its_last_value() -> None:
    drawn = "import numpy as np\nx = np.random.randn(3)\nloss = np.sum(np.tanh(x) * w)\nloss\n"
    found = read(drawn)
    assert {name: each.dims for name, each in found.inputs.items()} == {"x": ("3",)}
    assert value(found, x=Z, w=2.0) == pytest.approx(np.sum(np.tanh(Z) * 2))
    numbers = read("x = -2; y = 5; z = -4\nq = x + y\nf = q * z\n")
    assert float(value(numbers, x=1.0, y=2.0, z=3.0)) == pytest.approx(9.0)


def notebook(*cells: str) -> str:
    rows = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": ["# words"]}, *rows]})


def test_a_notebook_is_read_cell_by_cell() -> None:
    text = notebook("%matplotlib inline\nimport numpy as np", "!ls\nx = np.random.randn(2)", "y = x * w\ny.sum()")
    assert value(read(text, file="a.ipynb"), x=Z[:2], w=3.0) == pytest.approx(Z[:2].sum() * 3)
    with pytest.raises(LessonError) as refused:
        read(notebook("import numpy as np", "\ndef f(x):\n    return np.fft(x)\n"), file="a.ipynb")
    (problem,) = refused.value.problems
    assert (problem.file, problem.line, problem.quoted) == ("a.ipynb[2]", 3, "    return np.fft(x)")


@pytest.mark.parametrize("text", ["{}", "[1]", '{"cells": 5}', '{"cells": [5]}', "x = = 1", "[" * 100_000])
def test_a_notebook_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(LessonError):
        read(text, file="a.ipynb")


def test_a_class_becomes_a_lesson_at_the_command_line(tmp_path: Path, home: Path, capsys: Printed) -> None:
    file = tmp_path / "net.py"
    file.write_text(
        f"{TORCH}class Net(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
        "        self.fc = nn.Linear(n, 1)\n    def forward(self, x):\n        z = self.fc(x)\n"
        "        return z, (z ** 2).mean()\n",
        "utf-8",
    )
    new = ["new", str(tmp_path / "net.yaml"), "--from-python", str(file), "--shapes", "x: N,2", "--sizes", "n=2,N=2"]
    assert main(new) == 2
    assert "--output" in capsys.readouterr().err
    assert main([*new, "--output", "2"]) == 0
    assert main(["check", str(tmp_path / "net.yaml")]) == 0


def test_e_is_said_to_be_a_number_unless_it_has_a_shape(tmp_path: Path, home: Path, capsys: Printed) -> None:
    assert main(["new", str(tmp_path / "one.yaml"), "--from", "e * x"]) == 0
    assert "the number 2.718" in capsys.readouterr().out
    assert main(["new", str(tmp_path / "two.yaml"), "--from", "e * x", "--shapes", "e:"]) == 0
    assert "2.718" not in capsys.readouterr().out
    assert "  e: {" in (tmp_path / "two.yaml").read_text("utf-8")


@pytest.mark.parametrize("decorator", ["torch.no_grad()", "cached", "np.vectorize"])
def test_a_decorator_that_may_make_another_function_is_refused(decorator: str) -> None:
    assert refusal(f"{TORCH}import numpy as np\n@{decorator}\ndef f(x):\n    return x * x\n")[0] == 5
    assert read(f"{TORCH}@torch.jit.script\ndef f(x):\n    return x * x\n").results


def test_a_condition_made_a_number_is_one() -> None:
    source = (
        f"{TORCH}def f(x):\n    a, b = (x > 0).float(), (x < 1).to(torch.float32)\n    return (x * (a + b)).sum()\n"
    )
    assert value(read(source, "x: 3"), x=Z) == pytest.approx(np.sum(Z * ((Z > 0) * 1.0 + (Z < 1))))
    assert "`(x > 0) + (x < 1)`" in refusal("def f(x):\n    return x * ((x > 0) + (x < 1))\n", "x: 3")[1]


def test_math_takes_numbers_alone() -> None:
    assert "math.exp" in refusal("import math\ndef f(x):\n    return math.exp(x)\n", "x: 3")[1]
    assert read("import math\ndef f(x):\n    return math.exp(x)\n").results


def test_what_a_config_holds_may_be_told_as_sizes() -> None:
    source = f"""{TORCH}import torch.nn as nn
class Net(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.fc = nn.Linear(config.n_embd, 2)
    def forward(self, x): return self.fc(x)
"""
    found = read_function(source, "f.py", "Net", declarations("x: 5,4"), sizes={"n_embd": 4})
    assert {name: each.dims for name, each in found.inputs.items()}["fc_W"] == ("2", "4")
    with pytest.raises(LessonError) as caught:
        read_function(source, "f.py", "Net", declarations("x: 5,4"))
    assert "--sizes n_embd=3" in say(caught.value.problems[0].message, "en")
