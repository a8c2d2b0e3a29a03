"""`total: x`: the gradient of the output, all branches added."""

from pydantic import Field

from tutor.kinds.gradient import GradientKind
from tutor.lesson.file.ask_schema import Fields, Names, NamesOrMaps


class Total(Fields):
    """The gradient of the output with respect to one name, or several as one vector."""

    wrt: Names = Field(description="One name, or several as one vector: [x, y].")


class TotalKind(GradientKind[Total]):
    """What the family asks for where nothing else is said."""

    name = "total"
    form = NamesOrMaps[Total]
    fields = Total
    short = "wrt"
    describes = "The gradient of the output, all branches added: `total: x`, or `total: {wrt: [x, y]}` for one vector"
    prompt, hint = "drill.prompt-total", "checking.hint-total"
