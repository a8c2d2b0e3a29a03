"""Lessons: YAML files become validated lessons with samplers for fresh numbers, and lessons become a course.

Import from the modules (`loading`, `draws`, `course`, `answers`): the first screen needs `course` alone, and that
module loads neither YAML nor NumPy nor pydantic.
"""
