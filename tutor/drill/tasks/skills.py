"""The skills of questions that are about more than one gradient: `<kind>:<op>` for the ops where names are used."""

from collections.abc import Iterable

from tutor.engine import Graph


def skills_of(graph: Graph, kind: str, names: Iterable[str]) -> tuple[str, ...]:
    """One skill for every op that uses one of these names directly, each once."""
    edges = [slot.chain[-1] for name in names for _, slot in graph.uses(name)]
    ops = [graph.ops[node] for node, _ in edges]
    return tuple(dict.fromkeys(f"{kind}:{op.name}" for op in ops if op is not None))
