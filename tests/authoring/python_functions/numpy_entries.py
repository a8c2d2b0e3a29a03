"""Entries written into arrays, and what else changes or goes round in a function of NumPy."""

from tests.authoring.python_functions.cases import functions

NUMPY_ENTRIES = functions(
    "numpy",
    """
    # entries filled in one by one | x: 3; z:
    h = np.zeros(3)
    h[0] = z
    h[1] = x[1] * z
    h[-1] = h[0] * h[1]
    return h
    # an entry of a matrix | X: 2,3; z:
    H = X * 1
    H[1, 0] = z
    return H * X
    # a column | X: n,2; v: n
    X[:, 1] = v * v
    return X ** 2
    # rows in a loop over time | X: 2,3,2; h: 2,2; U: 2,2
    H = np.zeros(X.shape)
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t, :] + h @ U)
        H[:, t, :] = h
    return H
    # a slice stretched | x: 4; v: 2
    y = np.zeros_like(x)
    y[1:3] = v
    y[:1] = 3
    return y * x
    # all entries | X: 2,3; v: 3
    H = X * 1
    H[:] = v
    H[..., 0] = v[0] * v[1]
    return H * X
    # the ends of a named axis | x: n
    h = x * 1
    h[-1] = 5.0
    h[0] = h[1] * 2
    h[1:] += x[:-1]
    return h * x
    # an entry multiplied | x: 3
    y = x * 2
    y[1] += x[0]
    y[2] *= 3
    return y
    # the array of another name | x: 3
    h = x * 1
    g = h
    g[0] = x[1] * 2
    return h * x
    # labels lowered, as in the gradient of a softmax | X: N,C; y: N labels C
    p = np.exp(X)
    p[np.arange(len(y)), y] -= 1
    p[range(len(y)), y] *= X.sum(1)
    return p
    # the margins of a support vector machine | S: N,C; y: N labels C
    N = S.shape[0]
    m = np.maximum(0, S - S[np.arange(N), y][:, np.newaxis] + 1)
    m[np.arange(N), y] = 0
    return m.sum() / N
    # one-hot rows | X: N,C; y: N labels C
    Y = np.zeros(X.shape)
    Y[np.arange(X.shape[0]), y] = 1
    return (X - Y) ** 2
    # entries by a condition on another array | x: n; v: n
    h = x * 1
    h[v > 0] = 0.5
    h[h > 0.6] *= 2
    return h * x
    # a mask of minus infinity | S: 3,3
    S[np.triu(np.ones((3, 3)), 1) == 1] = -np.inf
    return np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
    # a condition of fewer axes | X: n,m; v: n | refused
    X[v > 0] = 0.5
    return X
    # an array where a condition holds | x: n; v: n | refused
    x[x > 0] = v
    return x
    # labels in rows that are not counted | X: N,C; y: N labels C; r: N labels N | refused
    X[r, y] = 0
    return X
    # whole numbers cut what is written | z: | refused
    h = np.array([1, 2, 3])
    h[0] = z
    return h * z
    # whole numbers of full | z: | refused
    h = np.full(3, 2)
    h[0] = z
    return h * z
    # whole numbers as labels have | y: N labels C; z: | refused
    h = np.zeros_like(y)
    h[0] = z
    return h * z
    # numbers that are not whole | z:
    h = np.full(3, 2.0)
    h[0] = z
    g = np.array([1, 2, 3], dtype=float)
    g[1] = z
    return h * g * z
    # whole numbers grow by real ones | z: | refused
    h = np.array([1, 2, 3])
    h += z
    return h
    # labels of an array with one axis | x: C; y: N labels C | refused
    x[y] = 0
    return x
    # a list that doubles without end | x: | refused
    found = [x]
    for i in range(100):
        found += found
    return found[0]
    # a tuple that doubles without end | x: | refused
    found = (x,)
    for i in range(100):
        found = found + found
    return found[0]
    # a word that doubles without end | x: | refused
    word = "x"
    for i in range(100):
        word = f"{word}{word}"
    return x
    # a whole number that is squared without end | x: | refused
    n = 2
    for i in range(100):
        n = n * n
    return x / n
    # a list of places | x: 3 | refused
    x[[0, 2]] = 5.0
    return x
    # an entry that is not there | x: 3 | refused
    x[3] = 1.0
    return x
    # too many values | x: 3; v: 2 | refused
    x[0:1] = v
    return x
    # an entry of a row | X: 3,2 | refused
    H = X * 1
    H[0][1] = 5.0
    return H
    # a view of what was written | X: 3,2 | refused
    H = X * 1
    row = H[0]
    H[0] = X[1] * 2
    return row * X[0]
    # rows that change in a loop | X: 3,2 | refused
    for row in X:
        row *= 2
    return X
    # entries backward are a view | x: 3 | refused
    h = x * 1
    g = np.flip(h)
    g += 1
    return h
    # copies are none | x: 3
    h = x * 1
    g = np.tile(h, 1)
    g += 1
    return h * x + g
    # fixed numbers filled in, one after the other | x: 2,4
    T, C = x.shape
    pe = np.zeros((T, C))
    for t in range(T):
        for i in range(0, C, 2):
            pe[t, i] = np.sin(t / 10000 ** (i / C))
            pe[t, i + 1] = np.cos(t / 10000 ** (i / C))
    return x * pe
    # keys made of words and numbers | x: 2; W0: 2,2; W1: 2,2
    p = {f"W{i}": W for i, W in enumerate([W0, W1])}
    for i in range(2):
        p[f"a{i}"] = x = np.tanh(p[f"W{i}"] @ x)
    return p["a0"] * x * np.sign(x)
    # keys made of other numbers | x: | refused
    h = {f"{1.5:.1f}": x}
    return h["1.5"]
    # a counter | x: n
    i = 0
    while True:
        x = np.sin(x)
        i += 1
        if i == 2:
            break
    return x
    # a loop without an end | x: n | refused
    while True:
        x = x * 2
    return x
    # a walrus within a comprehension | x: 3 | refused
    y = 2
    s = sum([(y := a) * 2 for a in x])
    return s * y
    # names of numbers in pairs, and everything imported | x: n
    from numpy import *
    ALPHA, BETA = 0.5, 2.0

    def f(x):
        from math import pi
        return sum(exp(x) * ALPHA) + BETA * cos(pi * x)
    """,
)
