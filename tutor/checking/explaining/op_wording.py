"""How a drill writes an op, its inputs and its output: what the advice about the op's slips speaks of."""

from dataclasses import fields

from tutor.engine import Edge, Graph, Run
from tutor.expr import to_unicode
from tutor.expr.tree import Binary, Call, Name, Negation, Number, Subscript, Transposed, Tree
from tutor.mistakes.slip_texts import side_of_other
from tutor.text import msg

LONGEST = 48
ELIDED = "…"


def op_wording(run: Run, edge: Edge) -> dict[str, object]:
    """Names, shapes and attributes at the op and input of a slip.

    `input` is the input, `other` all others, `out` the output, `where` the op as it is written, `up` what arrives at
    it, `side` where the other factor stands. The op's own names for its inputs (`logits`, `gain`) stand for those too.
    """
    graph, (node, k) = run.graph, edge
    op, arguments = graph.ops[node], graph.arguments[node]
    assert op is not None
    texts = [written_node(graph, each) for each in arguments]
    names = (name.rstrip("*?") for name in op.inputs)
    return {
        **{each.name: getattr(op, each.name) for each in fields(op)},
        **dict(zip(names, texts, strict=False)),
        "input": texts[k],
        "other": [text for i, text in enumerate(texts) if i != k] or texts[k],
        "out": written_node(graph, node),
        "where": _where(graph, node),
        "up": f"d{graph.names[node]}"
        if _is_line(graph, node)
        else msg("slips.arriving", out=written_node(graph, node)),
        "side": side_of_other(k),
        "input_shape": run.shapes[arguments[k]],
        "other_shape": run.shapes[arguments[1 - k]] if len(arguments) == 2 else run.shapes[arguments[k]],
        "up_shape": run.shapes[node],
    }


def written_node(graph: Graph, node: int) -> str:
    """A node as formulas write it, long parts left out: `z`, `W @ x`, `tanh(…)`."""
    if node in graph.constants and graph.trees[node] is None:
        return str(graph.constants[node])
    return brief_formula(graph.tree_of(node))


def brief_formula(tree: Tree) -> str:
    """A formula in the signs of mathematics, of at most 48 characters: of a longer one only what it does last."""
    text = to_unicode(tree)
    return text if len(text) <= LONGEST else to_unicode(_elided(tree))


def _elided(tree: Tree) -> Tree:
    blank = Name(ELIDED)

    def short(part: Tree) -> Tree:
        return part if isinstance(part, Name | Number) else blank

    match tree:
        case Call():
            return Call(tree.function, (blank,))
        case Binary():
            return Binary(tree.op, short(tree.left), short(tree.right))
        case Negation():
            return Negation(blank)
        case Transposed():
            return Transposed(blank)
        case Subscript():
            return Subscript(short(tree.operand), (blank,))
        case _:
            return blank


def _where(graph: Graph, node: int) -> str:
    """The op as the lesson writes it: a whole line `y = a · b`, or the part of a line that it computes."""
    if not _is_line(graph, node):
        return written_node(graph, node)
    name = graph.names[node]
    tree = graph.lines[name].tree
    text = "" if tree is None else to_unicode(tree)
    return f"{name} = {text}" if 0 < len(text) <= LONGEST else name


def _is_line(graph: Graph, node: int) -> bool:
    return graph.names[node] in graph.lines
