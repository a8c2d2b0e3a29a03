"""The one expression language of lessons, answers and hints: read it, evaluate it, print it."""

from tutor.expr.errors import EvaluationError, ParseError
from tutor.expr.evaluation import Parts, evaluate, literal
from tutor.expr.latex import to_latex
from tutor.expr.letters import composed, normal, one_way
from tutor.expr.names import nearest
from tutor.expr.printing import to_text, to_unicode
from tutor.expr.reading import parse, parse_answer
from tutor.expr.scope import Scope
from tutor.expr.shapes import parse_shape
from tutor.expr.tables import decimal_comma, decimal_commas
from tutor.expr.tree import OPERATORS, Span, Tree, children, names_in, walk

__all__ = [
    "OPERATORS",
    "EvaluationError",
    "ParseError",
    "Parts",
    "Scope",
    "Span",
    "Tree",
    "children",
    "composed",
    "decimal_comma",
    "decimal_commas",
    "evaluate",
    "literal",
    "names_in",
    "nearest",
    "normal",
    "one_way",
    "parse",
    "parse_answer",
    "parse_shape",
    "to_latex",
    "to_text",
    "to_unicode",
    "walk",
]
