"""Pictures and tables of what a lesson's plots show: curves by plotext, bars of our own, and what to see in them.

Bars are our own since their labels may be Chinese: plotext counts characters, a terminal counts cells.
"""

import math
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tutor.engine.studies import GradientCheck, GradientNorms, PlanCosts, Study, Timing
from tutor.text import Message, msg
from tutor.text.columns import display_width as cells

Cell: TypeAlias = Message | str

TITLES = {
    "gradient-check": msg("drawing.title-gradient-check"),
    "gradient-norms": msg("drawing.title-gradient-norms"),
    "counts": msg("drawing.title-counts"),
    "timing": msg("drawing.title-timing"),
}
FLOOR = 1e-16  # an error of nothing at all is drawn where rounding begins, since 0 has no logarithm
LARGE = 30.0  # how much larger than the smallest the largest size may be before the axis becomes logarithmic
CHANGE = 10.0  # from here on a gradient shrinks or grows worth a word
MOST_BARS = 12

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_PLOTEXT = threading.Lock()  # its figure is one for the whole process


@dataclass(frozen=True, slots=True)
class Curve:
    """Points joined by a line, each marked with one character."""

    mark: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Axes:
    """Curves in one frame, with texts at places of both axes; places are what is drawn, logarithms taken already."""

    curves: tuple[Curve, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from 0 to `value`: whose it is (empty: the same as above), the sign of what it counts, its number."""

    label: Cell
    sign: str
    value: float
    text: Cell


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot: what to see in it, its picture (curves or bars), and the same as a table."""

    title: Message
    caption: Message
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    axes: Axes | None = None
    bars: tuple[Bar, ...] = ()


def plot_of(study: Study, outputs: Sequence[str]) -> Plot:
    """The plot of a study, in no language yet; `outputs` are the names of the graph's outputs."""
    if isinstance(study, GradientCheck):
        return _gradient_check(study, " + ".join(outputs))
    if isinstance(study, GradientNorms):
        return _gradient_norms(study)
    return _counts(study) if isinstance(study, PlanCosts) else _timing(study)


# What the plots show


def _gradient_check(study: GradientCheck, output: str) -> Plot:
    series = study.series
    entry = f"{study.wrt}{list(study.place)}" if study.place else study.wrt
    slope = f"∂{output}/∂{entry}"
    if study.is_linear:
        caption = msg("drawing.check-linear", slope=slope, wrt=entry)
    elif study.is_quadratic:
        caption = msg("drawing.check-quadratic", slope=slope, one=_power(study.best_one))
    else:
        caption = msg("drawing.check", slope=slope, one=_power(study.best_one), two=_power(study.best_two))
    curves = (
        Curve("1", _logged((each.h, each.one_sided) for each in series)),
        Curve("2", _logged((each.h, each.two_sided) for each in series)),
    )
    across = tuple((_log(each.h), _power(each.h)) for each in series[::2])
    heights = [y for curve in curves for _, y in curve.points] or [0.0]
    up = tuple(
        (float(y), _power(10.0**y))
        for y in range(4 * math.ceil((min(heights) - 1) / 4), math.ceil(max(heights)) + 1, 4)
    )
    rows = tuple((_power(each.h), _short(each.one_sided), _short(each.two_sided)) for each in series)
    head = ("h", msg("drawing.one-sided"), msg("drawing.two-sided"))
    return Plot(TITLES["gradient-check"], caption, head, rows, Axes(curves, across, up))


def _gradient_norms(study: GradientNorms) -> Plot:
    sizes = [each.size for each in study.lines]
    shown = [(k, size) for k, size in enumerate(sizes) if size > 0 and math.isfinite(size)]
    values = [size for _, size in shown]
    logarithmic = bool(values) and max(values) > LARGE * min(values)
    points = tuple((float(k), math.log10(size) if logarithmic else size) for k, size in shown)
    names = [each.line for each in study.lines]
    fit = all(cells(name) == len(name) for name in names)  # plotext would misplace characters that are two cells wide
    across = tuple((float(k), name if fit else str(k + 1)) for k, name in enumerate(names))
    # The caption and the curve speak of the lines alone.
    rows: list[tuple[Cell, ...]] = [(each.line, _short(each.size)) for each in study.lines]
    rows += [(msg("drawing.input-row", name=each.line), _short(each.size)) for each in study.inputs]
    axes = Axes((Curve("●", points),), across, _marks(values, logarithmic)) if points else None
    head = (msg("drawing.line"), msg("drawing.size"))
    return Plot(TITLES["gradient-norms"], _of_norms(study), head, tuple(rows), axes)


def _of_norms(study: GradientNorms) -> Message:
    lines = study.lines
    dead = next((each for each in lines if each.size == 0), None)
    if dead is not None:
        return msg("drawing.norms-dead", line=dead.line)
    first, last = lines[0], lines[-1]
    known = {"first": first.line, "at_first": _short(first.size), "last": last.line, "at_last": _short(last.size)}
    if last.size * CHANGE <= first.size:
        return msg("drawing.norms-shrink", **known)
    if last.size >= CHANGE * first.size:
        return msg("drawing.norms-grow", **known)
    sizes = [each.size for each in lines]
    return msg("drawing.norms-steady", least=_short(min(sizes)), most=_short(max(sizes)))


def _counts(study: PlanCosts) -> Plot:
    totals = {plan: cost.multiply + cost.add for plan, cost in study.plans}
    caption = msg("drawing.counts", **{plan: _whole(total) for plan, total in totals.items()})
    bars: list[Bar] = []
    rows: list[tuple[Cell, ...]] = []
    for plan, cost in study.plans:
        label = _PLANS[plan]
        bars.append(Bar(label, "×", cost.multiply, _whole(cost.multiply)))
        bars.append(Bar("", "+", cost.add, _whole(cost.add)))
        rows.append((label, _whole(cost.multiply), _whole(cost.add)))
    head = (msg("drawing.plan"), msg("drawing.multiplications"), msg("drawing.additions"))
    return Plot(TITLES["counts"], caption, head, tuple(rows), bars=tuple(bars))


_PLANS = {
    "forward": msg("drawing.plan-forward"),
    "shared": msg("drawing.plan-shared"),
    "separate": msg("drawing.plan-separate"),
    "paths": msg("drawing.plan-paths"),
}


def _timing(study: Timing) -> Plot:
    ratio = f"{study.backward / study.forward:.1f}" if study.forward else "–"
    forward, backward = _duration(study.forward), _duration(study.backward)
    caption = msg("drawing.timing", forward=forward, backward=backward, ratio=ratio)
    rows: list[tuple[Cell, ...]] = [
        (each.line, _duration(each.forward), _duration(each.backward)) for each in study.lines
    ]
    rows.append((msg("drawing.together"), forward, backward))
    # Of a long graph the bars show the lines that take longest, still in its order.
    longest = sorted(study.lines, key=lambda each: -(each.forward + each.backward))[:MOST_BARS]
    bars = []
    for each in study.lines:
        if each in longest:
            bars.append(Bar(each.line, "→", each.forward, _duration(each.forward)))
            bars.append(Bar("", "←", each.backward, _duration(each.backward)))
    head = (msg("drawing.line"), msg("drawing.forward"), msg("drawing.backward"))
    return Plot(TITLES["timing"], caption, head, tuple(rows), bars=tuple(bars))


# Numbers as texts


def _log(value: float) -> float:
    return math.log10(max(value, FLOOR))


def _logged(pairs: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    return tuple((_log(x), _log(y)) for x, y in pairs if math.isfinite(y))


def _power(value: float) -> str:
    return _ten_to(round(math.log10(value)))


def _ten_to(exponent: int) -> str:
    return "1" if exponent == 0 else f"1e{exponent}"


def _short(value: float) -> str:
    """Two digits after the first where that is readable, else a power of ten."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    return f"{value:.3g}" if 1e-3 <= abs(value) < 1e5 else f"{value:.1e}"


def _whole(count: float) -> str:
    return f"{count:,}" if count < 10**15 else f"{count:.1e}"


def _duration(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= 0.9995 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def _marks(values: Sequence[float], logarithmic: bool) -> tuple[tuple[float, str], ...]:
    """Texts for the axis of sizes: powers of ten, or round numbers from 0 on."""
    if not values:
        return ()
    if logarithmic:
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        step = max((high - low + 4) // 5, 1)
        return tuple((float(y), _ten_to(y)) for y in range(low, high + 1, step))
    ten = 10.0 ** math.floor(math.log10(max(values)))
    gap = next(each for each in (ten / 5, ten / 2, ten, ten * 2) if max(values) / each <= 5)
    return tuple((k * gap, f"{k * gap:.3g}") for k in range(math.ceil(max(values) / gap - 1e-9) + 1))


# Pictures


def curve_lines(axes: Axes, width: int, height: int) -> list[str]:
    """Curves in a frame, `height` lines of at most `width` cells: lines of dots, points as their marks."""
    import plotext

    xs = [x for curve in axes.curves for x, _ in curve.points] or [0.0]
    ys = [*(y for curve in axes.curves for _, y in curve.points), *(y for y, _ in axes.up)]
    across = _that_fit(axes.across, width)
    with _PLOTEXT:
        plotext.clear_figure()
        plotext.theme("clear")
        plotext.limit_size(False, False)
        plotext.plotsize(width, height)
        for curve in axes.curves:
            places = [list(each) for each in zip(*curve.points, strict=True)] or [[], []]
            plotext.plot(*places, marker="braille")
        for curve in axes.curves:
            places = [list(each) for each in zip(*curve.points, strict=True)] or [[], []]
            plotext.scatter(*places, marker=curve.mark)
        plotext.xlim(*_with_margin(min(xs), max(xs)))
        plotext.ylim(*_with_margin(min(ys), max(ys)))
        plotext.xticks([x for x, _ in across], [text for _, text in across])
        plotext.yticks([y for y, _ in axes.up], [text for _, text in axes.up])
        drawn = _ESCAPES.sub("", plotext.build())
    return [line.rstrip() for line in drawn.splitlines()]


def _with_margin(low: float, high: float) -> tuple[float, float]:
    """A little room, so that no point lies on the frame."""
    margin = (high - low) * 0.05 or 0.5
    return low - margin, high + margin


def _that_fit(texts: Sequence[tuple[float, str]], width: int) -> Sequence[tuple[float, str]]:
    """Every text of the axis, or every second, third, ... where they would run into each other."""
    longest = max((len(text) for _, text in texts), default=0) + 2
    return texts[:: max(math.ceil(len(texts) * longest / max(width - 10, 1)), 1)]


def bar_of(bar: Bar, most: float, width: int) -> str:
    """The bar itself, half a cell the smallest step; anything above 0 shows."""
    halves = round(2 * width * bar.value / most) if most else 0
    if bar.value > 0:
        halves = max(halves, 1)
    full, half = divmod(halves, 2)
    return "━" * full + "╸" * half
