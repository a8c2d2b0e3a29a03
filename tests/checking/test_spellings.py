"""One gradient by its many names, NumPy and PyTorch typed from habit: what is read, and what is advised."""

from collections.abc import Iterator

import pytest

from tests.checking.every_kind import CONVENTIONS, every_kind
from tests.checking.lessons import BUNDLED, bundled, drill, verdict
from tutor.drill.question import Drill, Entered, GradientQuestion
from tutor.kinds import check, hints
from tutor.text import Message, say

NET = drill(
    "sizes: {n: 2, m: 3, k: 2}\ngiven:\n  A1: {shape: [m, 1], normal: 1}\n  W2: {shape: [n, m], normal: 1}\n"
    "  b: {shape: [n, 1], normal: 1}\n  u: {shape: [n, 1], normal: 1}\n"
    "graph: {z: W2 @ A1 + b, h: tanh(z), s: u.T @ h}\n"
    "ask:\n  - total: h\n  - downstream: {of: h, wrt: z}\n  - total: W2\n  - total: A1\n  - total: b\n  - formula: W2\n"
    "  - formula: A1\n  - formula: {wrt: b, using: [up]}\n  - derive: {wrt: b, using: [u, h], first: any}\n"
    '  - entry: {of: "z[i]", wrt: "W2[i, j]"}\n  - rule: {forward: "tanh(x)", wrt: x}\n'
)
TYPED = (Entered.NUMBERS, Entered.FORMULA, Entered.DERIVATION)
NAMES = [
    "dz",
    "δ",
    "delta",
    "up",
    "delta_z",
    "δz",
    "δ_z",
    "ds/dz",
    "∂s/∂z",
    "dL/dz",
    "∂L/∂z",
    "grad_z",
    "z.grad",
    "d_z",
    "∂z",
    "upstream",
    "∇z",
    "∇_z",
    "grad z",
]


@pytest.mark.parametrize("name", NAMES)
def test_one_gradient_by_any_of_its_names_in_numbers_and_formulas(name: str) -> None:
    for id in ("total W2", "formula W2"):
        assert verdict(NET, id, f"{name} @ A1.T").kind == "right", id
    assert verdict(NET, "formula b", name).kind == "right"
    found = verdict(NET, "total A1", f"W2.T @ {name}")
    assert found.kind == "right"


@pytest.mark.parametrize(
    ("id", "typed"),
    [
        ("formula W2", "np.dot(up, A1.T)"),
        ("formula W2", "up.dot(A1.T)"),
        ("formula W2", "torch.outer(δ.flatten(), A1.flatten())"),
        ("formula W2", "np.matmul(dz, A1.transpose())"),
        ("formula W2", "dz @ A1.t()"),
        ("formula W2", "dz @ A1.transpose(0, 1)"),
        ("formula W2", "dz @ A1.reshape(1, -1)"),
        ("formula W2", "up @\nA1.T"),
        ("formula A1", "np.dot(W2.T, up)"),
        ("formula A1", "W2.t().mm(z.grad)"),
        ("formula b", "np.sum(up, axis=1, keepdims=True)"),
        ("formula b", "up.sum(1, keepdim=True)"),
        ("formula b", "torch.sum(up, dim=1, keepdim=True)"),
        ("derive b", "u * (1 - np.tanh(z)**2);\nu *\n(1 - h^2)"),
        ("derive b", "np.multiply(u, 1 - h**2)"),
        ("entry z W2", "A1[j]"),
        ("rule 1", "up * (1 - np.tanh(x)**2)"),
        ("rule 1", "δ * (1 - math.tanh(x)**2)"),
    ],
)
def test_spelling_of_libraries_is_read(id: str, typed: str) -> None:
    found = verdict(NET, id, typed)
    assert found.kind == "right", say(found.message, "en")


@pytest.mark.parametrize(
    ("id", "typed", "advice"),
    [
        *(
            (id, f"{d}A1{t}", "A1.T")
            for id in ("total W2", "formula W2")
            for d in ("δ", "dz")
            for t in (".T", "ᵀ", "^T")
        ),
        ("formula W2", "δ A1.T", "write δ @ A1.T"),
        ("formula W2", "up A1.T", "write up @ A1.T"),
        ("formula b", "tanh^2 z", "tanh(...)^2"),
        ("formula b", "sech^2(z)", "1/cosh(x)"),
        ("formula b", "ln z", "log(x)"),
        ("formula W2", "np.frobnicate(z)", "no function"),
        ("formula W2", "z.frobnicate(1)", ".frobnicate"),
        ("formula W2", "W2.t", ".T"),
        ("total b", "1½", "1 + ½"),
        ("formula W2", "delta z", "the gradient at z write dz"),
        ("formula b", "np.sum(up, dtype=int)", "takes no dtype"),
        ("formula b", "up.astype(int)", ".astype"),
    ],
)
def test_what_is_not_read_gets_the_advice_that_helps(id: str, typed: str, advice: str) -> None:
    found = verdict(NET, id, typed)
    said = say(found.message, "en")
    assert (found.kind, found.free) == ("unreadable", True), said
    assert advice in said
    assert "Did you mean" not in said


@pytest.mark.parametrize("factor", ["ds/dh", "dL/dh", "∂L/∂h", "dJ/dh"])
def test_a_derivation_takes_the_loss_for_the_output(factor: str) -> None:
    scalars = drill("given: {x: 2, b: 1}\ngraph: {z: x + b, h: tanh(z), s: h^2}\nask: [{derive: {wrt: b}}]")
    found = verdict(scalars, "derive b", f"{factor} * dh/dz * dz/db\n2 * h * (1 - h^2)")
    assert found.kind == "right", say(found.message, "en")


@pytest.mark.parametrize("typed", ["δ", "delta", "up", "dz", "delta_z", "ds/dz", "z.grad"])
def test_a_gradient_whose_numbers_are_not_known_yet_is_no_answer_alone(typed: str) -> None:
    net = "given: {x: 2, b: 1}\ngraph: {z: x + b, s: z^2}\n"
    found = verdict(drill(net + "ask: [total: b]"), "total b", typed)
    assert (found.kind, found.free) == ("unreadable", True)
    assert "put numbers in for" in say(found.message, "en")
    assert verdict(drill(net + "ask: [total: z, total: b]"), "total b", typed).kind == "right"


@pytest.mark.parametrize("typed", ["delta", "delta_z", "grad_z"])
def test_a_node_of_that_name_wins(typed: str) -> None:
    own = drill(f"given: {{z: 2.5}}\ngraph: {{{typed}: z^2, f: 3 * {typed}}}\nask: [total: z]")
    found = verdict(own, "total z", f"3 * {typed}")
    assert found.kind == "wrong"  # 3·z², where 6·z is right
    assert verdict(own, "total z", f"z.grad * 1 + 0 * {typed}").kind == "unreadable"  # the question itself


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("1.43×10^2", "right"),
        ("1.43*10**2", "right"),
        ("1.43 · 10²", "right"),
        ("14.3×10^1", "right"),
        ("1.4×10^2", "right"),
        ("1.42×10^2", "wrong"),
        ("143.4", "wrong"),
    ],
)
def test_digits_times_a_power_of_ten_are_judged_as_decimals(typed: str, kind: str) -> None:
    scaled = drill("tolerance: 0.00001\ngiven: {x: 1, y: 142.951}\ngraph: {f: x * y}\nask: [total: x]")
    assert verdict(scaled, "total x", typed).kind == kind


@pytest.mark.parametrize(("typed", "plain"), [("1,000", "1000"), ("12,345", "12345"), ("1,234.5", "1234.5")])
def test_a_comma_between_thousands_is_explained(typed: str, plain: str) -> None:
    one = drill("given: {x: 1, y: 1000}\ngraph: {f: x * y}\nask: [total: x]")
    found = verdict(one, "total x", typed)
    assert found.kind == "unreadable"
    assert plain in say(found.message, "en")


@pytest.mark.parametrize(
    "typed",
    [
        "[[-4. 6. -10.]\n [ 1. -1.5 2.5]]",
        "tensor([[-4., 6., -10.],\n        [1., -1.5, 2.5]])",
        "np.array([[-4, 6, -10], [1, -1.5, 2.5]])",
    ],
)
def test_a_matrix_as_it_is_printed_is_read(typed: str) -> None:
    given = (
        "given:\n  W: {shape: [2, 3], value: [[1, 1, 1], [1, 1, 1]]}\n"
        "  c: {shape: [2, 3], value: [[-4, 6, -10], [1, -1.5, 2.5]]}"
    )
    made = drill(f"{given}\ngraph: {{f: sum(W * c)}}\nask: [total: W]")
    assert verdict(made, "total W", typed).kind == "right"


def _hinted() -> Iterator[tuple[Drill, GradientQuestion, Message, str]]:
    for made in (*map(bundled, BUNDLED), *map(every_kind, CONVENTIONS), NET):
        for question in made.questions:
            for hint in hints(made, question):
                formula = hint.params.get("formula")
                if isinstance(formula, str) and question.entered in TYPED and hint.id != "checking.hint-numbers":
                    yield made, question, hint, formula


def test_no_hint_shows_a_name_that_the_box_refuses() -> None:
    checked = 0
    for made, question, hint, formula in _hinted():
        found = check(made, question, formula)
        bare = found.message.id == "checking.gradient-unknown-yet" and hint.id == "checking.hint-names-bare"
        assert found.kind != "unreadable" or bare, (question.id, hint.id, formula, say(found.message, "en"))
        checked += 1
    assert checked > 30
