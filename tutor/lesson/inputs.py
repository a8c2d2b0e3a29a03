"""The inputs of a part: from what stands under `given:` and `upstream:` to shapes and samplers."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from tutor.engine.compile import called
from tutor.expr import ParseError, Scope, Tree, names_in, parse, walk
from tutor.expr.tree import Binary, Call, EllipsisIndex, Name, Number, Slice, Subscript
from tutor.lesson.declared_numbers import is_as_declared
from tutor.lesson.file.document import Document, Steps
from tutor.lesson.file.problem import nearest, shortened_list
from tutor.lesson.file.schema import FOLLOWS, SAMPLERS, GivenMap
from tutor.lesson.file.schema_base import MOST_NUMBER
from tutor.lesson.graph.lines import MOST_ELEMENTS
from tutor.lesson.graph.named_sizes import SizeError, shape_of, size_of
from tutor.lesson.graph.workload import MOST_AXES
from tutor.lesson.model import Domain, Given, Kind
from tutor.lesson.numbers.samplers import decimals_of, values_of
from tutor.text import msg

_WORD = re.compile(r"\w+")


def given_of(
    document: Document, steps: Steps, name: str, entry: object, sizes: Mapping[str, int], positive: frozenset[str]
) -> Given | None:
    """One input as the lesson describes it; None after noting why it cannot be used."""
    before = len(document.problems)
    if isinstance(entry, GivenMap):
        given = _from_map(document, steps, name, entry, sizes, "positive" if name in positive else "real")
    else:
        shape = _array_shape(document, steps, entry)
        domain: Domain = "positive" if name in positive else "real"
        given = None if shape is None else Given(name, shape, "fixed", value=entry, domain=domain)
    return given if len(document.problems) == before else None


def label_names(trees: Iterable[Tree]) -> Iterator[str]:
    """Names that stand where whole numbers are counted with: among indices, and as labels of a loss."""
    for tree in trees:
        for part in walk(tree):
            if isinstance(part, Call):
                place = called(part).labels_at
                if place is not None and len(part.arguments) > place and isinstance(part.arguments[place], Name):
                    yield from names_in(part.arguments[place])
            elif isinstance(part, Subscript):
                for item in part.items:
                    if not isinstance(item, Slice | EllipsisIndex):
                        yield from names_in(item)


def positive_names(trees: Iterable[Tree]) -> frozenset[str]:
    """Names that go straight into log, sqrt, a denominator or a power that is not whole."""
    found = set()
    for tree in trees:
        for part in walk(tree):
            match part:
                case Call(arguments=(Name(name=name), *_)) if called(part).positive:
                    found.add(name)
                case Binary(op="/", right=Name(name=name)):
                    found.add(name)
                case Binary(op="^", left=Name(name=name), right=Number(value=exponent)) if exponent.is_integer():
                    continue
                case Binary(op="^", left=Name(name=name)):
                    found.add(name)
    return frozenset(found)


def _from_map(
    document: Document, steps: Steps, name: str, entry: GivenMap, sizes: Mapping[str, int], domain: Domain
) -> Given | None:
    sampler = next(each for each in SAMPLERS if getattr(entry, each) is not None)
    kind: Kind = "fixed" if sampler == "value" else next(each for each in get_args(Kind) if each == sampler)
    says = next((each for each in FOLLOWS if getattr(entry, each) is not None), None)
    follows: Kind | None = next((each for each in get_args(Kind) if each == says and kind == "fixed"), None)
    value = None
    shape: tuple[int, ...] | None = None
    if kind == "fixed":
        value, shape = entry.value, _array_shape(document, (*steps, "value"), entry.value)
        if shape is None:
            return None
    classes = _size(document, (*steps, says), getattr(entry, says), sizes) if says is not None else None
    dims = _dims(document, steps, entry, sizes) if entry.shape is not None else shape or ()
    if dims is None or (classes is None and says is not None):
        return None
    if says in ("rows", "onehot") and entry.shape is None and classes is not None:
        dims = _counted(dims, classes, -1 if says == "rows" or entry.axis is None else entry.axis, sizes)
    low, high = entry.integers or entry.uniform or (0.0, 0.0)
    choices = tuple(float(each) for each in entry.choice or ())
    given = Given(
        name,
        dims,
        kind,
        value=value,
        low=float(low),
        high=float(high),
        scale=entry.normal if entry.normal is not None else entry.mask if entry.mask is not None else 1.0,
        choices=choices,
        classes=classes,
        axis=-1 if entry.axis is None else entry.axis,
        follows=follows,
        decimals=entry.decimals,
        distinct=entry.distinct,
        nonzero=entry.nonzero,
        away=entry.away or 0.0,
        constant=entry.constant or says == "rows",
        domain=entry.domain or _domain(follows or kind, domain),
    )
    declared = shape_of(given, sizes)
    if shape is not None and shape != declared:
        document.report((*steps, "value"), msg("lesson.value-shape", shape=shape, declared=declared))
        return None
    if not (
        says is None
        or classes is None
        or is_as_declared(document, steps, given, says, declared, size_of(classes, sizes))
    ):
        return None  # also where the file is broken at this very place, so that nothing more is said there
    _check_options(document, steps, given, declared, sizes)
    return given


def _counted(
    dims: tuple[int | Tree, ...], classes: int | Tree, axis: int, sizes: Mapping[str, int]
) -> tuple[int | Tree, ...]:
    """The shape that numbers have, with the size that they count or choose from by its name."""
    if not dims:
        return (classes,)
    counted, size = axis % len(dims), size_of(classes, sizes)
    return tuple(classes if k == counted and dim == size else dim for k, dim in enumerate(dims))


def _domain(kind: Kind, otherwise: Domain) -> Domain:
    by_kind: dict[str, Domain] = {"labels": "labels", "rows": "labels", "onehot": "onehot", "mask": "mask"}
    return by_kind.get(kind, otherwise)


def _check_options(
    document: Document, steps: Steps, given: Given, shape: tuple[int, ...], sizes: Mapping[str, int]
) -> None:
    """Can the sampler keep what the options ask for?"""
    count = math.prod(shape)
    if len(shape) > MOST_AXES:
        document.report((*steps, "shape"), msg("lesson.too-many-axes", axes=len(shape), most=MOST_AXES))
    if count > MOST_ELEMENTS:
        document.report((*steps, "shape"), msg("lesson.array-too-large", shape=shape))
    found = values_of(given, sizes)
    if found is None:
        return
    values, has_zero = found
    if values == 0:
        at = "uniform" if given.decimals is None else "decimals"
        known = {"low": given.low, "high": given.high, "decimals": decimals_of(given)}
        document.report_key((*steps, at), msg("lesson.no-number-between", **known))
        return
    if given.nonzero and has_zero:
        values -= 1
        if values == 0:
            document.report_key((*steps, "nonzero"), msg("lesson.only-zero"))
            return
    if given.distinct and values < count:
        document.report_key((*steps, "distinct"), msg("lesson.too-few-values", values=values, entries=count))


def _dims(document: Document, steps: Steps, entry: GivenMap, sizes: Mapping[str, int]) -> tuple[int | Tree, ...] | None:
    dims = [_size(document, (*steps, "shape", k), each, sizes) for k, each in enumerate(entry.shape or ())]
    return None if None in dims else tuple(dim for dim in dims if dim is not None)


def _size(document: Document, steps: Steps, size: int | str, sizes: Mapping[str, int]) -> int | Tree | None:
    """A size as a number or a formula of size names; None after noting why it is none."""
    try:
        dim = size if isinstance(size, int) else parse(size, Scope(frozenset(sizes), frozenset(), frozenset()))
        size_of(dim, sizes)
    except ParseError as error:
        if isinstance(size, str) and (parts := size.split())[1:] and all(map(_WORD.fullmatch, parts)):
            document.report(steps, msg("lesson.size-comma", mended=f"[{', '.join(parts)}]"))
            return None
        unknown = size if isinstance(size, str) and size.isidentifier() and size not in sizes else None
        if unknown is None:
            document.report(steps, error.message, code="unreadable", inside=error.span.start)
        else:
            document.report(steps, _unknown_size(unknown, sizes), code="unknown-size")
        return None
    except KeyError as error:
        document.report(steps, _unknown_size(str(error.args[0]), sizes), code="unknown-size")
        return None
    except SizeError:
        document.report(steps, msg("lesson.not-a-size", size=str(size)))
        return None
    return dim


def _unknown_size(name: str, sizes: Mapping[str, int]) -> Any:
    near = nearest(name, sizes)
    if near is not None:
        return msg("lesson.unknown-size", name=name, near=near)
    if sizes:
        return msg("lesson.unknown-size-known", name=name, known=shortened_list(list(sizes)))
    return msg("lesson.no-sizes", name=name)


def _array_shape(document: Document, steps: Steps, value: object) -> tuple[int, ...] | None:
    """The shape of nested lists of numbers; None after noting where they are not regular."""
    if not isinstance(value, list):
        if isinstance(value, bool) or not isinstance(value, int | float):
            document.report(steps, msg("lesson.expected", what=msg("lesson.what-number")), code="expected")
            return None
        if value != value or abs(value) == float("inf"):
            document.report(steps, msg("lesson.not-finite"))
            return None
        if abs(value) > MOST_NUMBER:
            document.report(steps, msg("lesson.number-too-large", most="1e100"))
            return None
        return ()
    if not value:
        document.report(steps, msg("lesson.empty-list"))
        return None
    shapes = [_array_shape(document, (*steps, k), item) for k, item in enumerate(value)]
    if None in shapes:
        return None
    for k, shape in enumerate(shapes):
        if shape != shapes[0]:
            document.report((*steps, k), msg("lesson.ragged", shape=shape, first=shapes[0]))
            return None
    return (len(value), *(shapes[0] or ()))
