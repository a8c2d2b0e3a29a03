"""What a text may speak of: the names, functions and gradients known where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Borrowed(NamedTuple):
    """What a function of NumPy or PyTorch is here: a function or a sign, the options it takes, whether of a list."""

    ours: str
    options: tuple[str, ...] = ()
    of_list: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Known names (None: any), the functions that may be called, and the nodes whose gradients have names.

    With h and z in `gradients`, `dz` and `dh/dz` (written without spaces) are gradients, unless `dh` or `dz`
    is a name of its own. `loss` is the node that `dL/dz` speaks of; without one `dL/dz` is what arrives at z.
    `borrowed` says what functions and methods of other libraries are here, by their last names.
    """

    names: frozenset[str] | None = None
    functions: frozenset[str] = frozenset()
    gradients: frozenset[str] = frozenset()
    loss: str = ""
    borrowed: Mapping[str, Borrowed] = field(default_factory=dict, hash=False)

    def knows(self, name: str) -> bool:
        """Whether `name` is one of the names given."""
        return self.names is not None and name in self.names
