"""Places of entries in letters, `["i", "k"]`, 0 on axes of size 1: for the rules that ops give entry by entry."""

from collections.abc import Sequence


def entry(name: str, place: Sequence[str]) -> str:
    """`b[k, j]`; of a number its name."""
    return f"{name}[{', '.join(place)}]" if place else name


def aligned(place: Sequence[str], shape: Sequence[int]) -> list[str]:
    """The place in an operand of this shape that is broadcast to a place of the output."""
    own = list(place)[len(place) - len(shape) :]
    return ["0" if size == 1 else at for at, size in zip(own, shape, strict=True)]


def product(at: Sequence[str], own: Sequence[str], *factors: str) -> str:
    """The factors where two places, aligned from the right, are the same, and 0 elsewhere."""
    pairs = zip(reversed(at), reversed(own), strict=False)
    held = [f"({here} == {there})" for here, there in pairs if there != "0"]
    return " * ".join([*reversed(held), *factors]) or "1"
