"""What a text may speak of: the names, functions and gradients known where it stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Known names (None: any), the functions that may be called, and the nodes whose gradients have names.

    With h and z in `gradients`, `dz` and `dh/dz` (written without spaces) are gradients, unless `dh` or `dz`
    is a name of its own.
    """

    names: frozenset[str] | None = None
    functions: frozenset[str] = frozenset()
    gradients: frozenset[str] = frozenset()

    def knows(self, name: str) -> bool:
        """Whether `name` is one of the names given."""
        return self.names is not None and name in self.names
