"""The kinds of question, a module each, and what is done with them: lessons loaded, drills built, answers judged."""

from tutor.kinds.all import AllKind
from tutor.kinds.answering import check, hints, missing, preview
from tutor.kinds.building import build
from tutor.kinds.choose import ChooseKind
from tutor.kinds.count import CountKind
from tutor.kinds.decompose import DecomposeKind
from tutor.kinds.derive import DeriveKind
from tutor.kinds.difference import DifferenceKind
from tutor.kinds.downstream import DownstreamKind
from tutor.kinds.entry import EntryKind
from tutor.kinds.find_slip import FindSlipKind
from tutor.kinds.formula import FormulaKind
from tutor.kinds.jacobian import JacobianKind
from tutor.kinds.local import LocalKind
from tutor.kinds.order import OrderKind
from tutor.kinds.path import PathKind
from tutor.kinds.predict import PredictKind
from tutor.kinds.rule import RuleKind
from tutor.kinds.saves import SavesKind
from tutor.kinds.shape import ShapeKind
from tutor.kinds.tangent import TangentKind
from tutor.kinds.total import TotalKind
from tutor.kinds.update import UpdateKind
from tutor.kinds.upstream import UpstreamKind
from tutor.lesson.ask_entries import KINDS
from tutor.lesson.loading import load, load_text

__all__ = ["KINDS", "build", "check", "hints", "load", "load_text", "missing", "preview"]

# In the order in which the format's description and its schema have them.
for _kind in (
    ShapeKind, UpstreamKind, LocalKind, DownstreamKind, PathKind, TotalKind, AllKind, JacobianKind, FormulaKind,
    EntryKind, DeriveKind, DecomposeKind, OrderKind, CountKind, FindSlipKind, PredictKind, DifferenceKind, RuleKind,
    SavesKind, TangentKind, UpdateKind, ChooseKind,
):  # fmt: skip
    KINDS[_kind.name] = _kind()
