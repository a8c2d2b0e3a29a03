"""What the table of Python functions is made of: a function's source, its arguments, and whether it is to be read."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

Library: TypeAlias = Literal["numpy", "torch"]
SIZES = {"n": 3, "m": 4, "k": 2, "T": 3, "C": 4, "N": 3, "D": 2, "H": 2, "V": 5}


@dataclass(frozen=True, slots=True)
class Case:
    """A function; `shapes` are its arguments as `--shapes` takes them, `read` says whether a refusal is expected.

    `means` is the same function written plainly, for classes: its further arguments are what the class keeps.
    """

    name: str
    source: str
    shapes: str
    library: Library
    read: bool = True
    means: str = ""
    function: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    @property
    def declared(self) -> str:
        """The shapes without what is said of numbers alone."""
        return re.sub(r"\b(positive|share)\b", "", self.shapes)

    @property
    def variables(self) -> list[str]:
        """The arguments whose gradients are wanted."""
        numbers = self.numbers()
        fixed = re.findall(r"(\w+)\s*:[^;]*\bconstant\b", self.shapes)
        return [name for name, value in numbers.items() if value.dtype.kind == "f" and name not in fixed]

    def numbers(self, seed: int = 7) -> dict[str, Any]:
        """Generic numbers for every argument: away from 0 and from one another."""
        drawn = np.random.default_rng(seed)
        found: dict[str, Any] = {}
        for piece in filter(None, (each.strip() for each in self.shapes.split(";"))):
            name, _, rest = (each.strip() for each in piece.partition(":"))
            role = re.search(r"\b(labels|mask|onehot|positive|share|constant)\b\s*(\S*)", rest)
            dims = (rest[: role.start()] if role else rest).strip()
            shape = tuple(int(eval(dim, {}, SIZES)) for dim in filter(None, dims.split(",")))
            match role and role.group(1):
                case "labels":
                    found[name] = drawn.integers(0, int(eval(role.group(2), {}, SIZES)), shape)  # type: ignore[union-attr]
                case "mask":
                    found[name] = np.resize([1.0, 0.0, 1.0], shape)
                case "onehot":
                    found[name] = np.eye(shape[-1])[drawn.integers(0, shape[-1], shape[:-1])]
                case "positive" | "constant":
                    found[name] = drawn.uniform(0.5, 2.0, shape)
                case "share":
                    found[name] = drawn.uniform(0.1, 0.9, shape)
                case _:
                    found[name] = drawn.uniform(0.3, 1.7, shape) * np.where(drawn.random(shape) < 0.5, 1.0, -1.0)
        return {name: np.asarray(each) for name, each in {**found, **self.values}.items()}


def expressions(library: Library, table: str) -> list[Case]:
    """One expression a row, `expression | shapes`, with `| refused` behind those that cannot be read."""
    found = []
    for row in filter(None, map(str.strip, table.splitlines())):
        expression, shapes, *rest = (each.strip() for each in row.split(" | "))
        found.append(Case(expression, _source(library, shapes, [f"return {expression}"]), shapes, library, not rest))
    return found


def functions(library: Library, table: str) -> list[Case]:
    """Whole functions, each below a row `# name | shapes`, with `| refused` behind those that cannot be read."""
    found = []
    for block in re.split(r"^# ", textwrap.dedent(table), flags=re.MULTILINE)[1:]:
        head, _, source = block.partition("\n")
        name, shapes, *rest = (each.strip() for each in head.split("|"))
        if not source.lstrip().startswith(("def ", "import ", "class ")) and "\ndef " not in source:
            source = _source(library, shapes, source.rstrip().splitlines())
        found.append(Case(name, source, shapes, library, not rest, function="f"))
    return found


_IMPORTS = {
    "numpy": "import numpy as np\n",
    "torch": "import torch\nimport torch.nn.functional as F\n",
}


def _source(library: Library, shapes: str, body: list[str]) -> str:
    names = [piece.partition(":")[0].strip() for piece in shapes.split(";")]
    rows = "\n".join(f"    {row}" for row in body)
    return f"{_IMPORTS[library]}\n\ndef f({', '.join(names)}):\n{rows}\n"
