"""The order of lines: who uses whom, topological order without recursion, labels of slots."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeVar

from tutor.engine.errors import EngineError
from tutor.expr import names_in
from tutor.expr.tree import Tree
from tutor.text import msg

T = TypeVar("T")

CONSTANTS = {"e": 2.718281828459045, "pi": 3.141592653589793, "π": 3.141592653589793}


def uses(trees: Mapping[str, Tree], sizes: Iterable[str], inputs: Iterable[str] = ()) -> dict[str, list[str]]:
    """For each line the names it uses, in reading order, without sizes and constants that nothing shadows."""
    fixed = {*sizes, *CONSTANTS} - {*trees, *inputs}
    return {line: [name for name in names_in(tree) if name not in fixed] for line, tree in trees.items()}


def free_names(used: Mapping[str, Sequence[str]]) -> list[str]:
    """Names that no line defines, in the order in which they first appear."""
    return list(dict.fromkeys(name for names in used.values() for name in names if name not in used))


def topological(used: Mapping[str, Sequence[str]], inputs: Iterable[str]) -> list[str]:
    """The lines, each after all it uses, otherwise in the order of the file; raises EngineError naming a cycle."""
    known = set(inputs)
    position = {line: k for k, line in enumerate(used)}
    for line, names in used.items():
        for name in names:
            if name not in known and name not in position:
                raise EngineError(
                    msg("engine.unknown-name", name=name, near=nearest_names(name, [*known, *position])), line
                )
    # A line may go as soon as all that it uses has gone, so deep chains need no recursion.
    waiting = {line: len({name for name in names if name in position}) for line, names in used.items()}
    users: dict[str, list[str]] = {line: [] for line in used}
    for line, names in used.items():
        for name in dict.fromkeys(names):
            if name in users:
                users[name].append(line)
    ready = [position[line] for line, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    by_position = list(used)
    order = []
    while ready:
        line = by_position[heapq.heappop(ready)]
        order.append(line)
        for user in users[line]:
            waiting[user] -= 1
            if waiting[user] == 0:
                heapq.heappush(ready, position[user])
    if len(order) < len(used):
        cycle = _a_cycle(used, set(used) - set(order))
        raise EngineError(msg("engine.cycle", names=" → ".join(cycle)), cycle[0])
    return order


def reached(start: Iterable[T], onward: Callable[[T], Iterable[T]]) -> dict[T, None]:
    """All that can be reached by going onward, the start included, the nearest first."""
    found = dict.fromkeys(start)
    queue = list(found)
    for each in queue:
        fresh = [other for other in dict.fromkeys(onward(each)) if other not in found]
        found.update(dict.fromkeys(fresh))
        queue += fresh
    return found


def slot_labels(names: Sequence[str]) -> list[str]:
    """The names themselves, or `x#0`, `x#1` for one that is used several times."""
    total = Counter(names)
    seen: Counter[str] = Counter()
    labels = []
    for name in names:
        labels.append(f"{name}#{seen[name]}" if total[name] > 1 else name)
        seen[name] += 1
    return labels


def nearest_names(name: str, known: Iterable[str]) -> str:
    """The known names most like `name`, for an error to suggest; `-` where there are none."""
    return ", ".join(get_close_matches(name, list(known), n=3, cutoff=0.5)) or "-"


def _a_cycle(used: Mapping[str, Sequence[str]], stuck: set[str]) -> list[str]:
    """One cycle among lines that wait for each other: walk up until a line comes again."""
    walk = [min(stuck)]
    while True:
        following = next(name for name in used[walk[-1]] if name in stuck)
        if following in walk:
            return [*walk[walk.index(following) :], following]
        walk.append(following)
