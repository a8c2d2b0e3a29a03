"""NumPy's functions and the methods of its arrays, Python's own functions and `math`, as rows of the table."""

from tutor.authoring.python.call_table import rows
from tutor.authoring.python.shared_rows import ELEMENTWISE

_MACROS = {
    "one": "x, /, {ufunc}",
    "two": "x1, x2, /, {ufunc}",
    "x": "x",
    "a": "x1",
    "b": "x2",
    "ufunc": "out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True, signature=None",
    "none": "<no value>",
}

NUMPY = rows(
    ELEMENTWISE
    + """
fabs(x, /, {ufunc})
    abs(x)
sign(x, /, {ufunc})
    1 * (x > 0) - 1 * (x < 0)
add(x1, x2, /, {ufunc})
    x1 + x2
subtract(x1, x2, /, {ufunc})
    x1 - x2
divide | true_divide(x1, x2, /, {ufunc})
    x1 / x2
power | float_power(x1, x2, /, {ufunc})
    x1 ** x2
equal(x1, x2, /, {ufunc})
    x1 == x2
matmul(x1, x2, /, out=None, *, axes={none}, axis={none}, keepdims=False, casting='same_kind', order='K', dtype=None, \
subok=True, signature=None)
    x1 @ x2
dot(a, b, out=None)
    dotted(a, b)
inner(a, b, /)
    inner(a, b)
vdot(a, b, /)
    dotted(flat(a), flat(b))
outer(a, b, out=None)
    outer(flat(a), flat(b))
kron(a, b)
    kron(a, b)
where(condition, x=None, y=None, /)
    where(condition, x, y) if x is not None and y is not None else refuse()
clip(a, a_min={none}, a_max={none}, out=None, *, min={none}, max={none})
    clipped(a, given(a_min, min), given(a_max, max))
sum | prod(a, axis=None, dtype=None, out=None, keepdims={none}, initial={none}, where={none})
    SELF(a, axis=axis, keepdims=keepdims)
mean(a, axis=None, dtype=None, out=None, keepdims={none}, *, where={none})
    mean(a, axis=axis, keepdims=keepdims)
average(a, axis=None, weights=None, returned=False, *, keepdims={none})
    mean(a, axis=axis, keepdims=keepdims) if weights is None else weighted(a, weights, axis, keepdims)
max | amax(a, axis=None, out=None, keepdims={none}, initial={none}, where={none})
    amax(a, axis=axis, keepdims=keepdims)
min | amin(a, axis=None, out=None, keepdims={none}, initial={none}, where={none})
    amin(a, axis=axis, keepdims=keepdims)
var | std(a, axis=None, dtype=None, out=None, ddof=0, keepdims={none}, *, where={none}, mean={none}, correction={none})
    SELF(a, axis=axis, keepdims=keepdims, unbiased=less_one(given(correction, ddof)))
cumsum(a, axis=None, dtype=None, out=None)
    cumsum(a, axis=axis) if axis is not None else cumsum(flat(a), axis=0)
concatenate | concat(arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind')
    joined(arrays, axis)
stack(arrays, axis=0, out=None, *, dtype=None, casting='same_kind')
    stack(*arrays, axis=axis)
hstack(tup, *, dtype=None, casting='same_kind')
    side_by_side(tup)
vstack(tup, *, dtype=None, casting='same_kind')
    one_below_another(tup)
column_stack(tup)
    columns(tup)
reshape(a, /, shape, order='C', *, copy=None)
    reshaped(a, shape)
ravel(a, order='C')
    flat(a)
transpose | permute_dims(a, axes=None)
    permuted(a, axes)
matrix_transpose(x, /)
    swapped(x, -1, -2)
swapaxes(a, axis1, axis2)
    swapped(a, axis1, axis2)
moveaxis(a, source, destination)
    moved(a, source, destination)
flip(m, axis=None)
    flipped(m, axis)
fliplr(m)
    flipped(m, 1)
flipud(m)
    flipped(m, 0)
roll(a, shift, axis=None)
    rolled(a, shift, axis)
tile(A, reps)
    tiled(A, reps)
repeat(a, repeats, axis=None)
    repeated(a, repeats, axis)
expand_dims(a, axis)
    widened(a, axis)
squeeze(a, axis=None)
    squeezed(a, axis)
eye(N, M=None, k=0, dtype=None, order='C', *, device=None, like=None)
    eye(N, N if M is None else M, k)
identity(n, dtype=None, *, like=None)
    eye(n, n, 0)
ones(shape, dtype=None, order='C', *, device=None, like=None)
    filled(shape, 1)
zeros(shape, dtype=None, order='C', *, device=None, like=None)
    filled(shape, 0)
full(shape, fill_value, dtype=None, order='C', *, device=None, like=None)
    full(shape, fill_value, dtype)
ones_like(a, dtype=None, order='K', subok=True, shape=None, *, device=None)
    full_like(a, 1, dtype)
zeros_like(a, dtype=None, order='K', subok=True, shape=None, *, device=None)
    full_like(a, 0, dtype)
full_like(a, fill_value, dtype=None, order='K', subok=True, shape=None, *, device=None)
    full_like(a, fill_value, dtype)
array(object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0, ndmax=0, like=None)
    array_of(object, dtype)
asarray(a, dtype=None, order=None, *, device=None, copy=None, like=None)
    array_of(a, dtype)
float64 | float32(value=0, /)
    as_array(value)
copy(a, order='K', subok=False)
    copied(a)
arange(start_or_stop, /, stop=None, step=1, *, dtype=None, device=None, like=None)
    counted(start_or_stop, stop, step)
diag(v, k=0)
    diag(v, k)
diagonal(a, offset=0, axis1=0, axis2=1)
    diagonal(a, offset)
trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None)
    sum(diagonal(a, offset))
tril(m, k=0)
    triangle(m, k, True)
triu(m, k=0)
    triangle(m, k, False)
einsum(*operands, out=None, optimize=False)
    einsum(*operands)
split(ary, indices_or_sections, axis=0)
    parts(ary, indices_or_sections, axis)
broadcast_to(array, shape, subok=False)
    array * filled(shape, 1)
atleast_2d(*arys)
    two_axes(*arys)
shape(a)
    shape_of(a)
ndim(a)
    rank(a)
""",
    _MACROS,
)

NUMPY_LINALG = rows(
    """
norm(x, ord=None, axis=None, keepdims=False)
    numpy_norm(x, ord, axis, keepdims)
""",
    _MACROS,
)

# What NumPy's methods take behind `**kwargs` is written out.
NDARRAY = rows(
    """
sum | prod(self, /, axis=None, dtype=None, out=None, *, keepdims={none}, initial={none}, where={none})
    SELF(self, axis=axis, keepdims=keepdims)
mean(self, /, axis=None, dtype=None, out=None, *, keepdims={none}, where={none})
    mean(self, axis=axis, keepdims=keepdims)
max | min(self, /, axis=None, out=None, *, keepdims={none}, initial={none}, where={none})
    aSELF(self, axis=axis, keepdims=keepdims)
var | std(self, /, axis=None, dtype=None, out=None, ddof=0, *, keepdims={none}, where={none}, mean={none}, \
correction={none})
    SELF(self, axis=axis, keepdims=keepdims, unbiased=less_one(given(correction, ddof)))
cumsum(self, /, axis=None, dtype=None, out=None)
    cumsum(self, axis=axis) if axis is not None else cumsum(flat(self), axis=0)
dot(self, other, /, out=None)
    dotted(self, other)
clip(self, /, min=None, max=None, out=None)
    clipped(self, min, max)
reshape(self, /, *shape, order='C', copy=None)
    reshaped(self, shape)
ravel | flatten(self, /, order='C')
    flat(self)
transpose(self, /, *axes)
    permuted(self, axes)
swapaxes(self, axis1, axis2, /)
    swapped(self, axis1, axis2)
squeeze(self, /, axis=None)
    squeezed(self, axis)
trace(self, /, offset=0, axis1=0, axis2=1, dtype=None, out=None)
    sum(diagonal(self, offset))
diagonal(self, /, offset=0, axis1=0, axis2=1)
    diagonal(self, offset)
repeat(self, repeats, /, axis=None)
    repeated(self, repeats, axis)
copy(self, /, order='C')
    copied(self)
astype(self, /, dtype, order='K', casting='unsafe', subok=True, copy=True)
    as_real(self) if is_float(dtype) else refuse()
item(self, /)
    self if rank(self) == 0 else refuse()
""",
    _MACROS,
)

MATH = rows(
    """
exp | log1p | sqrt | sin | cos | tan | sinh | cosh | tanh(x, /)
    SELF(x)
log(x, base={none}, /)
    log(x) if given(base, None) is None else log(x) / log(base)
log2(x, /)
    log(x) / log(2)
log10(x, /)
    log(x) / log(10)
expm1(x, /)
    exp(x) - 1
fabs(x, /)
    abs(x)
pow(x, y, /)
    x ** y
prod(iterable, /, *, start=1)
    python_prod(iterable) * start
hypot(*coordinates)
    sqrt(python_sum([each ** 2 for each in coordinates], 0))
""",
    _MACROS,
)

SCIPY_SPECIAL = rows(
    """
expit(x, /, {ufunc})
    sigmoid(x)
logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False)
    logsumexp(a, axis=axis, keepdims=keepdims)
softmax(x, axis=None)
    softmax(x, axis=axis) if axis is not None else exp(x) / sum(exp(x))
log_softmax(x, axis=None)
    log_softmax(x, axis=axis) if axis is not None else log(exp(x) / sum(exp(x)))
""",
    _MACROS,
)

JAX_NN = rows(
    """
relu | sigmoid | tanh | softplus | silu(x)
    SELF(x)
softmax | log_softmax(x, axis=-1, where=None)
    SELF(x, axis=axis)
gelu(x, approximate=True)
    gelu(x, approximate='tanh' if approximate else 'none')
leaky_relu(x, negative_slope=0.01)
    leaky_relu(x, slope=negative_slope)
logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False, where=None)
    logsumexp(a, axis=axis, keepdims=keepdims)
""",
    _MACROS,
)

BUILTINS = rows(
    """
sum(iterable, /, start=0)
    python_sum(iterable, start)
max | min(*arguments)
    python_extreme('SELF', *arguments)
abs(x, /)
    abs(x)
pow(base, exp, mod=None)
    base ** exp
float(x=0, /)
    python_float(x)
int(x=0, /)
    python_int(x)
len(obj, /)
    python_len(obj)
range(*arguments)
    python_range(*arguments)
enumerate(iterable, start=0)
    [(start + k, items_of(iterable)[k]) for k in python_range(python_len(items_of(iterable)))]
isinstance(obj, class_or_tuple, /)
    python_isinstance(obj, class_or_tuple)
zip(*iterables, strict=False)
    python_zip(*iterables)
reversed(sequence, /)
    items_of(sequence)[::-1]
list(iterable=(), /)
    [*items_of(iterable)]
tuple(iterable=(), /)
    (*items_of(iterable),)
""",
    _MACROS,
)

JAX_LAX = rows(
    """
stop_gradient(x)
    stop_gradient(x)
rsqrt(x)
    1 / sqrt(x)
""",
    _MACROS,
)

# Numbers drawn at random are weights where a class makes them, and nothing that a function may do.
RANDOM = rows(
    """
randn | rand(*size)
    drawn(size)
normal(loc=0.0, scale=1.0, size=None)
    drawn(size)
uniform(low=0.0, high=1.0, size=None)
    drawn(size)
""",
    _MACROS,
)
