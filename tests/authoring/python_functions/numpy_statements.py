"""Whole functions: statements, loops, helpers, aliasing, and what real code has beside its formulas."""

from tests.authoring.python_functions.cases import functions

NUMPY_STATEMENTS = functions(
    "numpy",
    """
    # aliasing: the array that both names mean changes | z: n; w: n
    y = z
    y += 1
    return np.sum(z * w) + np.sum(y)
    # aliasing: a new array by an operator | z: n
    y = z
    y = y + 1
    return np.sum(z * y)
    # augmented on its own | x: n
    h = x * 2
    h += x
    h *= 3
    h -= 1
    h /= 4
    return h
    # augmented through a view | x: n | refused
    h = x * 2
    y = h.reshape(-1)
    y += 1
    return h
    # augmented power | x: n positive
    h = x * 1
    h **= 2
    return h
    # augmented matrix product | x: 2; W: 2,2
    h = x * 1
    h = h @ W
    h @= W
    return h
    # entries assigned | x: 3
    h = x * 2
    h[0] = 1.0
    return h
    # a slice added to | x: 3
    h = x * 2
    h[1:] += 1.0
    return h
    # a mask assigned | x: n
    h = x * 1
    h[h < 0] = 0
    return h
    # chained assignment | x: n
    a = b = x * 2
    return a * b
    # chained assignment of numbers | x: n
    a = b = 2
    return a * x + b
    # tuples taken apart | x: n; y: n
    a, b = x * y, x + y
    a, b = b, a
    return a - b
    # a name used again | x: n
    x = x * 2
    x = x + x
    x = np.sin(x)
    return x
    # a loop unrolled | x: n; w: n
    h = x
    for i in range(3):
        h = np.tanh(h * w)
    return h
    # a loop with its number | x: n
    h = x
    for i in range(1, 4):
        h = h * i + 1
    return h
    # a loop with steps | x: n
    total = 0
    for i in range(0, 3, 2):
        total = total + x[i] ** 2
    return total
    # a loop backward | x: n
    h = 0
    for t in reversed(range(3)):
        h = np.tanh(h + x[t])
    return h
    # a loop over a list of arrays | x: ; y: ; z:
    total = 0
    for each in [x, y, z]:
        total += each ** 2
    return total
    # a loop over pairs | a: n; b: n; W: n,n
    h = 0
    for w, x in [(a, b), (b, a)]:
        h = h + w @ W @ x
    return h
    # enumerate | x: n
    h = 0
    for i, v in enumerate([1.0, 2.0, 3.0]):
        h = h + v * x[i]
    return h
    # zip | x: 3
    h = 0
    for i, c in zip(range(3), [2, 3, 4]):
        h += c * x[i]
    return h
    # a loop over rows | X: 3,2; w: 2
    h = 0
    for row in X:
        h = h + np.tanh(row @ w)
    return h
    # a loop over a size of the array | X: 3,2; w: 2
    h = 0
    for i in range(X.shape[0]):
        h = h + np.tanh(X[i] @ w)
    return h
    # a list filled in a loop | x: 3; w:
    hs = []
    h = 0.0
    for t in range(3):
        h = np.tanh(w * h + x[t])
        hs.append(h)
    return hs[0] + hs[1] * hs[2]
    # a list stacked | x: 3; w:
    hs = []
    for t in range(3):
        hs.append(np.tanh(w * x[t]))
    return np.stack(hs)
    # a comprehension | x: 3
    return sum([v * v for v in [x[0], x[1], x[2]]])
    # a comprehension over a range | x: 3
    return np.array([x[i] ** i for i in range(3)])
    # a comprehension with a condition | x: 4
    return sum(x[i] for i in range(4) if i % 2 == 0)
    # a loop with a branch that is known | x: 3
    h = 0
    for i in range(3):
        if i == 1:
            continue
        h = h + x[i]
    return h
    # a loop that stops | x: 3
    h = 0
    for i in range(3):
        if i == 2:
            break
        h = h + x[i]
    return h
    # a branch on data | x: | refused
    if x > 0:
        return x
    return -x
    # a branch on a flag | x: n
    flag = True
    if flag:
        y = x * 2
    else:
        y = x
    return y
    # a branch on None | x: n
    b = None
    y = x * 2
    if b is not None:
        y = y + b
    return y
    # while | x: | refused
    while x < 10:
        x = x * 2
    return x
    # print and assert | x: n; w: n
    print(x.shape)
    assert x.shape == w.shape
    return x * w
    # a cache | x: n; w: n
    z = x * w
    out = np.tanh(z)
    cache = (x, w, z)
    return out
    # a cache as a dict | x: n; w: n
    z = x * w
    cache = {'x': x, 'z': z}
    return np.tanh(z)
    # a docstring and a pass | x: n
    'What it does.'
    pass
    return x * 2
    # nothing returned | x: n | refused
    y = x * 2
    # rows and columns of a shape | X: N,D
    N, D = X.shape
    return X / N + D
    # the shape alone | X: N,D
    shape = X.shape
    return X / shape[0]
    # a size halved | x: 4
    k = x.shape[0] // 2
    return x[:k] * x[k:]
    # type notes | x: n
    y: float = x * 2
    return y
    # a local import | x: n
    y = x * 2
    import math
    return y * math.pi
    # del | x: n
    y = x * 2
    z = y + 1
    del y
    return z
    # a softmax in steps | x: n
    m = x.max()
    e = np.exp(x - m)
    p = e / e.sum()
    return p
    # the fourth power by squares | x: n
    s = x * x
    return s * s
    # a conditional value | x: n
    c = 2 if True else 3
    return c * x
    # unpacking a list | x: 2
    a, b = x
    return a * b
    # global numbers and helpers | x: n
    import numpy as np
    EPS = 1e-5

    def scaled(t, by=2.0):
        return t * by

    def f(x):
        return scaled(x) + scaled(x, 3) + scaled(by=4, t=x) + EPS
    # a default in the signature | x: n
    def f(x, a=0.5):
        return a * x + a
    # a default that is None | x: n
    def f(x, b=None):
        return x if b is None else x + b
    # a keyword-only default | x: n
    def f(x, *, scale=3):
        return scale * x
    # helpers that call helpers | x: n; y: n
    import numpy as np

    def sigmoid(t):
        return 1 / (1 + np.exp(-t))

    def gate(t, u):
        return sigmoid(t) * u

    def f(x, y):
        return gate(x, gate(y, x))
    # a helper that returns two | x: n; y: n
    def both(a, b):
        return a * b, a + b

    def f(x, y):
        p, q = both(x, y)
        return p * q
    # a helper that changes its argument | x: n
    def grow(t):
        t += 1
        return t

    def f(x):
        h = x * 2
        g = grow(h)
        return h * g
    # a lambda with a name | x: n
    import numpy as np
    sigmoid = lambda t: 1 / (1 + np.exp(-t))

    def f(x):
        return sigmoid(x) * x
    # from numpy import | x: n
    from numpy import exp, sum as total

    def f(x):
        return total(exp(x)) * x
    # import numpy as something else | x: n,m
    import numpy as xp

    def f(x):
        return xp.tanh(x).mean(axis=0)
    # a name that hides a builtin | x: 3
    def f(x):
        sum = x * 2
        return sum
    # a parameter that hides a library | np: 3
    def f(np):
        return np * 2
    # an argument called as a function of ours | exp: 3; sum: 3
    def f(exp, sum):
        return exp * sum
    # a module's constant that is assigned twice | x: n | refused
    A = 2
    A = 3

    def f(x):
        return A * x
    # recursion | x: n | refused
    def f(x):
        return f(x) * x
    # two results: which is the loss is asked | x: n | refused
    a = x * 2
    return a, a * x
    # a result and a cache: which is the loss is asked | x: n
    z = x * 2
    out = np.tanh(z)
    return out, (x, z)
    # a function in the function | x: n | refused
    def act(t):
        return np.maximum(t, 0.1 * t)
    return act(x) + act(-x)
    # math on a number | x:
    import math
    def f(x):
        return math.exp(-x) * math.sqrt(2.0) + math.tanh(x) / math.log(3)
    # a formatted print | x: n
    y = x * 2
    print(f"y is {y}")
    return y
    # a walrus | x: n
    return (y := x * 2) * y
    # an attribute of a number | x: | refused
    return x.real
    # a slice with names | x: 6
    half = 3
    return x[:half] - x[half:]
    # the last axis by its number | X: n,m
    d = X.shape[-1]
    return X.sum(axis=X.ndim - 1) / d
    # a mean by hand over a list | a: ; b: ; c:
    xs = [a, b, c]
    return sum(xs) / len(xs)
    # two names for one input | x: n
    y = x
    y = y * 2
    return x * y
    # an input that grows | x: n
    x += 1
    return x * x
    # a view of a row that grows | X: 3,2 | refused
    Y = X * 2
    row = Y[0]
    row += 1
    return Y
    # transposed and grown | X: 2,2 | refused
    Y = X * 2
    Z = Y.T
    Z += X
    return Y
    # a copy that grows | x: n
    y = x.copy()
    y += 1
    return x * y
    # in a loop, one array and its copy | x: n
    h = x * 1
    kept = h
    for i in range(2):
        h = h * 2
    return h + kept
    # in a loop, one array | x: n
    h = x * 1
    kept = h
    for i in range(2):
        h *= 2
    return h + kept
    # comparisons by name | x: n; y: n
    inside = np.logical_and(np.less(x, 1), np.not_equal(y, 0))
    a = np.where(np.logical_or(np.logical_not(np.greater(x, 0)), inside), x, y)
    b = np.where(np.less_equal(x, 0.5), 2, np.where(np.equal(x, y), 5, 7))
    return a * b * np.where(np.greater_equal(x, y), 2, 3)
    # functions of math | x: positive
    a = x * 1
    import math
    a = math.log1p(a) + math.sin(x) * math.cos(x) + math.tan(x) + math.sinh(x) * math.cosh(x)
    b = math.log2(x) * math.log10(x) + math.expm1(x) - math.fabs(x)
    return a * b + math.pow(x, 3) / math.hypot(x, 2.0) + math.prod([x, 2, x])
    # methods and numbers of an array | X: 2,2; v: 1,3
    a = X.trace() + X.diagonal() * v.squeeze().sum()
    return a + np.diagonal(X) * np.float64(2) + np.ndim(X) + np.amin(v) * int(2.7)
    """,
)
