"""NumPy's calls, with positional arguments and with the defaults that differ from other libraries'."""

from tests.authoring.python_functions.cases import expressions

NUMPY_CALLS = expressions(
    "numpy",
    """
    np.sum(x) | x: n,m
    np.sum(x, 0) | x: n,m
    np.sum(x, 1, None, None, True) * x | x: n,m
    np.sum(x, axis=(0, 1)) | x: n,m
    np.sum(x, axis=-1, keepdims=True) | x: n,m
    np.sum(x, axis=None) | x: n,m
    np.sum([x, y]) | x: n; y: n
    np.sum(x, initial=2.0) | x: n | refused
    np.sum(x, where=x > 0) | x: n | refused
    x.sum() | x: n,m
    x.sum(0) | x: n,m
    x.sum(1, None, None, True) | x: n,m | refused
    x.sum(axis=0, keepdims=True) | x: n,m
    sum(x) | x: n
    sum(x) | x: n,m
    sum(x, 1.0) | x: n
    sum([x, y, x]) | x: n; y: n
    sum(a * b for a, b in zip(x, y)) | x: 3; y: 3
    sum(x[i] * w[i] for i in range(3)) | x: 3; w: 3
    max(x, y) | x: ; y:
    min(x, y, 0.5) | x: ; y:
    max(x) | x: n
    abs(x) | x: n
    pow(x, 3) | x: n
    pow(x, 2, None) | x:
    round(x, 2) | x: | refused
    float(x) * 2 | x:
    len(x) * x | x: n,m
    np.mean(x) | x: n,m
    np.mean(x, 0) | x: n,m
    np.mean(x, (0, 1)) | x: n,m
    np.mean(x, 1, None, None, True) | x: n,m
    x.mean(1) | x: n,m
    x.mean(-1, keepdims=True) | x: n,m
    np.average(x, 0) | x: n,m
    np.average(x, weights=w) | x: n; w: n positive
    np.median(x) | x: n | refused
    np.prod(x) | x: n
    np.prod(x, 1) | x: n,m
    x.prod() | x: n,m
    np.cumsum(x) | x: n,m
    np.cumsum(x) | x: n
    np.cumsum(x, 0) | x: n,m
    np.cumsum(x, axis=1) | x: n,m
    x.cumsum() | x: n,m
    x.cumsum(1) | x: n,m
    np.std(x) | x: n,m
    np.std(x, 0) | x: n,m
    np.std(x, axis=0, ddof=1) | x: n,m
    np.std(x, 1, None, None, 1) | x: n,m
    x.std() | x: n,m
    x.std(0) | x: n,m
    x.std(0, None, None, 1, True) | x: n,m | refused
    np.var(x) | x: n,m
    np.var(x, 1, ddof=1) | x: n,m
    np.var(x, axis=-1, keepdims=True) | x: n,m
    x.var() | x: n
    x.var(0, ddof=1) | x: n,m
    np.max(x) | x: n,m
    np.max(x, 0) | x: n,m
    np.max(x, axis=1, keepdims=True) | x: n,m
    np.amax(x, 1) | x: n,m
    x.max(0) | x: n,m
    x.max(1, None, True) | x: n,m | refused
    np.min(x, 1) | x: n,m
    x.min() | x: n,m
    x.max(axis=-1, keepdims=True) | x: n,m
    x[np.argmax(x)] | x: n | refused
    np.argmax(x) * x | x: n | refused
    np.maximum(x, y) | x: n; y: n
    np.maximum(0, x) | x: n,m
    np.minimum(x, 0.5) | x: n
    np.clip(x, -0.5, 0.5) | x: n
    np.clip(x, None, 0.5) | x: n
    np.clip(a=x, a_min=-0.5, a_max=None) | x: n
    x.clip(-1, 1) | x: n
    x.clip(0.1) | x: n
    np.where(x > 0, x, 0.1 * x) | x: n,m
    np.where(x > y, x, y) | x: n; y: n
    np.where(x == y, 1.0, x) | x: n; y: n
    (x > 0) * x | x: n
    (x > 0).astype(float) * x | x: n
    np.exp(x) + np.log(np.abs(x)) | x: n
    np.exp2(x) | x: n
    np.expm1(x) | x: n
    np.log1p(x) | x: n positive
    np.log2(x) | x: n positive
    np.log10(x) | x: n positive
    np.sqrt(x) | x: n positive
    np.cbrt(x) | x: n positive | refused
    np.square(x) | x: n
    np.power(x, 3) | x: n
    np.power(x, y) | x: n positive; y: n
    np.float_power(x, 2) | x: n
    np.reciprocal(x) | x: n
    np.sign(x) * x | x: n
    np.absolute(x) | x: n
    np.fabs(x) | x: n
    np.negative(x) | x: n
    np.sin(x) * np.cos(x) | x: n
    np.tan(x) | x: n
    np.sinh(x) | x: n
    np.cosh(x) | x: n
    np.tanh(x) | x: n,m
    np.arctan(x) | x: n | refused
    np.arcsin(x) | x: n share | refused
    np.hypot(x, y) | x: n; y: n
    np.logaddexp(x, y) | x: n; y: n
    np.sinc(x) | x: n | refused
    np.floor(x) * x | x: n | refused
    x // 0.3 | x: n | refused
    x % 0.7 | x: n | refused
    np.add(x, y) | x: n; y: n
    np.subtract(x, y) | x: n; y: n
    np.multiply(x, y) | x: n; y: n
    np.divide(x, y) | x: n; y: n
    np.true_divide(x, 2) | x: n
    np.dot(x, y) | x: n; y: n
    np.dot(X, y) | X: n,m; y: m
    np.dot(X, Y) | X: n,m; Y: m,k
    np.dot(X, Y) | X: 2,n,m; Y: m,k
    np.dot(X, Y) | X: 2,3,4; Y: 2,4,3 | refused
    np.dot(a, X) | a: ; X: n,m
    X.dot(Y) | X: n,m; Y: m,k
    np.matmul(X, Y) | X: 2,3,4; Y: 2,4,3
    X @ Y | X: 2,3,4; Y: 4,2
    x @ Y | x: n; Y: n,m
    np.inner(x, y) | x: n; y: n
    np.inner(X, Y) | X: n,m; Y: k,m
    np.vdot(X, Y) | X: n,m; Y: n,m
    np.outer(x, y) | x: n; y: m
    np.outer(X, y) | X: n,k; y: m
    np.kron(x, y) | x: n; y: k
    np.tensordot(X, Y, 1) | X: n,m; Y: m,k | refused
    np.tensordot(X, Y) | X: n,m; Y: n,m | refused
    np.einsum('ij,jk->ik', X, Y) | X: n,m; Y: m,k
    np.einsum('ij,ij->i', X, Y) | X: n,m; Y: n,m
    np.einsum('ij->', X) | X: n,m
    np.einsum('ij,jk', X, Y) | X: n,m; Y: m,k
    np.einsum('ii', X) | X: n,n
    np.trace(X) | X: n,n
    np.diag(x) @ y | x: n; y: n
    np.diag(X) | X: n,n
    np.diag(x, 1) | x: n | refused
    np.tril(X) | X: n,n
    np.tril(X, -1) | X: n,n
    np.triu(X, k=1) | X: n,n
    np.linalg.norm(x) | x: n
    np.linalg.norm(X) | X: n,m
    np.linalg.norm(x, 1) | x: n
    np.linalg.norm(x, ord=2) | x: n
    np.linalg.norm(X, 2) | X: n,m | refused
    np.linalg.norm(X, axis=1) | X: n,m
    np.linalg.norm(X, None, 1, True) | X: n,m
    np.linalg.inv(X) | X: n,n | refused
    np.linalg.det(X) | X: n,n | refused
    x.T @ y | x: n; y: n
    X.T | X: n,m
    np.transpose(X) @ y | X: n,m; y: n
    np.transpose(X, (1, 0, 2)) | X: 2,3,4
    X.transpose(1, 0) | X: n,m
    X.transpose(2, 0, 1) | X: 2,3,4
    X.T | X: 2,3,4
    np.swapaxes(X, 0, 1) | X: n,m
    X.swapaxes(1, 2) | X: 2,3,4
    np.moveaxis(X, 0, -1) | X: 2,3,4
    np.reshape(X, (m, n)) | X: n,m
    np.reshape(X, -1) | X: n,m
    np.reshape(X, (2, 6), 'F') | X: 3,4 | refused
    X.reshape(2, -1) | X: 3,4
    X.reshape((6, 2)) | X: 3,4
    X.reshape(-1, order='F') | X: 3,4 | refused
    X.ravel() | X: n,m
    X.flatten() | X: n,m
    X.flatten('F') | X: n,m | refused
    np.ravel(X) | X: n,m
    np.squeeze(X) | X: 1,4
    np.squeeze(X, 1) | X: 4,1
    np.expand_dims(x, 0) | x: n
    np.expand_dims(x, axis=-1) * y | x: n; y: m
    np.atleast_2d(x) | x: n
    x[:, None] * y[None, :] | x: n; y: m
    x[:, np.newaxis] - x[np.newaxis, :] | x: n
    x[None] @ Y | x: n; Y: n,m
    X[0] | X: n,m
    X[:, 0] | X: n,m
    X[-1] | X: n,m
    X[1:, :2] | X: 3,4
    X[::2] | X: 4,2
    X[::-1] | X: 3,2
    X[..., 0] | X: 2,3,4
    X[0, 1] | X: n,m
    X[0][1] | X: n,m
    x[x > 0] | x: n | refused
    x[[0, 2, 0]] | x: n
    X[np.arange(N), y] | X: N,C; y: N labels C
    X[range(N), y] | X: N,C; y: N labels C
    X[:, y] | X: N,C; y: 2 labels C
    E[ids] | E: V,D; ids: T labels V
    np.take(E, ids, 0) | E: V,D; ids: T labels V | refused
    np.take(x, [0, 2]) | x: n | refused
    np.concatenate([x, y]) | x: n; y: m
    np.concatenate((X, Y), 1) | X: n,m; Y: n,k
    np.concatenate([X, Y], axis=0) | X: n,m; Y: k,m
    np.concatenate([X, Y], axis=None) | X: n,m; Y: n,k
    np.concatenate([X, Y], axis=-1) | X: n,m; Y: n,k
    np.stack([x, y]) | x: n; y: n
    np.stack([x, y], 1) | x: n; y: n
    np.stack((X, Y), axis=-1) | X: n,m; Y: n,m
    np.vstack([x, y]) | x: n; y: n
    np.hstack([x, y]) | x: n; y: m
    np.hstack([X, Y]) | X: n,m; Y: n,k
    np.column_stack([x, y]) | x: n; y: n
    np.append(x, y) | x: n; y: m | refused
    np.append(X, Y) | X: n,m; Y: n,m | refused
    np.tile(x, 2) | x: n
    np.repeat(x, 2) | x: n
    np.repeat(X, 2) | X: n,k
    np.split(x, 2)[1] | x: 4
    np.array_split(x, 2)[0] | x: 5 | refused
    np.roll(x, 1) | x: n
    np.flip(x) | x: n
    np.flip(X) | X: n,m
    np.flip(X, 0) | X: n,m
    np.flip(X, axis=(0, -1)) | X: n,m
    np.fliplr(X) * X | X: n,m
    np.flipud(X) * X | X: n,m
    np.roll(x, -1) * x | x: n
    np.roll(x, 5) | x: 3
    np.roll(x, 2) | x: n | refused
    np.roll(X, 2) | X: 3,2
    np.roll(X, 1, axis=1) | X: n,m
    np.roll(X, (1, 1), axis=(0, 1)) | X: n,m | refused
    np.tile(x, (3, 1)) | x: n
    np.tile(X, 2) | X: n,m
    np.tile(X, (2, 1, 2)) | X: n,m
    np.tile(x, 0) | x: n | refused
    np.repeat(X, 2, axis=0) | X: n,k
    np.repeat(X, 3, -1) | X: n,k
    x.repeat(2) | x: n
    np.repeat(x, [1, 2, 3]) | x: 3 | refused
    x[np.array([0, 2])] | x: 3
    np.array([1, 2, 3]) * x | x: 3
    np.pad(x, 1) | x: n | refused
    np.diff(x) | x: m | refused
    np.broadcast_to(x, (2, 3)) | x: 3
    np.sort(x) | x: n | refused
    np.eye(n) @ X | X: n,m
    np.eye(3) * x | x: 3
    np.eye(2, 3) @ x | x: 3
    np.eye(3, 3, 1) @ x | x: 3
    np.identity(3) @ x | x: 3
    np.ones(3) @ x | x: 3
    np.ones((2, 3)) @ x | x: 3
    np.ones_like(x) * 2 + x | x: n,m
    np.zeros((3, 2)) + x | x: 2
    np.zeros_like(x) + x | x: n
    np.full((2,), 0.5) * x | x: 2
    np.full_like(x, 0.5) * x | x: n
    np.array([1.0, 2.0, 3.0]) * x | x: 3
    np.array([[1.0, 2.0], [3.0, 4.0]]) @ x | x: 2
    np.array([x, y]) @ w | x: ; y: ; w: 2
    np.asarray(x) * 2 | x: n
    np.arange(3) * x | x: 3
    np.linspace(0, 1, 3) * x | x: 3 | refused
    np.eye(C)[y] * X | X: N,C; y: N labels C
    np.nan_to_num(x) | x: n | refused
    np.isnan(x) * x | x: n | refused
    np.random.randn(3) * x | x: 3 | refused
    np.copy(x) * 2 | x: n
    x.copy() * 2 | x: n
    x.astype(np.float64) ** 2 | x: n
    x.item() * 2 | x: 1 | refused
    x ** -1 | x: n
    2 ** x | x: n
    x ** 0.5 | x: n positive
    -x ** 2 | x: n
    (-x) ** 2 | x: n
    x / y / x | x: n; y: n
    x - (y - x) | x: n; y: n
    +x * 2 | x: n
    x if x.shape[0] > 2 else -x | x: 3
    x * (3 // 2) | x: n
    x * (-7 // 2) | x: n
    x * (7 % -3) | x: n
    x * 1e-3 + np.pi * x - np.e | x: n
    x * np.inf | x: n | refused
    x * True | x: n | refused
    (lambda t: t * t)(x) | x: n
    np.sum(np.exp(x - x.max(axis=1, keepdims=True)), axis=1) | x: n,m
    np.sum((x - x.mean(axis=0)) ** 2, axis=0) / x.shape[0] | x: n,m
    np.matmul(x, y).sum() / len(x) | x: n; y: n
    x.size * x | x: n,m
    x.ndim * x | x: n,m
    np.size(x, 1) * x | x: n,m | refused
    np.shape(x)[0] * x | x: n,m
    """,
)
