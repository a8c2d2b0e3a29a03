"""Question kinds that do not ask for a gradient: one module each builds the question from a lesson's `ask`."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from tutor.drill.question import TaskQuestion
from tutor.drill.tasks import (
    choose,
    count,
    decompose,
    derive,
    difference,
    entry,
    find_slip,
    order,
    predict,
    rule,
    saves,
    tangent,
    update,
)
from tutor.drill.tasks.asked import Asked

Builder: TypeAlias = Callable[[Asked], TaskQuestion]

BUILDERS: Mapping[str, Builder] = {
    "order": order.build,
    "choose": choose.build,
    "count": count.build,
    "difference": difference.build,
    "predict": predict.build,
    "saves": saves.build,
    "tangent": tangent.build,
    "update": update.build,
    "decompose": decompose.build,
    "derive": derive.build,
    "entry": entry.build,
    "find-slip": find_slip.build,
    "rule": rule.build,
}
