"""Texts that people, cats and attackers might type: sentences of the grammar, right answers mistyped, and soup."""

import sys
from collections.abc import Callable, Iterator
from random import Random

from tutor.drill.question import Drill, GradientQuestion, Question
from tutor.engine.function_table import answer_functions

_FUNCTIONS = sorted(answer_functions())
_SIGNS = ["+", "-", "*", "/", "@", "^", "**", "⊙", "·", "×", "<", "<=", "==", ">", ">=", "!="]
_NUMBERS = [
    "0",
    "1",
    "2",
    "-1",
    "0.5",
    "1/3",
    "0.42",
    "3.",
    ".5",
    "1e-3",
    "1e300",
    "1e-300",
    "7",
    "½",
    "π",
    "e",
    "1000",
]
_HUGE = [
    "9" * 400,
    "1e999",
    "9^9^9",
    "2^1000",
    "10^308*10",
    "1e308",
    "1e-320",
    "-0",
    "0.0000000001",
    "5e-324",
    "1e-400",
    "1e-" + "9" * 5000,
    "9" * 5000,
    "99999999999999999",
]
_KEYWORDS = [
    "axis=0",
    "axis=1",
    "axis=-1",
    "axis=[0, 1]",
    "keepdims=true",
    "axis=7",
    'reduction="sum"',
    "size=0",
    "eps=0",
]
_BEHIND = [".T", "ᵀ", "²", "^2", "^-1", "^T", "[0]", "[:, 0]", "[...]", "[i, j]", "[-1]"]
_MADE = ["ones", "zeros", "eye", "diag", "onehot"]
_LETTERS = list("0123456789.,;:()[]{}+-*/@^=<>!'\"%_|&#$~?\\ \n\t") + list("xyzabWuhfsnmTed")
_ODD = [
    *"−–—×·⊙∘÷½⅓²³⁻¹ᵀ⊤∂δΔπσ√∞∑∇（），；。、【】［］１２３＋－＊／＝．％“”‘’…µμΩ",
    *"\x00\x01\x07\x1b\x7f\x85\u00a0\u200b\u200d\u202e\u2028\ufeff\ufffd\ud800\udfff",
    *"аеорсухΑΒΕΖΗΙΚΜΝΟΡΤΧ",  # Cyrillic and Greek letters that look like Latin ones
    *"٣१൪𝟛①Ⅷᶻₓ",  # digits and letters of other kinds
    *"ä\u0301\u0302\u0338ﬁǅ한あ💥🙂\U0001f1e9\U0010ffff",
]
_WORDS = [
    "none",
    "无",
    "scalar",
    "标量",
    "x -> y",
    "a, b, f",
    "true",
    "nan",
    "inf",
    "lambda",
    "import os",
    "z = ",
    "dh/dz",
]


def texts(drill: Drill, question: Question, random: Random) -> Iterator[str]:
    """Texts for one question, without end."""
    part = drill.part_of(question)
    names = [*part.graph.inputs, *part.graph.lines, *part.part.sizes, "up", "δ", "i", "j"]
    gradients = [f"d{name}" for name in part.graph.lines]
    gradients += [f"d{of}/d{wrt}" for of in part.graph.lines for wrt in part.graph.index]
    plain = list(question.using) if isinstance(question, GradientQuestion) and question.using else names
    plain = [*plain, *random.choices(gradients, k=1)]
    names = names + gradients
    right = question.typed or "1"
    makers: list[Callable[[], str]] = [
        lambda: sentence(random, names, random.randint(1, 5)),
        lambda: sentence(random, plain, random.randint(1, 3)),
        lambda: sentence(random, plain, random.randint(0, 2)),
        lambda: framed(random, question, sentence(random, plain, 2)),
        lambda: framed(random, question, right),
        lambda: grown(random, right, plain),
        lambda: grown(random, sentence(random, plain, 1), plain),
        lambda: random.choice(plain),
        lambda: f"{random.uniform(-3, 3):.{random.randint(0, 6)}f}",
        lambda: mutated(random, right),
        lambda: mutated(random, right),
        lambda: mutated(random, sentence(random, names, 3)),
        lambda: spliced(random, right, sentence(random, names, 3)),
        lambda: "".join(random.choices(_LETTERS, k=random.randint(0, 40))),
        lambda: "".join(random.choices(_ODD + _LETTERS, k=random.randint(0, 30))),
        lambda: bytes(random.choices(range(256), k=random.randint(0, 60))).decode("utf-8", "replace"),
        lambda: " ".join(
            random.choices([*names, *_SIGNS, *_NUMBERS, *_WORDS, "(", ")", "[", "]", ",", ";"], k=random.randint(1, 12))
        ),
        lambda: listed(random, names),
        lambda: extreme(random, names),
    ]
    while True:
        yield random.choice(makers)()


def sentence(random: Random, names: list[str], depth: int) -> str:
    """An expression of the grammar over the names, with functions, lists, indices and keywords."""
    if depth <= 0 or random.random() < 0.15:
        return random.choice(names) if random.random() < 0.6 else random.choice(_NUMBERS)
    one, two = (lambda: sentence(random, names, depth - 1)), (lambda: sentence(random, names, depth - 2))
    match random.randrange(12):
        case 0 | 1 | 2 | 3:
            return f"{one()} {random.choice(_SIGNS)} {one()}"
        case 4:
            return f"({one()})"
        case 5:
            return f"-{one()}"
        case 6:
            return f"({one()}){random.choice(_BEHIND)}"
        case 7 | 8:
            more = [two() for _ in range(random.randrange(3))]
            keywords = random.choices(_KEYWORDS, k=random.randrange(2))
            return f"{random.choice(_FUNCTIONS)}({', '.join([one(), *more, *keywords])})"
        case 9:
            return "[" + ", ".join(two() for _ in range(random.randint(1, 4))) + "]"
        case 10:
            rows = random.randint(1, 3)
            return "; ".join(", ".join(two() for _ in range(random.randint(1, 3))) for _ in range(rows))
    return f"{random.choice(_MADE)}({random.choice([one(), '3', '1000', '1000, 1000', 'n, m'])})"


def mutated(random: Random, text: str) -> str:
    """The text with up to five letters changed, dropped, doubled or swapped."""
    for _ in range(random.randint(1, 5)):
        at = random.randint(0, len(text))
        far = at + random.choice([0, 1, 1, 2, 5])
        new = random.choice(["", random.choice(_LETTERS), random.choice(_ODD), text[at:far] * 2, text[at:far][::-1]])
        text = text[:at] + new + text[far:]
    return text


def framed(random: Random, question: Question, text: str) -> str:
    """The text as one of several lines, with a head, or with a little more or less around it."""
    right = question.typed or text
    return random.choice(
        [
            text,
            f"-({text})",
            f"2 * ({text})",
            f"({text}).T",
            f"{text}; {text}",
            f"{text}\n",
            f"z = {text}",
            f"z1 = {text}; z2 = z1 @ z1",
            f"{right}; {text}",
            f"{right.partition(';')[0]}; {text}",
            f"({text}) + 0.001",
            f"({text}) * ones(3, 2)",
            f"sum({text})",
        ]
    )


def grown(random: Random, text: str, names: list[str]) -> str:
    """A long formula of the same shape: right or wrong, but one that has a value."""
    for _ in range(random.randint(1, 9)):
        name, number = random.choice(names), random.choice(_NUMBERS)
        text = random.choice(
            [
                f"({text}) * {number}",
                f"({text}) * (1 - sum({name})^2)",
                f"({text}) / (1 + exp(sum({name})))",
                f"{text} + {number} * sum({name})",
                f"({text}) - tanh({text})",
                f"-({text})",
                f"({text}).T.T",
                f"({text}) + ({text})",
                f"tanh({text})",
            ]
        )
    return text


def spliced(random: Random, one: str, other: str) -> str:
    """The beginning of one text and the end of another."""
    return one[: random.randint(0, len(one))] + other[random.randint(0, len(other)) :]


def listed(random: Random, names: list[str]) -> str:
    """Lists and tables of many shapes, of numbers, names and what does not belong there."""
    rows, columns = random.choice([(1, 1), (1, 3), (3, 1), (2, 3), (3, 2), (2, 2), (6, 1), (1, 6), (30, 30), (1, 400)])

    def cell() -> str:
        return random.choice([f"{random.uniform(-3, 3):.3f}", random.choice(_NUMBERS), random.choice(names)])

    between, end = random.choice([(", ", "; "), (" ", "; "), (", ", "], ["), (" ", "]\n ["), (" ", "\n"), ("，", "；")])
    body = end.join(between.join(cell() for _ in range(columns)) for _ in range(rows))
    opening, closing = random.choice(
        [("", ""), ("[", "]"), ("[[", "]]"), ("(", ")"), ("（", "）"), ("[", ""), ("", "]]")]
    )
    return opening + body + closing


def extreme(random: Random, names: list[str]) -> str:
    """Texts that are too long, too deep, too large or too much work."""
    name, many = random.choice(names), random.choice([60, 250, 900, 1_900, 5_000])
    inner = random.choice(
        [name, "1", "ones(1000000)", "ones(1000, 1000)", "eye(1000)", "0.5", "softmax(ones(1000000))"]
    )
    function = random.choice(_FUNCTIONS)
    return random.choice(
        [
            "(" * many + name + ")" * many,
            "[" * many + "1" + "]" * many,
            "-" * many + name,
            f"{name}" + ".T" * many,
            f"{function}(" * many + name + ")" * many,
            f"{name}^" * many + "2",
            "+".join([inner] * min(many, 900)),
            "@".join([inner] * min(many, 900)),
            "[" + ", ".join([inner] * min(many, 900)) + "]",
            f"{function}(" + ", ".join([inner] * min(many, 900)) + ")",
            f"{function}({inner})",
            f"{function}({inner}, {inner})",
            f"{random.choice(_HUGE)} * {inner}",
            f"{inner} ^ {random.choice(_HUGE)}",
            f"{inner}[{random.choice(_HUGE)}]",
            f"{function}({name}, {random.choice(_HUGE)})",
            f"reshape({inner}, [{random.choice(_HUGE)}, 1])",
            random.choice(_ODD + _LETTERS) * many,
            name * many,
            random.choice(_LETTERS) * random.choice([100, 1_000_000]),
            "; ".join(["1, 2"] * many),
            "\n".join([f"z = {name}"] * many),
        ]
    )


if __name__ == "__main__":
    from tests.fuzz.answers import main

    sys.exit(main(sys.argv[1:]))
