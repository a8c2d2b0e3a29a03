"""Whole functions of PyTorch: attention, gates, norms and losses as people write them."""

from tests.authoring.python_functions.cases import functions

TORCH_STATEMENTS = functions(
    "torch",
    """
    # torch: in place on its own | x: n
    h = x * 2
    h += x
    return h
    # torch: aliasing | x: n
    h = x * 2
    y = h
    y += 1
    return h * y
    # torch: add_ | x: n
    h = x * 2
    h.add_(1.0)
    return h
    # torch: relu_ | x: n
    h = x * 2
    return h.relu_()
    # torch: no_grad around a number | x: n,m
    with torch.no_grad():
        n = x.shape[0]
    return x / n
    # torch: a head that is masked | q: T,H; k: T,H; v: T,H
    T = q.shape[0]
    wei = q @ k.transpose(-2, -1) * k.shape[-1] ** -0.5
    tril = torch.tril(torch.ones(T, T))
    wei = wei.masked_fill(tril == 0, float('-inf'))
    wei = F.softmax(wei, dim=-1)
    return wei @ v
    # torch: a head with a bias of -1e9 | q: T,H; k: T,H; v: T,H
    scores = q @ k.T / q.shape[-1] ** 0.5
    mask = torch.triu(torch.ones(3, 3), diagonal=1)
    scores = scores + mask * -1e9
    return torch.softmax(scores, dim=-1) @ v
    # torch: batches of heads | q: 2,3,4; k: 2,3,4; v: 2,3,4
    wei = torch.einsum('btd,bsd->bts', q, k) / 2.0
    p = wei.softmax(dim=-1)
    return torch.bmm(p, v)
    # torch: gates by chunk | x: 2,3; h: 2,4; W: 3,16; U: 4,16; c: 2,4
    gates = x @ W + h @ U
    i, f, g, o = gates.chunk(4, dim=1)
    c2 = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c2)
    # torch: gates by split | x: 2,6
    a, b, c = x.split(2, dim=1)
    return a * b.sigmoid() + c
    # torch: batch norm in steps | x: n,m; g: m; b: m
    mean = x.mean(0, keepdim=True)
    var = x.var(0, keepdim=True, unbiased=False)
    xhat = (x - mean) * torch.rsqrt(var + 1e-5)
    return g * xhat + b
    # torch: batch norm, unbiased | x: n,m
    d = x - x.mean(0)
    return d / x.std(0)
    # torch: rms norm | x: n,m; g: m
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * g
    # torch: swiglu | x: n,m; W: m,k; V: m,k
    return F.silu(x @ W) * (x @ V)
    # torch: makemore's loss by hand | x: N,V; y: N labels V
    counts = x.exp()
    probs = counts / counts.sum(1, keepdims=True)
    return -probs[torch.arange(N), y].log().mean()
    # torch: makemore's loss in steps | logits: N,V; y: N labels V
    n = logits.shape[0]
    maxes = logits.max(1, keepdim=True).values
    norm = logits - maxes
    counts = norm.exp()
    inv = counts.sum(1, keepdim=True) ** -1
    logprobs = (counts * inv).log()
    return -logprobs[range(n), y].mean()
    # torch: embeddings side by side | C: V,D; ids: 3,2 labels V; W: 4,3
    emb = C[ids]
    h = torch.tanh(emb.view(-1, 4) @ W)
    return h
    # torch: contrastive | a: n,m; b: n,m
    a = F.normalize(a, dim=-1)
    b = F.normalize(b, dim=-1)
    logits = a @ b.t() / 0.5
    return F.cross_entropy(logits, torch.arange(3))
    # torch: distillation | s: n,m; t: n,m
    p = F.softmax(t / 2.0, dim=1)
    return F.kl_div(F.log_softmax(s / 2.0, dim=1), p, reduction='batchmean') * 4
    # torch: a vae's divergence | mu: n,k; logvar: n,k
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    # torch: a loop of layers | x: n; W: n,n
    h = x
    for _ in range(3):
        h = torch.relu(h @ W)
    return h.sum()
    # torch: a list of weights | x: n; W1: n,m; W2: m,k
    for W in [W1, W2]:
        x = torch.tanh(x @ W)
    return x
    # torch: cat of a comprehension | x: 3,2
    return torch.cat([x[i] * (i + 1) for i in range(3)], dim=0)
    # torch: stack of a comprehension | x: 3,2
    return torch.stack([row.sum() for row in x])
    # torch: a straight-through step | x: n
    hard = (x > 0).float()
    soft = torch.sigmoid(x)
    return (hard - soft).detach() + soft
    # torch: item is a number | x: n
    return x * x.sum().item()
    # torch: triplet | a: n; p: n; q: n
    near = (a - p).pow(2).sum()
    far = (a - q).pow(2).sum()
    return F.relu(near - far + 1.0)
    # torch: focal loss | z: n; t: n mask 0.5
    p = torch.sigmoid(z)
    pt = t * p + (1 - t) * (1 - p)
    return -((1 - pt) ** 2 * torch.log(pt)).mean()
    # torch: weights of a class | x: N,C; y: N labels C | refused
    w = torch.tensor([1.0, 2.0, 3.0, 4.0])
    return F.cross_entropy(x, y, w)
    # torch: changed in a block without gradients, which still has its own | x: n | refused
    y = x * 2
    with torch.no_grad():
        y += 1
    return y * y
    # torch: an rnn over time | X: 3,2; W: 2,4; U: 4,4; b: 4
    h = torch.zeros(4)
    for t in range(X.shape[0]):
        h = torch.tanh(X[t] @ W + h @ U + b)
    return h
    # torch: heads by view and transpose | x: 3,4
    T, C = x.shape
    h = x.view(T, 2, C // 2).transpose(0, 1)
    return h @ h.transpose(-2, -1)
    """,
)
