"""What authors need: `lesson_check` proves a lesson, `new` writes one from a formula or from Python, `watch` notices a
save.

Import from the modules: none of this is needed for the first screen.
"""
