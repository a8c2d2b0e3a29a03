"""What the meanings of the tables call beside our functions: products, norms, losses, and Python's own words."""

from functools import partial, reduce

from tutor.authoring.python.fixed_arrays import FixedArrayCalls
from tutor.authoring.python.python_values import Array, Library, RangeOf, Size, UnmappedError, Value
from tutor.expr.tree import Text


class CompositeCalls(FixedArrayCalls):
    """All words of the tables' meanings; each raises UnmappedError for what it does not cover."""

    def dotted(self, a: Value, b: Value) -> Value:
        """NumPy's `dot`: a product with a number, else the matrix product as long as b is no stack of matrices."""
        if 0 in (self.known_rank(a), self.known_rank(b)) or not isinstance(a, Array) or not isinstance(b, Array):
            return self.binary("*", a, b)
        if (self.known_rank(b) or 0) > 2:
            raise UnmappedError
        return self.binary("@", a, b)

    def inner(self, a: Value, b: Value) -> Value:
        """NumPy's `inner`: the sum over the last axes."""
        ranks = (self.rank(a), self.rank(b))
        if 0 in ranks:
            return self.binary("*", a, b)
        if ranks[1] > 2:
            raise UnmappedError
        return self.binary("@", a, self.permuted(b, None) if ranks[1] == 2 else b)

    def einsum(self, *operands: Value) -> Value:
        if not operands or not isinstance(operands[0], str):
            raise UnmappedError
        letters = self.array(Text(operands[0].replace(" ", "")))
        arrays = operands[1:]
        if len(arrays) == 1 and isinstance(arrays[0], tuple | list):
            arrays = tuple(arrays[0])
        return self.call("einsum", [letters, *arrays])

    def clipped(self, x: Value, low: Value, high: Value) -> Value:
        if low is None and high is None:
            raise UnmappedError
        if high is None or low is None:
            return self.call("max" if high is None else "min", [x, high if low is None else low])
        if any(isinstance(each, Array) for each in (low, high)):
            return self.call("min", [self.call("max", [x, low]), high])
        return self.call("clip", [x, low, high])

    def weighted(self, x: Value, weights: Value, axis: Value, keepdims: Value) -> Value:
        """NumPy's `average` with weights."""
        options = {"axis": axis, "keepdims": keepdims}
        product = self.binary("*", x, weights)
        if self.shape_of(x) != self.shape_of(weights):
            # Weights along one axis: NumPy lines them up with it.
            if not isinstance(axis, int) or self.rank(weights) != 1 or axis % self.rank(x) != self.rank(x) - 1:
                raise UnmappedError
            total = self.call("sum", [weights])
        else:
            total = self.call("sum", [weights], options)
        return self.binary("/", self.call("sum", [product], options), total)

    def torch_norm(self, x: Value, order: Value, axis: Value, keepdims: Value) -> Value:
        """Of vectors: the root of the sum of squares, the sum of absolute values, the largest of these."""
        options = {"axis": None if axis == () else axis, "keepdims": keepdims}
        if isinstance(order, Array):
            raise UnmappedError
        if order in (2, "fro", None):
            return self.call("norm", [x], options)
        if order in (1, float("inf")):
            return self.call("sum" if order == 1 else "amax", [self.call("abs", [x])], options)
        raise UnmappedError

    def numpy_norm(self, x: Value, order: Value, axis: Value, keepdims: Value) -> Value:
        """As above for vectors; of matrices only the root of the sum of squares."""
        if isinstance(order, Array):
            raise UnmappedError
        rank = self.known_rank(x)
        vectors = isinstance(axis, int) or (axis is None and (order is None or rank in (0, 1)))
        if vectors and order != "fro":
            return self.torch_norm(x, order, axis, keepdims)
        if order in ("fro", None) and (axis is None or len(axis) == 2):
            return self.torch_norm(x, 2, axis, keepdims)
        if order == 2 and axis is None and rank is None:
            raise UnmappedError(self.tree(x))
        raise UnmappedError

    def layer_normed(self, x: Value, shape: Value, weight: Value, bias: Value, eps: Value) -> Value:
        """PyTorch's layer norm over the last axis, with or without gain and bias."""
        sizes = self.sizes(shape)
        dims = self.shape_of(x) if self.known_rank(x) is not None else None
        if len(sizes) != 1 or (dims is not None and dims[-1:] != tuple(sizes)):
            raise UnmappedError
        if weight is None and bias is None:
            centred = self.binary("-", x, self.call("mean", [x], {"axis": -1, "keepdims": True}))
            spread = self.call("var", [x], {"axis": -1, "keepdims": True})
            return self.binary("/", centred, self.call("sqrt", [self.binary("+", spread, eps)]))
        weight = self.filled(sizes, 1) if weight is None else weight
        bias = self.filled(sizes, 0) if bias is None else bias
        return self.call("layer_norm", [x, weight, bias], {"eps": None if eps == 1e-5 else eps})

    def batch_normed(self, x: Value, weight: Value, bias: Value, eps: Value, *kept: Value) -> Value:
        """PyTorch's batch norm of rows in training; what it keeps for later is no part of the value."""
        dims = self.shape_of(x)
        if len(dims) != 2:
            raise UnmappedError
        weight = self.filled(dims[1:], 1) if weight is None else weight
        bias = self.filled(dims[1:], 0) if bias is None else bias
        return self.call("batch_norm", [x, weight, bias], {"eps": None if eps == 1e-5 else eps})

    def rms_normed(self, x: Value, shape: Value, weight: Value, eps: Value) -> Value:
        sizes = self.sizes(shape)
        if len(sizes) != 1 or eps is None or isinstance(eps, Array):
            raise UnmappedError
        mean = self.call("mean", [self.call("square", [x])], {"axis": -1, "keepdims": True})
        found = self.binary("/", x, self.call("sqrt", [self.binary("+", mean, eps)]))
        return found if weight is None else self.binary("*", found, weight)

    def attention(self, query: Value, key: Value, value: Value, causal: bool, scale: Value) -> Value:
        width = self.shape_of(query)[-1]
        scores = self.binary("@", query, self.swapped(key, -1, -2))
        if scale is None:
            scores = self.binary("/", scores, self.call("sqrt", [width]))
        else:
            scores = self.binary("*", scores, scale)
        if causal:
            *_, n, m = self.shape_of(scores)
            kept = self.triangle(self.filled((n, m), 1), 0, True)
            open_ = self.binary(">", kept, 0)
            scores = self.call("where", [open_, scores, float("-inf")])
        return self.binary("@", self.call("softmax", [scores], {"axis": -1}), value)

    def huber(self, r: Value, delta: Value) -> Value:
        size = self.call("abs", [r])
        square = self.binary("*", 0.5, self.binary("**", r, 2))
        half = self.binary("*", 0.5, delta)
        line = self.binary("*", delta, self.binary("-", size, half))
        return self.call("where", [self.binary("<", size, delta), square, line])

    def reduced(self, losses: Value, reduction: Value, batch: Value = None) -> Value:
        if reduction == "none":
            return losses
        if reduction in ("sum", "mean"):
            return self.call(reduction, [losses])
        if reduction == "batchmean" and batch is not None:
            return self.binary("/", self.call("sum", [losses]), self.shape_of(batch)[0])
        raise UnmappedError

    def reduced_pair(self, loss: str, y: Value, t: Value, reduction: Value) -> Value:
        """A loss of ours that wants two arrays of one shape."""
        if reduction not in ("none", "sum", "mean"):
            raise UnmappedError
        ranks = (self.known_rank(y), self.known_rank(t))
        if None not in ranks and self.shape_of(y) != self.shape_of(t):
            raise UnmappedError  # PyTorch stretches the smaller one, with a warning
        return self.call(loss, [y, t], {"reduction": None if reduction == "mean" else reduction})

    def cross_entropy_of(self, scores: Value, target: Value, reduction: Value) -> Value:
        """PyTorch has the classes on axis 1 of more than two; ours stand on the last axis."""
        if reduction not in ("none", "sum", "mean"):
            raise UnmappedError
        if (self.known_rank(scores) or 0) > 2:
            raise UnmappedError
        return self.call("cross_entropy", [scores, target], {"reduction": None if reduction == "mean" else reduction})

    # Python's own

    def python_sum(self, values: Value, start: Value) -> Value:
        """Python's `sum` goes over the first axis."""
        if isinstance(values, Array):
            total = self.call("sum", [values], {"axis": 0})
            return total if start == 0 else self.binary("+", start, total)
        found = start
        for k, each in enumerate(self.items_of(values)):
            found = each if k == 0 and isinstance(start, int) and start == 0 else self.binary("+", found, each)
        return found

    def python_prod(self, values: Value) -> Value:
        return reduce(partial(self.binary, "*"), self.items_of(values), 1)

    def python_extreme(self, name: str, *values: Value) -> Value:
        """Python's `max` and `min`: of numbers, for it asks which of two is larger."""
        if len(values) == 1 and isinstance(values[0], Array):
            if self.known_rank(values[0]) not in (None, 1):
                raise UnmappedError
            return self.call(f"a{name}", [values[0]], {"axis": 0})
        found = self.items_of(values[0]) if len(values) == 1 else list(values)
        if not found or any(self.known_rank(each) for each in found if isinstance(each, Array)):
            raise UnmappedError
        if all(isinstance(each, int | float) for each in found):
            return (max if name == "max" else min)(found)
        return self.call(name, found)

    def python_float(self, x: Value) -> Value:
        if isinstance(x, str):
            try:
                return float(x)
            except ValueError:
                raise UnmappedError from None
        if isinstance(x, Array) and x.torch:
            return self.call("stop_gradient", [x])
        return x if isinstance(x, Array | Size) else float(x)

    def python_int(self, x: Value) -> Value:
        if isinstance(x, Size | int):
            return x
        if isinstance(x, float):
            return int(x)
        raise UnmappedError

    def python_len(self, x: Value) -> Value:
        if isinstance(x, tuple | list | dict | str | range):
            return len(x)
        sizes = self.shape_of(x)
        return sizes[0] if sizes else self.refuse()

    def python_range(self, *ends: Value) -> Value:
        if not all(isinstance(each, int) for each in ends) or not ends or len(ends) > 3:
            return RangeOf(ends[0]) if len(ends) == 1 and isinstance(ends[0], Size) else self.refuse()
        found = range(*ends)
        return found if len(found) <= self.most_rounds else self.refuse()

    def python_isinstance(self, value: Value, kinds: Value) -> bool:
        known = {"int": int, "float": float, "tuple": tuple, "list": list, "str": str, "bool": bool, "dict": dict}
        kinds = kinds if isinstance(kinds, tuple) else (kinds,)
        names = [each.path.removeprefix("builtins.") for each in kinds if isinstance(each, Library)]
        if isinstance(value, Array | Size) or len(names) < len(kinds) or not set(names) <= set(known):
            raise UnmappedError
        return isinstance(value, tuple(known[name] for name in names))

    def python_zip(self, *iterables: Value) -> Value:
        return [tuple(each) for each in zip(*map(self.items_of, iterables), strict=False)]
