"""Labels, one-hot rows and counted rows: whether the shape, and numbers that the lesson fixes, are what is declared."""

import numpy as np

from tutor.lesson.file.document import Document, Steps
from tutor.lesson.model import Given
from tutor.text import msg


def is_as_declared(
    document: Document, steps: Steps, given: Given, says: str, shape: tuple[int, ...], classes: int
) -> bool:
    """Whether an input of this shape is `classes` labels, one-hot entries or rows, as it `says`; notes why not."""
    match says:
        case "onehot":
            return _is_one_hot(document, steps, given, shape, classes)
        case "rows" if shape not in ((classes,), (classes, 1), (1, classes)):
            document.report((*steps, "rows"), msg("lesson.rows-shape", shape=shape, count=classes))
            return False
        case "rows" | "labels" if given.follows is not None:
            return _are_indices(document, steps, given, says, shape, classes)
    return True


def _are_indices(
    document: Document, steps: Steps, given: Given, says: str, shape: tuple[int, ...], classes: int
) -> bool:
    numbers = np.asarray(given.value, dtype=np.float64)
    for k, place in enumerate(np.ndindex(shape)):
        number = float(numbers[place])
        if says == "rows" and number != k:
            message = msg("lesson.not-rows", value=number, expected=k)
        elif not (0 <= number < classes and number.is_integer()):
            message = msg("lesson.not-a-label", value=number, classes=classes, last=classes - 1)
        else:
            continue
        document.report((*steps, "value", *place), message)
        return False
    return True


def _is_one_hot(document: Document, steps: Steps, given: Given, shape: tuple[int, ...], classes: int) -> bool:
    axis = given.axis
    if (*steps, "axis") in document.keys and not -len(shape) <= axis < len(shape):
        document.report((*steps, "axis"), msg("lesson.onehot-axis", shape=shape, axis=axis))
        return False
    if not shape or shape[axis] != classes:
        id = "lesson.onehot-shape" if axis == -1 else "lesson.onehot-shape-axis"
        at = "shape" if (*steps, "shape") in document.keys else "onehot"
        known: dict[str, object] = {"shape": shape, "classes": classes} | ({} if axis == -1 else {"axis": axis})
        document.report((*steps, at), msg(id, **known))
        return False
    if given.follows is None:
        return True
    along = np.moveaxis(np.asarray(given.value, dtype=np.float64), axis, -1)
    for place in np.ndindex(along.shape[:-1]):
        if sorted(along[place].tolist()) != [0.0] * (classes - 1) + [1.0]:
            # Only along the last axis is one group of entries one list in the file.
            at_fault = place if axis in (-1, len(shape) - 1) else ()
            document.report((*steps, "value", *at_fault), msg("lesson.not-onehot", axis=axis % len(shape)))
            return False
    return True
