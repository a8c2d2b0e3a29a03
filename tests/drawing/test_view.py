"""What learners see of a graph: the art below was looked at, box by box and wire by wire."""

from dataclasses import dataclass

import pytest

from tutor.drawing import GraphView, Label, Reading, Wire, graph_view, graph_wires
from tutor.drawing.view import PREVIEW_STYLES, STYLES
from tutor.engine import Graph

FIRST_CIRCUIT = """\
╭────────╮     ╭───────────╮     ╭───────────╮
│ x  → 1 │────▶│ a = x + y │────▶│ f = a · b │
╰────────╯ ╭──▶│ → 3   ← 2 │   ╭▶│ → 6   ← 1 │
           │   ╰───────────╯   │ ╰───────────╯
╭────────╮ │                   │
│ y  → 2 │─┤                   │
╰────────╯ │                   │
           │ ┏━━━━━━━━━━━━━━━┓ │
╭────────╮ ╰▶┃ b = max(y, z) ┃─╯
│ z  → 0 │──▶┃ → 2   ← ?     ┃
╰────────╯   ┗━━━━━━━━━━━━━━━┛"""

SCORE_NET = """\
╭─────────────╮                       ╭─────────────╮
│ W  → (3, 2) │                       │ u  → (3, 1) │   ╭────────────╮
│    ← ?      │─╮                     │    ← ?      │──▶│ s = uᵀ @ h │
╰─────────────╯ │                     ╰─────────────╯   │ → 0.4200   │
                │                                     ╭▶│ ← 1        │
╭─────────────╮ │ ╭───────────────╮   ┏━━━━━━━━━━━━━┓ │ ╰────────────╯
│ x  → (2, 1) │ ╰▶│ z = W @ x + b │──▶┃ h = tanh(z) ┃─╯
│    ← ?      │──▶│ → (3, 1)      │   ┃ → (3, 1)    ┃
╰─────────────╯ ╭▶│ ← ?           │   ┃ ← (3, 1)    ┃
                │ ╰───────────────╯   ┗━━━━━━━━━━━━━┛
╭─────────────╮ │
│ b  → (3, 1) │─╯
│    ← ?      │
╰─────────────╯"""

USED_AGAIN = """\
╭────────────╮   ╭───────────╮                                    ╭───────────╮
│ x  → 0.5   │─┬▶│ q = x · x │─┬─────────────────────────────────▶│ f = s · q │
│    ← ?     │ ├▶│ → 0.7311  │ │                                  │ → 0.7311  │
╰────────────╯ │ │ ← 0.1966  │ │ ╭───────────╮   ╭────────────╮ ╭▶│ ← 0.1966  │
               │ ╰───────────╯ ╰▶│ r = q + x │──▶│ s = sin(r) │─╯ ╰───────────╯
               │                 │ → 0.7311  │   │ → 0.7311   │
               ╰────────────────▶│ ← 0.1966  │   │ ← 0.1966   │
                                 ╰───────────╯   ╰────────────╯"""

ONE_LINE_EACH = """\
╭─────────────╮   ╭─────────────╮   ╭─────────────╮
│ x → 1 ← ??? │──▶│ y → 2 ← ??? │──▶│ z → 3 ← ??? │
╰─────────────╯   ╰─────────────╯   ╰─────────────╯"""


@dataclass(frozen=True)
class Use:
    source: str


@dataclass(frozen=True)
class Formula:
    slots: tuple[Use, ...]


class Sketch:
    """A graph by hand: as much of one as a picture needs."""

    def __init__(self, inputs: str, **lines: str) -> None:
        self.inputs = tuple(inputs.split())
        self.order = tuple(lines)
        self.lines = {name: Formula(tuple(map(Use, uses.split()))) for name, uses in lines.items()}


CIRCUIT = Sketch("x y z", a="x y", b="y z", f="a b")
CIRCUIT_LABELS = {
    "x": Label("", "1"),
    "y": Label("", "2"),
    "z": Label("", "0"),
    "a": Label("x + y", "3", "2"),
    "b": Label("max(y, z)", "2", "3"),
    "f": Label("a · b", "6", "1"),
}
NET_LABELS = {
    "W": Label("", "(3, 2)", "(3, 2)"),
    "x": Label("", "(2, 1)", "(2, 1)"),
    "b": Label("", "(3, 1)", "(3, 1)"),
    "u": Label("", "(3, 1)", "(3, 1)"),
    "z": Label("W @ x + b", "(3, 1)", "(3, 1)"),
    "h": Label("tanh(z)", "(3, 1)", "(3, 1)"),
    "s": Label("uᵀ @ h", "0.4200", "1"),
}


def values(labels: dict[str, Label], **gradients: str) -> dict[str, Reading]:
    return {name: Reading(label.value, gradients.get(name)) for name, label in labels.items()}


def test_the_first_circuit() -> None:
    view = graph_view(CIRCUIT, CIRCUIT_LABELS, fit=(80, 14))
    assert view.paint(values(CIRCUIT_LABELS, a="2", f="1"), focus="b").text() == FIRST_CIRCUIT


def test_the_score_net_fits_the_pane_of_a_small_terminal() -> None:
    net = Graph.parse({"z": "W @ x + b", "h": "tanh(z)", "s": "u.T @ h"})
    view = graph_view(net, NET_LABELS, fit=(80, 14))
    assert view.paint(values(NET_LABELS, h="(3, 1)", s="1"), focus="h").text() == SCORE_NET


def test_the_first_circuit_of_the_engine_is_the_one_by_hand() -> None:
    graph = Graph.parse({"f": "a * b", "a": "x + y", "b": "max(y, z)"})
    assert sorted(graph_wires(graph), key=str) == sorted(graph_wires(CIRCUIT), key=str)


def test_values_used_again() -> None:
    graph = Sketch("x", q="x x", r="q x", s="r", f="s q")
    formulas = {"q": "x · x", "r": "q + x", "s": "sin(r)", "f": "s · q"}
    labels = {"x": Label("", "0.5", "-0.25")} | {
        name: Label(text, "0.7311", "0.1966") for name, text in formulas.items()
    }
    readings = values(labels, **dict.fromkeys(formulas, "0.1966"))
    assert graph_view(graph, labels, fit=(80, 14)).paint(readings).text() == USED_AGAIN


def test_branches_stand_in_reading_order() -> None:
    neuron = Graph.parse({"p": "w0 * x0", "q": "w1 * x1", "d": "p + q", "z": "d + w2", "f": "sigmoid(z)"})
    regions = graph_view(neuron, {name: Label("", "1") for name in (*neuron.inputs, *neuron.order)}).layout.regions
    for column in ("w0", "x0", "w1", "x1"), ("p", "q"):
        assert sorted(column, key=lambda name: regions[name].y) == list(column)


def test_answers_do_not_move_the_picture() -> None:
    view = graph_view(
        CIRCUIT, {name: Label(label.expression, "-12.5", "0.0004386") for name, label in CIRCUIT_LABELS.items()}
    )
    before, after = view.paint({}), view.paint({name: Reading("-12.5", "0.0004386") for name in view.labels})
    assert before.regions == after.regions
    assert blanked(before.text()) == blanked(after.text())
    assert "…" not in after.text()
    assert after.text().count("0.0004386") == 6


def test_what_has_no_gradient_to_show_shows_none() -> None:
    label = Label("", "1")
    picture = graph_view(Sketch("c"), {"c": label}).paint({"c": Reading("1")})
    assert picture.text() == "╭────────╮\n│ c  → 1 │\n╰────────╯"


@pytest.mark.parametrize("style", STYLES + PREVIEW_STYLES)
def test_every_style_keeps_its_size_and_shows_each_name(style: str) -> None:
    view = graph_view(CIRCUIT, CIRCUIT_LABELS, styles=[style])
    empty, full = view.paint({}), view.paint(values(CIRCUIT_LABELS, a="2", b="3", f="1"))
    assert (empty.width, empty.height) == (full.width, full.height)
    for name, region in full.regions.items():
        assert full.cells[region.y + 1][region.x + 2] == name
    assert "…" not in full.text()


def test_the_fullest_style_that_fits_is_chosen() -> None:
    sizes = {style: sized(graph_view(CIRCUIT, CIRCUIT_LABELS, styles=[style])) for style in STYLES}
    for fit in {(80, 14), (44, 14), (40, 14), (28, 14), *sizes.values()}:
        first = next((style for style in STYLES if sizes[style][0] <= fit[0] and sizes[style][1] <= fit[1]), "full")
        assert graph_view(CIRCUIT, CIRCUIT_LABELS, fit).style == first


def test_boxes_move_together_where_that_makes_them_fit() -> None:
    sums = Sketch("a b c", d="a b c")
    labels = {name: Label("", "1") for name in "abcd"}
    assert graph_view(sums, labels, fit=(80, 11)).layout.height == 11
    assert graph_view(sums, labels, fit=(80, 10)).layout.height == 9
    assert graph_view(sums, labels, fit=(80, 8)).layout.height == 11


def test_a_preview_shows_no_numbers() -> None:
    text = graph_view(CIRCUIT, CIRCUIT_LABELS, (42, 11), PREVIEW_STYLES).paint({}).text()
    assert "│ b = max(y, z) │" in text
    assert not set("→←?") & set(text)
    assert graph_view(CIRCUIT, CIRCUIT_LABELS, (38, 11), PREVIEW_STYLES).style == "names"


def test_a_graph_that_fits_in_no_style_is_drawn_in_full() -> None:
    assert graph_view(CIRCUIT, CIRCUIT_LABELS, fit=(10, 3)).style == "full"


def test_each_style_writes_what_it_says() -> None:
    chain = Sketch("x", y="x", z="y")
    labels = {"x": Label("", "1", "???"), "y": Label("2 · x", "2", "???"), "z": Label("y + 1", "3", "???")}
    readings = values(labels, x="???", y="???", z="???")
    assert graph_view(chain, labels, styles=["short"]).paint(readings).text() == ONE_LINE_EACH
    assert "│ y = 2 · x │" in graph_view(chain, labels, styles=["stacked"]).paint(readings).text()
    assert "│ y  → 2   │" in graph_view(chain, labels, styles=["named"]).paint(readings).text()
    assert "→" not in graph_view(chain, labels, styles=["names"]).paint(readings).text()


def test_wires_are_numbered_by_slot() -> None:
    assert graph_wires(Sketch("x", q="x x")) == (Wire("x", "q", 0), Wire("x", "q", 1))


def test_inputs_stand_in_the_order_in_which_lines_use_them() -> None:
    view = graph_view(Sketch("b x W", z="W x b"), {name: Label("", "1") for name in "bxWz"})
    assert sorted("bxW", key=lambda name: view.layout.regions[name].y) == ["W", "x", "b"]


def sized(view: GraphView) -> tuple[int, int]:
    return view.layout.width, view.layout.height


def blanked(text: str) -> list[str]:
    """A picture with all texts taken out."""
    return ["".join(char if char in "╭─╮│╰╯├┤┬┴┼▶" else " " for char in line).rstrip() for line in text.splitlines()]
