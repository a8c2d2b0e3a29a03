"""`entry: {of: "z[i]", wrt: "W[i, j]"}`: one entry of a Jacobian, as a formula in the indices."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tutor.drill.question import TaskQuestion
from tutor.drill.tasks.asked import Asked
from tutor.drill.tasks.entry_formula import entry_formula
from tutor.drill.tasks.skills import skills_of
from tutor.engine import Run
from tutor.expr import to_text
from tutor.expr.tree import Tree
from tutor.lesson.entries import Place, letter_sizes, place_of
from tutor.mistakes.target import Convention
from tutor.text import msg

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Which entry of what, with respect to which entry; indices count from 0."""

    of: Place
    wrt: Place
    using: tuple[str, ...] | None
    convention: Convention

    @property
    def terms(self) -> tuple[object, ...]:
        """What is asked besides the names in the id."""
        return (self.of.indices, self.wrt.indices, self.using)

    @property
    def letters(self) -> tuple[str, ...]:
        """The index letters in reading order, each once: the axes of `truth`."""
        return tuple(dict.fromkeys((*self.of.letters, *self.wrt.letters)))

    def sizes(self, run: Run) -> dict[str, int] | None:
        """How far each letter runs; None at a run where a numbered entry does not exist."""
        return letter_sizes(((self.of, _shape(run, self.of)), (self.wrt, _shape(run, self.wrt))))

    def truth(self, run: Run) -> Any:
        """The entry for every choice of the indices: one axis a letter."""
        sizes = self.sizes(run)
        assert sizes is not None
        grid = self.grid(sizes)
        shapes = _shape(run, self.of), _shape(run, self.wrt)
        whole = run.jacobian(self.of.name, self.wrt.name).reshape(*shapes[0], *shapes[1])
        axes = [*(self.of.axes(shapes[0]) or ()), *(self.wrt.axes(shapes[1]) or ())]
        picked = whole[tuple(grid[index] if isinstance(index, str) else index for index in axes)]
        return np.broadcast_to(picked, tuple(sizes[letter] for letter in self.letters))

    def grid(self, sizes: dict[str, int]) -> dict[str, Any]:
        """For every letter all its indices, along an axis of its own."""
        count = len(self.letters)
        return {
            letter: np.arange(sizes[letter]).reshape([-1 if axis == k else 1 for axis in range(count)])
            for k, letter in enumerate(self.letters)
        }


def build(asked: Asked) -> TaskQuestion:
    """The entry asked for; `typed` where the chain of ops has a short formula."""
    of, wrt = place_of(str(asked.ask.of)), place_of(asked.ask.wrt[0])
    entry = Entry(of, wrt, asked.ask.using, asked.ask.convention or asked.part.convention)
    tree = _typed(asked, entry)
    letters = list(entry.letters)
    question = asked.question(
        f"{of.name} {wrt.name}",
        entry,
        symbol=f"∂{shown(of)}/∂{shown(wrt)}",
        prompt=msg("drill.prompt-entry-using", letters=letters, using=list(entry.using))
        if entry.using
        else msg("drill.prompt-entry", letters=letters),
        typed=None if tree is None else to_text(tree),
        skills=skills_of(asked.run.graph, "entry", [wrt.name]),
    )
    return replace(question, of=of.name, wrt=(wrt.name,))


def shown(place: Place) -> str:
    """The place as one types it."""
    return f"{place.name}[{', '.join(map(str, place.indices))}]" if place.indices else place.name


def _typed(asked: Asked, entry: Entry) -> Tree | None:
    run = asked.run
    of, wrt = (place.axes(_shape(run, place)) for place in (entry.of, entry.wrt))
    if of is None or wrt is None:
        return None
    return entry_formula(run, (entry.of.name, of), (entry.wrt.name, wrt), entry.using)


def _shape(run: Run, place: Place) -> Shape:
    return run.shapes[run.graph.find(place.name)]
