"""Why the right answer is what it is: how it is derived, with numbers filled in, and measured by nudges.

Why a wrong one is wrong is told by `tutor.checking.explaining`.
"""
