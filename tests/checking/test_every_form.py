"""Every way to write a right answer is right, and what only looks like one is not: a table of both, drill by drill."""

from collections.abc import Iterator

import pytest

from tests.checking.lessons import NET, bundled, drill, verdict

ASK = """ask:
  - formula: [{wrt: b}, {wrt: W}, {wrt: x}, {wrt: u}, {of: h, wrt: z}, {of: s, wrt: h}]
  - local: [{of: h, wrt: z}, {of: s, wrt: h}]
  - total: [z, b, W, x]
  - shape: [W, b]
"""
BATCH = """
sizes: {N: 4, d: 3, k: 2}
given:
  X: {shape: [N, d], normal: 1, decimals: 1}
  W: {shape: [d, k], normal: 1, decimals: 1}
  b: {shape: [k], normal: 1, decimals: 1}
  y: {shape: [N], labels: k}
graph: {Z: X @ W + b, L: "cross_entropy(Z, y)"}
ask: [formula: [{wrt: W}, {wrt: b}, {wrt: X}, {wrt: Z}], shape: [W, b]]
"""
SOFTMAX = """
sizes: {k: 4}
given: {z: {shape: [k], normal: 1, decimals: 1}, t: {shape: [k], onehot: k}}
graph: {p: softmax(z), L: -sum(t * log(p))}
ask: [formula: [{wrt: z}, {wrt: p}, {of: p, wrt: z}]]
"""
REDUCTIONS = """
sizes: {n: 3, m: 4}
given: {A: {shape: [n, m], normal: 1, decimals: 1}}
graph: {s: "sum(A, axis=1)", q: s * s, f: mean(q)}
ask: [formula: [{wrt: A}, {wrt: s}, {wrt: q}]]
"""
FORK = """
sizes: {n: 3}
given: {x: {shape: [n], normal: 1, decimals: 1}}
graph: {a: tanh(x), b: x * x, f: sum(a * b)}
ask: [formula: [{wrt: x}, {wrt: a}]]
"""
OUTPUTS = """
sizes: {n: 2}
given: {c: {shape: [n], normal: 1, decimals: 1}, o: {shape: [n], normal: 1, decimals: 1}}
graph: {g: tanh(c), h: o * g}
upstream: {h: {shape: [n], normal: 1, decimals: 1}, g: {shape: [n], normal: 1, decimals: 1}}
ask: [formula: [{wrt: o}, {wrt: c}]]
"""
PARTS = """
parts:
  - given: {x: 1, y: 2, z: 0}
    graph: {a: x + y, b: "max(y, z)", f: a * b}
    ask: [local: {of: f, wrt: a}, total: y]
  - sizes: {n: 3}
    given: {x: {shape: [n], normal: 1, decimals: 1}}
    graph: {f: sum(x * x)}
    ask: [formula: {wrt: x}]
"""

WEIGHTED = "given: {w: %s, x: %s}\ngraph: {f: sum(w * x)}\nask: [total: x]"  # ∂f/∂x is w
DRILLS = {
    "net": drill(NET + ASK),
    "net in Jacobian form": drill(NET + "convention: jacobian\n" + ASK),
    "batch in rows": drill(BATCH),
    "softmax": drill(SOFTMAX),
    "reductions": drill(REDUCTIONS),
    "fork": drill(FORK),
    "several outputs": drill(OUTPUTS),
    "parts": drill(PARTS),
    "a half": drill(WEIGHTED % (0.5, 7319)),
    "minus a quarter": drill(WEIGHTED % (-0.25, 7319)),
    "three entries": drill(WEIGHTED % ([12.34, -5, 0.5], [7319, 6173, 9431])),
    "a root": drill("given: {x: 2}\ngraph: {f: sqrt(x)}\nask: [total: x]"),  # √2 / 4
    "a power of e": drill("given: {x: 1}\ngraph: {f: exp(-x)}\nask: [total: x]"),  # -1 / e
    "first circuit": bundled("circuits/first-circuit"),
}

# What a word of the table stands for: the kind of the verdict, and the mistake.
OUTCOMES = {
    "right": ("right", None),
    "wrong": ("wrong", ...),  # it counts as an attempt, with whatever mistake explains it
    "coincidence": ("wrong", "coincidence"),  # a formula that is right at the drill's numbers or sizes only
    "coarse": ("wrong", "coarse"),  # free: another digit is asked for
    "happens": ("right-but", "coincidence"),  # the same, where numbers are asked
    "wrong-shape": ("wrong-shape", ...),
    "unreadable": ("unreadable", None),
    "jacobian-form": ("right-but", "jacobian-form"),
    "shape-form": ("right-but", "shape-form"),
    "jacobian:transposed": ("right-but", "jacobian:transposed"),
    "shape:jacobian-form": ("right-but", "shape:jacobian-form"),
}

TABLE = r"""
# net

? formula b
right                u * (1 - h^2) | u*(1-tanh(z)**2) | u/cosh(z)^2 | u * (1 - h)*(1 + h) | -u*(h^2 - 1)
right                u - u*h*h | u ⊙ (1 − h²) | u∘(1-h⊙h) | u·(1-h·h) | u×(1-h×h) | ｕ＊（１－ｈ＾２）
right                u*（1-h^2） | u*(1-h²)。 | up | δ | delta | dz | dh*(1-h^2) | dh ⊙ (1 - h ∘ h) | ones(n,1)*dz
right                np.diag((1-h^2).flatten()) @ u | torch.diag(1-h.flatten()**2) @ u
right                δz | delta_z | grad_z | z.grad | ds/dz | ∂s/∂z | dL/dz | d_z
right                eye(n) @ dz | (ds/dh @ dh/dz).T | (ds/dh @ dh/dz)ᵀ | (∂s/∂h @ ∂h/∂z)^T | (ds/dz)^⊤
right                diag(1-h^2) @ u | (u.T @ diag(1 - h²)).T | ½*2*u*(1-h²) | 4*u/(exp(z)+exp(-z))^2
right                4*u/(e^z + e^-z)² | reshape(u*(1-h^2), [n, 1]) | sum(u*(1-h^2), axis=1, keepdims=true)
right                u*(1-tanh(W@x+b)^2) | where(u > 0, 1, 1) * dz | u*(1-h^2) + 0 | u*(1-h^2);
jacobian-form        (u * (1 - h^2)).T | ds/dh @ dh/dz | u.T @ diag(1 - h^2) | upᵀ
coincidence          [[2], [-3], [1]] * (1 - h^2) | u*(1-h^2) * (n - 2) | u*(1-h^2) + (x[0] - 2)
wrong                u * (1 - h) | u | 1 - h^2 | u * (1 + h^2) | 2 * u * (1 - h^2) | up + 1e-6
wrong-shape          sum(up) | up @ up | up.T @ up | [up] | u*[1-h^2]
unreadable           db | ds/db | tanh'(z)*u | u*(1-tanh²(z)) | db = up | u (1-h^2)

? formula W
right                delta @ x.T | δ @ xᵀ | outer(up, x) | up*x.T | dz @ x.T | dz*x^T | up@x^⊤ | δ⊙xᵀ | δ·xᵀ
right                (x @ up.T).T | kron(up, x.T) | einsum("ij,kj->ik", up, x) | (u*(1-h²)) @ x.T | outer(δ，x)
jacobian-form        reshape(up @ x.T, [1, n*m]) | kron(up, x).T
wrong-shape          x @ up.T | up @ x | reshape(up @ x.T, [1, 5]) | up * x
wrong                u @ x.T | outer(h, x)
unreadable           δ xᵀ | dz x^T | matmul(up, x.T) | dW | up⊗x

? formula x
right                W.T @ up | Wᵀ @ δ | W^T@dz | (up.T @ W).T | (ds/dz @ W)ᵀ
jacobian-form        up.T @ W
wrong-shape          W @ up | Wᵀ·up | dot(W.T, up)
unreadable           (ds/dz @ dz/dx).T

? formula u
right                h | tanh(z) | h * up | h @ up
wrong                z | h^2

? formula h z
right                1 - h^2 | 1-h*h | 1 - tanh(z)**2 | 1/cosh(z)^2 | cosh(z)^-2 | 1 - h² | (1-h)*(1+h)
right                diag(1 - h^2) | eye(n) - diag(h*h) | eye(n)*(1-h^2) | ones(n,1) - h^2 | 1-tanh(W@x+b)^2
wrong                1 - h | 1 - z^2 | diag(1 - h)
wrong-shape          (1 - h^2).T

? formula s h
right                u.T | uᵀ | u^T
jacobian:transposed  u
wrong                h.T | 2*u.T

? total b
right                up | δ | dz | u*(1-h^2) | (1-h^2)*[2;-3;1] | [2; -3; 1] ⊙ (1 - h²)
jacobian-form        up.T | (u*(1-h^2)).T

? total b
right                0.9738; -2.7454; 0.6347 | 0.9738, -2.7454, 0.6347 | [0.9738, -2.7454, 0.6347] | 0.97; -2.75; 0.63
right                [[0.9738], [-2.7454], [0.6347]] | [[0.9738]\n [-2.7454]\n [0.6347]] | 0.9738\n-2.7454\n0.6347
right                0.9738；-2.7454；0.6347 | （0.9738；-2.7454；0.6347） | [0.9738 -2.7454 0.6347]
right                [0.9738]; [-2.7454]; [0.6347]
jacobian-form        [[0.9738, -2.7454, 0.6347]] | [[0.9738 -2.7454 0.6347]]
wrong                0.9738; 2.7454; 0.6347 | [1.9477, -5.4908, 1.2694]
wrong-shape          0.9738; -2.7454 | 0.9738 | [[[0.9738], [-2.7454], [0.6347]]]

? local h z
right                0.4869; 0.9151; 0.6347 | 0.4869, 0.9151, 0.6347 | 1 - h^2 | diag(1 - h²)
right                diag([0.4869, 0.9151, 0.6347])
right                0.4869 0 0; 0 0.9151 0; 0 0 0.6347 | [[0.49, 0, 0], [0, 0.92, 0], [0, 0, 0.63]] | 1/cosh(z)^2
wrong                diag([0.4869, 0.9151, 0.7]) | 0.4869 0 0; 0 0.95 0; 0 0 0.6347 | 1 - h | diag(1 - h)
coarse               0.4869 0 0; 0 0.9 0; 0 0 0.6347
wrong-shape          0.4869 0 0; 0 0.9151 0; 0.1 0 0.6347 | 1 - h.T^2

? total W
right                dz @ x.T | outer(dz, x) | δ @ xᵀ
wrong-shape          x @ dz.T

? local s h
right                [[2, -3, 1]] | 2 -3 1; | 2, -3, 1 | [2, -3, 1] | (2, -3, 1) | u.T | uᵀ | [2; -3; 1].T
jacobian:transposed  [[2], [-3], [1]] | 2; -3; 1 | 2\n-3\n1 | u

? shape W
right                (3, 2) | 3x2 | 3×2 | 3, 2 | 3 2 | 3X2 | ３ｘ２ | （３，２） | [3, 2] | 3 x 2 | 3 × 2 | (n, m)
right                n x m | n×m | nxm | n m | (n,m) | （n，m） | 3、2 | 3✕2 | 【3，2】 | 3xm
wrong                (2, 3) | 6 | (3, 2, 1) | n
shape:jacobian-form  (1, 6) | 1x6 | (1, n*m) | 1×(n*m) | 1 x nm | (1, n×m)
unreadable           3*2 | n*m | 3·2 | 3 by 2 | (3, 2 | q x 2 | ℝ^{3×2}

# net in Jacobian form

? formula b
right                up | dz | u.T @ diag(1-h^2) | uᵀ ⊙ (1-h²)ᵀ | ds/dh @ dh/dz | dh @ diag(1-h^2) | (u*(1-h^2)).T
shape-form           u*(1-h^2) | up.T

? formula x
right                up @ W | ds/dz @ W | (W.T @ dz.T).T
shape-form           W.T @ up.T

? formula W
right                reshape(up.T @ x.T, [1, -1]) | kron(up, x.T) | reshape(outer(up, x), [1, n*m])
shape-form           up.T @ x.T | outer(up, x)

? formula h z
right                1 - h^2 | diag(1 - h^2) | 1/cosh(z)²

? formula s h
right                u.T
jacobian:transposed  u

? local s h
right                u.T | [2, -3, 1]
jacobian:transposed  u

? shape W
right                (1, 6) | 1x6 | 1 6 | (1, n*m) | 1×(n*m) | 1 x nm | 1 x mn | (1, nm) | (1, n×m) | (1, 3*2)
shape-form           (3, 2)
wrong                (6, 1) | 6 | (1, n, m)

# batch in rows

? formula W
right                X.T @ up | X.T @ dZ | Xᵀ @ δ | (up.T @ X).T | X.T @ (softmax(Z) - onehot(y, k))/N
right                1/N * X.T @ (softmax(Z)-onehot(y,k))
right                Xᵀ @ (exp(Z)/sum(exp(Z), axis=1, keepdims=true) - eye(k)[y])/N
coincidence          X.T @ (softmax(Z) - onehot(y, 2))/N | X.T @ (softmax(Z) - onehot(y, k))/4
wrong                X.T @ (softmax(Z) - onehot(y, k)) | X.T @ softmax(Z)
wrong-shape          up.T @ X | up @ X.T | X @ up

? formula b
right                sum(up, axis=0) | sum(dZ,0) | sum(up, axis=-2) | ones(N) @ up | up.T @ ones(N)
right                mean(softmax(Z) - onehot(y, k), axis=0) | sum(softmax(Z)-onehot(y,k),axis=0)/N
wrong-shape          sum(up, axis=1) | up | sum(up, axis=0, keepdims=true).T
jacobian-form        sum(up, axis=0, keepdims=true) | ones(1, N) @ up
wrong                mean(up, axis=0)
right                up.sum(0) | np.sum(up, axis=0) | torch.sum(up, dim=0) | up.sum(axis=0, keepdims=False)
jacobian-form        up.sum(0, keepdim=True) | np.sum(up, axis=0, keepdims=True)

? formula X
right                up @ W.T | δ @ Wᵀ | (W @ up.T).T
wrong-shape          W.T @ up | up @ W

? formula Z
right                (softmax(Z) - onehot(y, k))/N | (softmax(Z, axis=1)-onehot(y,k))/N
right                (exp(log_softmax(Z)) - eye(k)[y])/N
wrong                softmax(Z) - onehot(y, k) | (softmax(Z, axis=0) - onehot(y, k))/N | onehot(y, k) - softmax(Z)

? shape b
right                (2,) | 2 | k | (k,) | [k]
wrong                (4, 2) | (2, 1) | ()

# softmax

? formula z
right                p - t | softmax(z) - t | p*(dp - sum(dp*p)) | (diag(p) - outer(p,p)) @ dp
right                exp(z)/sum(exp(z)) - t
wrong                t - p | p | p*(1-p) | p*(1-p)*dp

? formula p
right                -t/p | -t / softmax(z) | -t * p^-1
wrong                t/p | -t/p^2 | -1/p

? formula p z
right                diag(p) - outer(p, p) | (eye(k) - p) * reshape(p, [k, 1]) | diag(p) - reshape(p,[k,1]) * p
wrong                diag(p) - p | diag(p*(1 - p)) | outer(p, p) - diag(p)
wrong-shape          p*(1-p)

# reductions

? formula A
right                outer(2*s/n, ones(m)) | reshape(up,[n,1]) @ ones(1,m) | ones(A)*reshape(up,[n,1])
right                (ones(m, n) * up).T
coincidence          stack(up, up, up, up, axis=1) | outer(2*s/3, ones(m))
wrong-shape          up | 2*s/n

? formula s
right                2*s/n | 2*s*dq | s/n + s/n | dq*s + s*dq | 2*s/3*3/n
coincidence          2*s/3 | 2/3*s

? formula q
right                ones(n)/n | 1/n*ones(q) | zeros(q) + 1/n
coincidence          [1/3, 1/3, 1/3]
wrong-shape          1/n

# fork

? formula x
right                (1-a^2)*b + 2*x*a | da*(1-a^2)+db*2*x | b*(1-tanh(x)^2)+a*2*x | x^2/cosh(x)² + 2*a*x
wrong                da*(1-a^2) | db*2*x | da*(1-a^2)*db*2*x | da + db
unreadable           up*(1-a^2) | dx

? formula a
right                b | x*x | x² | up * b
wrong                a | x

# several outputs

? formula o
right                dh * g | up*g | dh * tanh(c)
wrong                dh * o | dg * g | g

? formula c
right                dg * (1 - g^2) | up*(1-g²) | dg/cosh(c)^2
wrong                dh*o*(1-g^2) | dg

# parts

? 1/local f a
right                2 | b | ２ | max(y, z) | 4/2 | 2.0
happens              y | 2*x | a - 1
wrong                3 | a

? 1/total y
right                5 | a + b
wrong                2 | 3 | 6

? 2/formula x
right                2*x | x + x | up*2*x
wrong                x
wrong-shape          2

# a half

? total x
right                1/2 | ½ | 0.5 | .5 | 0.50 | ０．５ | １／２ | 0。5 | 5e-1 | 5E-1 | 5*10^-1 | 2^-1 | 2⁻¹
right                sqrt(1/4)
right                (0.5) | +0.5 | 0.5; | 1-1/2 | −1/−2 | exp(0)/2 | e^0/2 | cos(π/3) | σ(0) | 1÷2 | 1⁄2
right                ５ｅ－１ | 0.5。
right                -(-0.5) | 983/1966 | w | ( 1 / 2 ) | （1/2） | 0.499999 | 0.5001
wrong                0.51 | -0.5 | 1 | 0.4 | 1/3 | 0.5 + 0.01 | 499/1000
coarse               0
wrong-shape          [0.5] | 0.5, 0.5 | 1,000/2000 | (0.5, 0)
unreadable           50% | 50％ | 0,5 | 0，5 | √(1/4) | 1:2 | x=0.5 | ≈0.5 | "0.5" | 0.5.5 | half | nan | 1/0
unreadable           0.5 # half

# minus a quarter

? total x
right                -1/4 | −¼ | -¼ | －０．２５ | —0.25 | –0.25 | - 0.25 | -.25 | -(1/4) | −1/4 | ﹣0.25
right                0.25*-1 | -25e-2
wrong                1/4 | 0.25 | ¼ | -0.26 | -0.5
unreadable           -0,25 | minus 0.25

# a root

? total x
right                sqrt(2)/4 | 1/(2*sqrt(2)) | 2^0.5/4 | 2**(1/2)/4 | 2^½/4 | 0.35 | 0.354 | 0.35355339 | 2^-1.5
right                8^-½
right                2^(-3/2) | 0.5/sqrt(2) | exp(-1.5*log(2)) | sqrt(２)/４ | sqrt(1/8) | 1/(2*f)
wrong                sqrt(2)/2 | 0.36 | 0.34 | 7/20 | 1/sqrt(2)
unreadable           √2/4 | 1/(2 sqrt(2))

# a power of e

? total x
right                -e^-1 | -exp(-1) | -1/e | -e^(-1) | −e⁻¹ | -e**-1 | －ｅ＾－１ | -0.37 | -0.368 | -0.3679
right                -exp(-x) | -f
wrong                e^-1 | -e | -0.36 | -3679/10000
happens              -exp(-1)*x | -x/e

# three entries

? total x
right                [12.34, -5, 0.5] | 12.34, -5, 0.5 | [12.34 -5 0.5] | 12.34 -5 0.5; | (12.34, -5, 0.5)
right                12.34，-5，1/2
right                （12.34，-5，0.5） | 【12.34，-5，1/2】 | ［１２．３４　－５　０．５］ | 12.34、-5、0.5
right                12.3, -5, 0.5 | 12, -5, ½ | w
right                [12.34,\n-5,\n0.5] | 12.34,\n-5,\n0.5 | [12.34,-5,0.5,] | [w[0], -5, 1/2]
right                12, -5, 0 | 12, -5, 1
wrong                [12.34, 5, 0.5] | [12.34, -5, 0.0] | [12.34, -5, -0.5] | 12, -5, 2
jacobian-form        [[12.34, -5, 0.5]]
wrong-shape          12.34; -5; 0.5 | 12.34 | 12.34, -5 | 12.34\n-5\n0.5
unreadable           12.34 -5 0.5 | {12.34, -5, 0.5} | [12.34 -5 1/2]

# first circuit

? local f a
right                b | 2 | max(y,z) | max（y，z）
happens              y | x + 1 | 2*x

? local b z
right                0 | 0.0 | z > y
happens              z

? total y
right                5 | da + db | a + b | 10/2 | sqrt(25) | ２５／５
happens              y^2 + x | a*b - x
"""


def cases() -> Iterator[object]:
    """The table's entries: a drill's name, a question's id, what is typed, and what comes back."""
    name = id = ""
    for line in TABLE.splitlines():
        if line.startswith("# "):
            name = line.removeprefix("# ")
        elif line.startswith("? "):
            id = line.removeprefix("? ")
        elif line:
            outcome, _, forms = line.partition(" ")
            for form in forms.split(" | "):
                typed = form.strip().replace(r"\n", "\n")
                yield pytest.param(name, id, typed, outcome, id=f"{name}: {id}: {form.strip()}")


@pytest.mark.parametrize(("name", "id", "typed", "outcome"), cases())
def test_a_form_is_judged_as_it_should_be(name: str, id: str, typed: str, outcome: str) -> None:
    found = verdict(DRILLS[name], id, typed)
    kind, mistake = OUTCOMES[outcome]
    assert found.kind == kind, found.message
    if mistake is ...:
        assert found.mistake not in ("coincidence", "coarse")
    else:
        assert found.mistake == mistake
    assert found.free == (kind not in ("right", "wrong") or mistake == "coarse")
