"""Lessons: YAML files become validated lessons with samplers for fresh numbers.

Import from the modules (`loading`, `draws`, `answer_file`): the first screen needs none of them.
"""
