"""Where reading stopped, in words: what was expected there, and what was probably meant."""

from lark import Token

from tutor.expr.errors import ParseError
from tutor.expr.grammar import span_of
from tutor.expr.known_names import UPSTREAM, function_elsewhere
from tutor.expr.number_tables import decimal_comma
from tutor.expr.scope import Scope
from tutor.expr.spelling import SUPERSCRIPTS, shortened
from tutor.expr.tokens import OPENING
from tutor.expr.tree import Span
from tutor.text import Message, msg

_POSTFIXES = {"TRANSPOSE", "SUPERSCRIPT", "ATTRIBUTE"}
_COMPLETE = {"NUMBER", "FRACTION", "NAME", "GRADIENT", *_POSTFIXES, "RPAR", "RSQB", "TEXT", "DOTS"}
_BEGINS = {"NUMBER", "FRACTION", "NAME", "GRADIENT", "LPAR"}
_WORDS = {"NUMBER", "FRACTION", "NAME", "GRADIENT"}
_OTHER = {"LPAR": ")", "LSQB": "]", "RPAR": "(", "RSQB": "["}


def syntax_message(tokens: list[Token], position: int, scope: Scope, start: str, typed: str) -> ParseError:
    """The error for the token at `position` (behind the last: the text ends too early), which the grammar refuses."""
    reader = _Explainer(tokens, position, scope, start, typed)
    return ParseError(*(reader.after_a_value() if reader.value_is_complete else reader.where_a_value_belongs()))


class _Explainer:
    """What stands before the token that was refused."""

    def __init__(self, tokens: list[Token], position: int, scope: Scope, start: str, typed: str) -> None:
        self.tokens, self.position, self.scope, self.start, self.typed = tokens, position, scope, start, typed
        self.before = tokens[position - 1] if position else None
        self.refused = tokens[position] if position < len(tokens) else None
        self.open = _open_brackets(tokens[:position])
        self.value_is_complete = self.before is not None and self.before.type in _COMPLETE

    def where_a_value_belongs(self) -> tuple[Message, Span]:
        before, refused = self.before, self.refused
        if refused is None:
            assert before is not None
            end = span_of(before).end
            return msg("expr.value-expected-at-end", after=self.shown(before)), Span(end, end)
        span = span_of(refused)
        if (wrong := self.wrong_bracket()) is not None:
            return wrong
        if refused.type == "TEXT":
            return msg("expr.text-not-argument"), span
        if before is None:
            return msg("expr.value-expected-first", found=self.shown(refused)), span
        if before.type in OPENING and refused.type == OPENING[before.type]:
            return msg("expr.empty-brackets", brackets=f"{before}{refused}"), Span(span_of(before).start, span.end)
        return msg("expr.value-expected", after=self.shown(before), found=self.shown(refused)), span

    def after_a_value(self) -> tuple[Message, Span]:
        refused = self.refused
        if refused is None:
            opening = self.open[-1]
            return msg("expr.unclosed", open=str(opening), close=_OTHER[opening.type]), span_of(opening)
        span = span_of(refused)
        if (wrong := self.wrong_bracket()) is not None:
            return wrong
        if refused.type in _BEGINS:
            return self.missing_operator(), span
        match refused.type:
            case "COMMA":
                return self.comma(), span
            case "SEMICOLON":
                return msg("expr.semicolon"), span
            case "COLON":
                return msg("expr.colon"), span
            case "EQUALS":
                return self.equals(), span
            case "TEXT" if refused.startswith("'"):  # two primes, as in u' * v', look like a text
                return msg("expr.prime"), Span(span.start, span.start + 1)
            case "TEXT":
                return msg("expr.text-not-argument"), span
            case "COMPARE" if any(token.type == "COMPARE" for token in self.tokens[: self.position]):
                return msg("expr.chained-comparison"), span
        return msg("expr.unexpected", found=self.shown(refused)), span

    def wrong_bracket(self) -> tuple[Message, Span] | None:
        """A closing bracket that closes nothing, or another kind of bracket than the last one opened."""
        refused = self.refused
        if refused is None or refused.type not in OPENING.values():
            return None
        if not self.open:
            return msg("expr.unopened", close=str(refused), open=_OTHER[refused.type]), span_of(refused)
        opening = self.open[-1]
        if OPENING[opening.type] == refused.type:
            return None
        closing = _OTHER[opening.type]
        return msg("expr.mismatched", open=str(opening), close=closing, found=str(refused)), span_of(refused)

    def missing_operator(self) -> Message:
        assert self.before is not None
        assert self.refused is not None
        if self.before.type == "NUMBER" and self.refused.type == "NUMBER":
            return msg("expr.two-numbers", left=self.shown(self.before), right=self.shown(self.refused))
        left, right = self.left_operand(), self.right_operand()
        if self.before.type == "NUMBER" and self.refused.type == "FRACTION":
            return msg("expr.mixed-fraction", typed=f"{left}{right}", left=left, right=right)
        if self.refused == "T" and not self.scope.knows("T"):
            return msg("expr.missing-transpose", left=left)
        if (power := self.power_of_function()) is not None:
            return power
        if self.before.type == "NAME" and self.before in self.scope.functions:
            return msg("expr.function-as-name", name=str(self.before))
        if (elsewhere := function_elsewhere(self.before, self.scope)) is not None:
            return elsewhere
        if {self.before.type, self.refused.type} & {"NUMBER", "FRACTION"}:
            return msg("expr.missing-times", left=left, right=right)
        if _is_turned(left) or _is_turned(right):
            return msg("expr.missing-matmul", left=left, right=right)
        if self.before in UPSTREAM and right in self.scope.gradients:
            return msg("expr.missing-operator-gradient", left=left, right=right)
        return msg("expr.missing-operator", left=left, right=right)

    def power_of_function(self) -> Message | None:
        """What to say about `tanh²(z)` and `tanh^2(z)`, where a bracket is refused."""
        before = self.tokens[: self.position]
        name = before[-2] if len(before) > 1 and before[-1].type == "SUPERSCRIPT" else None
        if len(before) > 2 and before[-2].type == "POWER":
            name = before[-3]
        if name is None or self.refused is None or self.refused.type not in ("LPAR", "NAME", "GRADIENT"):
            return None
        if (elsewhere := function_elsewhere(name, self.scope)) is not None:
            return elsewhere
        if name not in self.scope.functions:
            return None
        power = "".join(SUPERSCRIPTS.get(letter, letter) for letter in before[-1])
        return msg("expr.function-power", name=str(name), power=power)

    def left_operand(self) -> str:
        """The value that ends before the refused token, as typed; `...` for what is long."""
        start = self.position - 1
        while self.tokens[start].type in _POSTFIXES:
            start -= 1
        if self.tokens[start].type in OPENING.values():
            start = _opening_of(self.tokens, start)
            if start and self.tokens[start - 1].type == "NAME":
                start -= 1
        return self.slice(start, self.position - 1)

    def right_operand(self) -> str:
        """The value that begins with the refused token, as typed."""
        end = self.position
        if self.tokens[end].type == "LPAR":
            return "(...)"
        if self.follows(end, "LPAR"):
            return f"{self.shown(self.tokens[end])}(...)"
        while self.follows(end, "TRANSPOSE") or self.follows(end, "SUPERSCRIPT"):
            end += 1
        return self.slice(self.position, end)

    def follows(self, position: int, type: str) -> bool:
        return position + 1 < len(self.tokens) and self.tokens[position + 1].type == type

    def slice(self, first: int, last: int) -> str:
        return shortened(self.typed[span_of(self.tokens[first]).start : span_of(self.tokens[last]).end])

    def comma(self) -> Message:
        if self.open:
            return msg("expr.comma-in-parentheses")
        return decimal_comma(self.typed) or msg("expr.comma-outside")

    def equals(self) -> Message:
        if self.open:
            return msg("expr.equals-in-brackets")
        return msg("expr.assignment", left=self.slice(0, self.position - 1))

    def shown(self, token: Token) -> str:
        """The token as typed."""
        return shortened(self.typed[slice(*span_of(token))])


def _is_turned(operand: str) -> bool:
    return operand.endswith((".T", "ᵀ", "^T", ".t()"))


def _open_brackets(tokens: list[Token]) -> list[Token]:
    found: list[Token] = []
    for token in tokens:
        if token.type in OPENING:
            found.append(token)
        elif token.type in OPENING.values():
            found.pop()
    return found


def _opening_of(tokens: list[Token], closing: int) -> int:
    level = 0
    for position in range(closing, -1, -1):
        level += (tokens[position].type in OPENING.values()) - (tokens[position].type in OPENING)
        if level == 0:
            return position
    return 0
