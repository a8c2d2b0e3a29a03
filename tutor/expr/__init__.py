"""The one expression language of lessons, answers and hints: read it, evaluate it, print it."""

from tutor.expr.errors import EvaluationError, ParseError
from tutor.expr.evaluation import PartValues, evaluate, literal_value
from tutor.expr.known_names import nearest_name
from tutor.expr.latex import to_latex
from tutor.expr.number_tables import decimal_comma, decimal_commas
from tutor.expr.parsing import parse, parse_answer
from tutor.expr.printing import to_text, to_unicode
from tutor.expr.scope import Scope
from tutor.expr.shape_parsing import parse_shape
from tutor.expr.spelling import composed, normalised, one_spelling
from tutor.expr.tree import OPERATORS, Span, Tree, children, names_in, walk

__all__ = [
    "OPERATORS",
    "EvaluationError",
    "ParseError",
    "PartValues",
    "Scope",
    "Span",
    "Tree",
    "children",
    "composed",
    "decimal_comma",
    "decimal_commas",
    "evaluate",
    "literal_value",
    "names_in",
    "nearest_name",
    "normalised",
    "one_spelling",
    "parse",
    "parse_answer",
    "parse_shape",
    "to_latex",
    "to_text",
    "to_unicode",
    "walk",
]
