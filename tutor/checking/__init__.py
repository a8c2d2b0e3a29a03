"""An answer becomes a verdict: accepted in every right form, explained where it is wrong, hinted at on request."""

from tutor.checking.check import check
from tutor.checking.hints import hints
from tutor.checking.preview import preview
from tutor.checking.verdict import Preview, Verdict

__all__ = ["Preview", "Verdict", "check", "hints", "preview"]
