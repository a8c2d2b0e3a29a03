"""Question kinds that do not ask for a gradient: one module each builds the question from a lesson's `ask`."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from tutor.drill.question import TaskQuestion
from tutor.drill.tasks import order
from tutor.drill.tasks.asked import Asked

Builder: TypeAlias = Callable[[Asked], TaskQuestion]

BUILDERS: Mapping[str, Builder] = {
    "order": order.build,
}
