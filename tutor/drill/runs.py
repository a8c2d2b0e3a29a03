"""The numbers of a drill: drawn so that mistakes show, and the same graph at other numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice

from tutor.drill.carried_rounding import alike_answers, rounded_runs
from tutor.engine import Graph, Run
from tutor.engine.rounding_noise import NoisyRun, Settled
from tutor.expr.tree import COMPARISONS, OPERATORS
from tutor.lesson.graph.named_sizes import shape_of
from tutor.lesson.graph.workload import pass_work
from tutor.lesson.model import Draw, Part
from tutor.lesson.numbers.draws import draws, is_finite, perturbed_draws, run_of
from tutor.lesson.numbers.fresh_draws import fresh_draws, same_numbers
from tutor.lesson.numbers.kinks import kinks, same_sides
from tutor.lesson.numbers.samplers import RandomStream
from tutor.lesson.question_load import CALL
from tutor.mistakes.catalogue import mistakes
from tutor.mistakes.mistake import Distance
from tutor.mistakes.mistake_classes import MistakeClass, grouped_by_answer
from tutor.mistakes.target import Target, right_answer

TRIES = 50
GENERIC = 3
MOST_TOLD = 120_000_000  # questions times the work of a pass, over all draws that are looked at: a second or two
_FACTOR_SEED = 20_210_208
_COMPARISONS = frozenset(OPERATORS[op] for op in COMPARISONS)
HIDDEN_WEIGHS = 1000  # one mistake that looks right is worse than any number that look alike


class Runs:
    """A part's graph at other numbers: `perturbed` its own, for telling rules apart, and `resampled`, sizes and all."""

    def __init__(self, part: Part, drawn: Draw) -> None:
        self.part, self.drawn = part, drawn
        self._rounded: dict[int, tuple[Run, ...]] = {}

    @cached_property
    def perturbed(self) -> tuple[Run, ...]:
        """Three runs at the drill's own numbers, each a little moved."""
        return tuple(run_at(self.part, each) for each in perturbed_draws(self.part, self.drawn, GENERIC))

    @cached_property
    def with_constants_perturbed(self) -> tuple[Run, ...]:
        """The near runs with the lesson's constants, and the factors written in its formulas, moved too.

        A forgotten factor of 2 is no gradient split in two, although no number of the drill can tell.
        """
        free = {name: replace(given, constant=False) for name, given in self.part.given.items()}
        loose = perturbed_draws(replace(self.part, given=free), self.drawn, GENERIC)
        stream = RandomStream(_FACTOR_SEED)
        return tuple(_with_factors_perturbed(run_at(self.part, each), each, stream) for each in loose)

    def rounded(self, digits: int) -> tuple[Run, ...]:
        """Runs at the drill's own numbers as they look to so many digits, kept."""
        if digits not in self._rounded:
            self._rounded[digits] = rounded_runs(run_at(self.part, self.drawn), digits)
        return self._rounded[digits]

    @cached_property
    def fresh_draws(self) -> tuple[Draw, ...]:
        """Draws of new numbers and sizes, for formulas: eight where so many are found, none of them the drill's own."""
        return tuple(each for each in fresh_draws(self.part) if not same_numbers(each, self.drawn))

    @cached_property
    def resampled(self) -> tuple[Run, ...]:
        """The runs at these draws."""
        return tuple(run_at(self.part, each) for each in self.fresh_draws)

    def validation(self, target: Target) -> Iterator[Run]:
        """Runs at which an expression of names is tried: near by, then far off at the same sizes.

        Far off a max may have another winner, unless the gradient asked for goes through it. The drill's constants are
        there as numbers too.
        """
        yield from self.perturbed
        here = run_at(self.part, self.drawn)
        kept = {*target.ops_on_the_way(here.graph), *_comparisons(here.graph)}
        constants = {name: self.drawn.numbers[name] for name, given in self.part.given.items() if given.constant}
        for drawn in self.fresh_draws:
            if drawn.sizes == self.drawn.sizes:
                run = run_of(self.part, replace(drawn, numbers={**drawn.numbers, **constants}))
                if run is not None and is_finite(run) and same_sides(kinks(here, kept), kinks(run, kept)):
                    yield run

    def sizes_at(self, run: Run) -> Mapping[str, int]:
        """The sizes that one of these runs was made at."""
        run = run.original if isinstance(run, NoisyRun) else run
        for drawn, fresh in zip(self.fresh_draws, self.resampled, strict=True) if "resampled" in self.__dict__ else ():
            if fresh is run:
                return drawn.sizes
        return self.drawn.sizes


def _with_factors_perturbed(run: Run, drawn: Draw, stream: RandomStream) -> Run:
    """The run with every factor that a formula has as a number a little moved; itself where that crosses a kink."""
    graph = run.graph
    factors = [j for node, op in enumerate(graph.ops) if op is not None and op.factors for j in graph.arguments[node]]
    moved = {j: graph.constants[j] * stream.uniform(0.9, 1.1) for j in factors if j in graph.constants}
    if not moved:
        return run
    made = Settled.start(graph.with_constants(moved), drawn.numbers, drawn.upstream)
    return made if is_finite(made) and same_sides(kinks(run), kinks(made)) else run


def run_at(part: Part, drawn: Draw) -> Run:
    """The part's graph at these numbers and sizes."""
    return Settled.start(part.graph_for(drawn.sizes), drawn.numbers, drawn.upstream)


def discriminating_draw(part: Part, seed: int, targets: Sequence[Target]) -> Draw:
    """The best of at most 50 draws: no slip at an asked place may look right, and few may look like each other.

    Of a large graph fewer are looked at, or just the first is taken: its drill is to open at once.
    """
    asked = sum(len(each.wrt) for each in targets)
    # Every slip on the way through a line is one way to go wrong, and each is walked to the end of the line.
    longest = max(len(slot.chain) for line in part.graph.lines.values() for slot in line.slots)
    tries = min(TRIES, (MOST_TOLD - asked * CALL * longest**2) // (_pass_of(part) * (1 + asked)))
    if tries < 2 or not any(given.drawn for given in (*part.given.values(), *part.upstream.values())):
        return next(draws(part, seed))
    best: tuple[int, Draw] | None = None
    applying: list[list[MistakeClass]] | None = None
    for drawn in islice(draws(part, seed), tries):
        run = run_at(part, drawn)
        if applying is None:
            applying = asked_classes(run, Runs(part, drawn), targets)
        hidden, alike = collisions(run, targets, applying)
        score = hidden * HIDDEN_WEIGHS + alike
        if best is None or score < best[0]:
            best = score, drawn
        if score == 0:
            break
    assert best is not None
    return best[1]


def _pass_of(part: Part) -> int:
    """What one pass takes, at the lesson's own sizes."""
    given = {part.graph.index[name]: shape_of(each, part.sizes) for name, each in part.given.items()}
    return pass_work(part.graph, part.graph.plan(given).shapes)


def asked_classes(run: Run, runs: Runs, targets: Sequence[Target]) -> list[list[MistakeClass]]:
    """For each target the classes of mistakes at the asked place and its fork.

    What far ones would add to a class are members after its first, which nobody asks for here.
    """
    return [
        grouped_by_answer(
            [each for each in mistakes(run, target) if each.distance == Distance.ASKED], runs.perturbed, target
        )
        for target in targets
    ]


def collisions(run: Run, targets: Sequence[Target], applying: Sequence[Sequence[MistakeClass]]) -> tuple[int, int]:
    """How many classes look right at a run, and how many look like another class."""
    hidden = alike = 0
    for target, found in zip(targets, applying, strict=True):
        pairs = alike_answers(right_answer(run, target), [each.produce(run) for each in found])
        hidden_here = sum(one < 0 for one, _ in pairs)
        hidden += hidden_here
        alike += len(pairs) - hidden_here
    return hidden, alike


def _comparisons(graph: Graph) -> set[int]:
    """Comparisons decide which way a gradient goes without being on it."""
    return {node for node, op in enumerate(graph.ops) if op is not None and op.name in _COMPARISONS}
