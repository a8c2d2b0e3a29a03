"""An answer becomes a verdict: accepted in every right form, explained where it is wrong, hinted at on request."""

from tutor.checking.verdict import Preview, Verdict

__all__ = ["Preview", "Verdict"]
