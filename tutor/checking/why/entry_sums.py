"""What flows back through a line derived as a sum over its entries: `Σᵢ dz[i] · (i == k) · x[l] = dz[k] · x[l]`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.checking.why.step import Step
from tutor.drill.notation import entry_symbol
from tutor.drill.question import DrillPart
from tutor.engine import Edge
from tutor.engine.entry_slopes import EntrySum, entry_slope, places, used_up
from tutor.engine.simplifying import ONE, simplified
from tutor.expr import to_unicode
from tutor.expr.tree import Binary, Gradient, Name, Number, Subscript, Tree
from tutor.text import Message, msg

_BELOW = dict(zip("ijklmnrstuv", "ᵢⱼₖₗₘₙᵣₛₜᵤᵥ", strict=True))


def slope_by_entries(part: DrillPart, of: str, wrt: str, chain: tuple[Edge, ...]) -> Iterator[Step | Message]:
    """The slope of one entry of a line by one entry of a slot; nothing where an op has no such rule."""
    found = _slope(part, of, wrt, chain)
    if found is not None:
        yield msg("checking.why-entries", of=of, wrt=wrt)
        yield Step(f"∂{entry_symbol(of, found.at)}/∂{entry_symbol(wrt, found.own)} = {_written([found.slope])}")


def share_by_entries(
    part: DrillPart, of: str, wrt: str, chain: tuple[Edge, ...], lead: str
) -> Iterator[Step | Message]:
    """That slope, the sum over all entries, and what is left of it; nothing where an op has no such rule.

    `lead` is what the sum is: `∂s/∂W`; "" where it is one share of several.
    """
    found = _slope(part, of, wrt, chain)
    if found is None:
        return
    yield from slope_by_entries(part, of, wrt, chain)
    slope, arriving = found.slope, _entry(Gradient(None, of), found.at)
    over = tuple(each for each in found.at if each != "0")
    whole = EntrySum((arriving, *slope.factors), (*over, *slope.over))
    symbol = f"∂{entry_symbol(of, found.at)}/∂{entry_symbol(wrt, found.own)}"
    chained = f"{_sigma(over)}{to_unicode(arriving)} · {symbol}"
    yield Step(f"{entry_symbol(lead, found.own)} = {chained}" if lead else chained, (msg("engine.by-chain"),))
    before = _written([whole], pulled=False)
    yield Step(f"= {before}", (msg("checking.why-slope-put-in"),))
    left = used_up(whole, frozenset((*whole.over, *found.own)))
    after = _written(left)
    if after != before:
        fewer = any(each.over != whole.over for each in left)
        yield Step(f"= {after}", (msg("checking.why-one-place-left") if fewer else msg("engine.by-factor"),))


@dataclass(frozen=True, slots=True)
class _Slope:
    """The slope of the entry `at` of a line by the entry `own` of a slot."""

    at: list[str]
    own: list[str]
    slope: EntrySum


def _slope(part: DrillPart, of: str, wrt: str, chain: tuple[Edge, ...]) -> _Slope | None:
    graph, run = part.graph, part.run
    # A letter that is a name in this drill would mean two things.
    letters = iter([each for each in _BELOW if each not in graph.index and each not in part.part.sizes])
    at = places(run.shapes[graph.find(of)], letters)
    own = places(run.shapes[graph.find(wrt.partition("#")[0])], letters)
    if at is None or own is None:
        return None
    slope = entry_slope(run, chain, at, own, letters)
    return None if slope is None else _Slope(at, own, slope)


def _entry(array: Tree, place: Sequence[str]) -> Tree:
    items = tuple(Number("0", 0.0) if each == "0" else Name(each) for each in place)
    return Subscript(array, items) if items else array


def _written(sums: Sequence[EntrySum], pulled: bool = True) -> str:
    """The sums added; factors that are the same at every place `pulled` out."""
    text = ""
    for each in sums:
        if not each.over:
            one = _factor(each.before)
        else:
            one = _sigma(each.over) + _factor(each.inside if pulled else each.whole)
            one = f"({one})" if len(sums) > 1 else one
            one = f"{_factor(each.before)} · {one}" if pulled and each.before != ONE else one
        text += f" {'−' if each.turned else '+'} {one}" if text else f"{'−' if each.turned else ''}{one}"
    return text


def _factor(tree: Tree) -> str:
    """In brackets where it would not hold together beside another factor."""
    tidy = simplified(tree)
    text = to_unicode(tidy)
    return f"({text})" if isinstance(tidy, Binary) and tidy.op not in "*/@^" else text


def _sigma(over: Sequence[str]) -> str:
    return f"Σ{''.join(map(_BELOW.__getitem__, over))} " if over else ""
