"""PyTorch's functions and the methods of its tensors, with positional arguments and its own defaults."""

from tests.authoring.python_functions.cases import expressions

TORCH_CALLS = expressions(
    "torch",
    """
    torch.sum(x) | x: n,m
    torch.sum(x, 1) | x: n,m
    torch.sum(x, 1, True) | x: n,m
    torch.sum(x, (0, 1)) | x: n,m
    x.sum(0) | x: n,m
    x.sum(1, True) | x: n,m
    x.sum(dim=(0, 1), keepdim=True) | x: n,m
    x.sum(axis=1) | x: n,m
    x.sum(-1, keepdim=True) | x: n,m
    sum(x) | x: n,m
    x.mean() | x: n,m
    x.mean(1, True) | x: n,m
    x.mean(dim=0) | x: n,m
    torch.mean(x, -1) | x: n,m
    x.prod() | x: n,m
    x.prod(0) | x: n,m
    x.std() | x: n,m
    x.std(0) | x: n,m
    x.std(0, False) | x: n,m
    x.std(0, True) | x: n,m
    x.std(0, True, True) | x: n,m
    x.std(unbiased=False) | x: n,m
    x.std(False) | x: n,m
    torch.std(x, 1) | x: n,m
    torch.std(x, dim=1, correction=0) | x: n,m
    x.var() | x: n,m
    x.var(0) | x: n,m
    x.var(0, keepdim=True, unbiased=True) | x: n,m
    x.var(-1, unbiased=False) | x: n,m
    torch.var(x, 0, False, True) | x: n,m
    torch.var(x, dim=0, correction=2) | x: n,m | refused
    x.max() | x: n,m
    x.max(1)[0] | x: n,m
    x.max(dim=1)[1] * x[0, 0] | x: n,m | refused
    x.max(dim=1).values | x: n,m
    x.max(1, keepdim=True)[0] | x: n,m
    x.max(1, True).values | x: n,m
    x - x.max(1, keepdim=True).values | x: n,m
    torch.max(x, dim=0).values | x: n,m
    torch.max(x, y) | x: n; y: n
    x.max(y) | x: n; y: n
    torch.max(x) | x: n,m
    x.min(0).values | x: n,m
    torch.min(x, y) | x: n; y: n
    torch.amax(x, 1) | x: n,m
    x.amax(1, True) | x: n,m
    x.amin(dim=0) | x: n,m
    x.argmax(1) * x[:, 0] | x: n,m | refused
    torch.maximum(x, y) | x: n; y: n
    torch.minimum(x, y) | x: n; y: n
    torch.cumsum(x, 0) | x: n,m
    x.cumsum(dim=1) | x: n,m
    torch.norm(x) | x: n,m
    x.norm() | x: n,m
    x.norm(dim=1) | x: n,m
    x.norm(2, 1) | x: n,m
    x.norm(1) | x: n
    x.norm(p=2, dim=-1, keepdim=True) | x: n,m
    torch.linalg.norm(x) | x: n,m
    torch.linalg.norm(x, dim=1) | x: n,m
    torch.logsumexp(x, 1) | x: n,m
    x.logsumexp(dim=0, keepdim=True) | x: n,m
    x.logsumexp(1, True) | x: n,m
    torch.exp(x) | x: n
    x.exp() + x.log() | x: n positive
    x.log1p() | x: n positive
    x.expm1() | x: n
    torch.sqrt(x) | x: n positive
    torch.rsqrt(x) | x: n positive
    x.rsqrt() | x: n positive
    x.reciprocal() | x: n
    x.square() | x: n
    x.pow(3) | x: n
    torch.pow(x, 2) | x: n
    torch.pow(2, x) | x: n
    x.neg() | x: n
    x.abs() | x: n
    x.sign() * x | x: n | refused
    torch.sin(x) * x.cos() | x: n
    torch.tanh(x) | x: n,m
    x.sigmoid() | x: n
    torch.sigmoid(x) | x: n
    torch.relu(x) | x: n
    x.relu() | x: n
    torch.add(x, y) | x: n; y: n
    torch.add(x, y, alpha=2) | x: n; y: n
    x.add(y) | x: n; y: n
    x.sub(y, alpha=3) | x: n; y: n
    torch.sub(x, y) | x: n; y: n
    x.mul(y).div(2) | x: n; y: n
    torch.mul(x, y) | x: n; y: n
    torch.div(x, y) | x: n; y: n
    x.lerp(y, 0.3) | x: n; y: n
    torch.addmm(b, x, W) | b: k; x: n,m; W: m,k
    torch.addmm(b, x, W, beta=0.5, alpha=2) | b: k; x: n,m; W: m,k
    torch.clamp(x, -0.5, 0.5) | x: n
    torch.clamp(x, min=0) | x: n
    x.clamp(0.1) | x: n
    x.clamp(max=0.5) | x: n
    x.clip(-0.5, 0.5) | x: n
    x.clamp_min(0.2) | x: n | refused
    torch.where(x > 0, x, 0.1 * x) | x: n
    torch.where(m == 0, y, x) | x: n; y: n; m: n mask 0.5
    x.where(x > 0, y) | x: n; y: n
    x.masked_fill(m == 0, -5.0) | x: n; m: n mask 0.5
    x.masked_fill(m == 0, float('-inf')).softmax(-1) | x: n; m: n mask 0.5
    torch.matmul(x, y) | x: n; y: n
    torch.matmul(X, y) | X: n,m; y: m
    torch.matmul(X, Y) | X: 2,3,4; Y: 2,4,3
    torch.mm(X, Y) | X: n,m; Y: m,k
    X.mm(Y) | X: n,m; Y: m,k
    torch.mv(X, y) | X: n,m; y: m
    torch.dot(x, y) | x: n; y: n
    torch.bmm(X, Y) | X: 2,3,4; Y: 2,4,3
    torch.outer(x, y) | x: n; y: m
    torch.einsum('ij,kj->ik', X, Y) | X: n,m; Y: k,m
    torch.einsum('bij,bjk->bik', X, Y) | X: 2,3,4; Y: 2,4,3
    X.t() | X: n,m
    X.T | X: n,m
    X.mT | X: 2,3,4
    X.transpose(0, 1) | X: n,m
    X.transpose(-2, -1) | X: 2,3,4
    torch.transpose(X, 0, 1) | X: n,m
    X.permute(1, 0) | X: n,m
    X.permute(2, 0, 1) | X: 2,3,4
    torch.permute(X, (1, 0, 2)) | X: 2,3,4
    X.view(-1) | X: n,m
    X.view(2, 6) | X: 3,4
    X.view(X.shape[0], -1) | X: 2,3,4
    X.view(X.size(0), -1) | X: 2,3,4
    X.reshape(6, 2) | X: 3,4
    torch.reshape(X, (-1,)) | X: n,m
    torch.flatten(X) | X: 2,3,4
    torch.flatten(X, 1) | X: 2,3,4
    X.flatten(1) | X: 2,3,4
    X.flatten(0, 1) | X: 2,3,4
    x.unsqueeze(0) | x: n
    x.unsqueeze(-1) * y | x: n; y: m
    torch.unsqueeze(x, 1) | x: n
    X.squeeze(1) | X: 4,1
    X.squeeze() | X: 4,1
    X.squeeze(0) | X: 4,2
    x.expand(2, 3) | x: 3
    X.expand(-1, 4) | X: 3,1
    torch.cat([x, y]) | x: n; y: m
    torch.cat((X, Y), 1) | X: n,m; Y: n,k
    torch.cat([X, Y], dim=-1) | X: n,m; Y: n,k
    torch.concat([x, y], 0) | x: n; y: m
    torch.stack([x, y]) | x: n; y: n
    torch.stack([x, y], 1) | x: n; y: n
    torch.stack((x, y), dim=-1) | x: n; y: n
    X.chunk(2, 1)[1] | X: 3,4
    torch.chunk(x, 2)[0] | x: 5
    X.chunk(2, dim=-1)[0] * X.chunk(2, dim=-1)[1] | X: 3,4
    x.split(2)[1] | x: 4
    x.split(2)[2] | x: 5
    X.split([1, 3], 1)[1] | X: 3,4
    torch.split(X, 2, dim=1)[0] | X: 3,4
    X[:, None] * y | X: n,m; y: m
    x[:, None] - x[None, :] | x: n
    X[:, -1] | X: n,m
    X[..., :2] | X: 2,3,4
    X[range(N), y] | X: N,C; y: N labels C
    X[torch.arange(N), y] | X: N,C; y: N labels C
    E[ids] | E: V,D; ids: T labels V
    X.gather(1, y[:, None]) | X: N,C; y: N labels C
    torch.gather(X, 1, y.unsqueeze(1)).squeeze(1) | X: N,C; y: N labels C
    x[x > 0] | x: n | refused
    torch.tril(X) | X: n,n
    X.tril(-1) | X: n,n
    torch.triu(X, diagonal=1) | X: n,n
    torch.diag(x) @ y | x: n; y: n
    torch.trace(X) | X: n,n
    torch.eye(3) @ x | x: 3
    torch.ones(3) * x | x: 3
    torch.ones(2, 3) @ x | x: 3
    torch.zeros(3) + x | x: 3
    torch.zeros_like(x) + x | x: n
    torch.ones_like(x) * x | x: n
    torch.full_like(x, 2.0) * x | x: n
    torch.tensor([1.0, 2.0, 3.0]) * x | x: 3
    torch.arange(3) * x | x: 3
    torch.tril(torch.ones(3, 3)) @ x | x: 3
    x.detach() * x | x: n
    x.data * x | x: n
    x.clone() * 2 | x: n
    x.contiguous() * 2 | x: n
    x.float() * 2 | x: n
    (x > 0).float() * x | x: n
    x.numel() * x | x: n,m
    x.size(0) * x | x: n,m
    x.size(-1) * x | x: n,m
    len(x) * x | x: n,m
    x.dim() * x | x: n,m
    torch.pi * x | x: n
    F.relu(x) | x: n
    F.relu(x, True) | x: n | refused
    F.leaky_relu(x) | x: n
    F.leaky_relu(x, 0.2) | x: n
    F.elu(x) | x: n
    F.elu(x, 0.5) | x: n
    F.gelu(x) | x: n
    F.gelu(x, approximate='tanh') | x: n
    F.silu(x) | x: n
    F.softplus(x) | x: n
    F.softplus(x, 2.0) | x: n
    F.logsigmoid(x) | x: n
    F.sigmoid(x) | x: n
    F.tanh(x) | x: n
    F.softmax(x) | x: n,m | refused
    F.softmax(x, 1) | x: n,m
    F.softmax(x, dim=0) | x: n,m
    x.softmax(-1) | x: n,m
    torch.softmax(x, dim=1) | x: n,m
    F.log_softmax(x, -1) | x: n,m
    x.log_softmax(dim=0) | x: n,m
    F.log_softmax(x) | x: n,m | refused
    F.linear(x, W) | x: n,m; W: k,m
    F.linear(x, W, b) | x: n,m; W: k,m; b: k
    F.layer_norm(x, (4,)) | x: n,4
    F.layer_norm(x, (4,), g) | x: n,4; g: 4
    F.layer_norm(x, (4,), g, b, 0.5) | x: n,4; g: 4; b: 4
    F.layer_norm(x, [4], weight=g, bias=b, eps=0.1) | x: n,4; g: 4; b: 4
    F.layer_norm(x, x.shape) | x: n,m | refused
    F.layer_norm(x, (x.shape[-1],), None, None, 0.5) | x: n,m
    F.normalize(x) | x: n,m
    F.normalize(x, dim=0) | x: n,m
    F.normalize(x, 2.0, -1) | x: n,m
    F.normalize(x, p=1.0) | x: n,m
    F.embedding(ids, E) | E: V,D; ids: T labels V
    F.one_hot(y, 4) * X | X: N,4; y: N labels 4
    F.one_hot(y, num_classes=4).float() @ W | W: 4,k; y: N labels 4
    F.mse_loss(x, y) | x: n,m; y: n,m
    F.mse_loss(x, y, reduction='sum') | x: n,m; y: n,m
    F.mse_loss(x, y, None, None, 'sum') | x: n,m; y: n,m
    F.mse_loss(x, y, reduction='none') | x: n,m; y: n,m
    F.l1_loss(x, y) | x: n,m; y: n,m
    F.smooth_l1_loss(x, y) | x: n; y: n
    F.smooth_l1_loss(x, y, beta=0.5) | x: n; y: n
    F.huber_loss(x, y) | x: n; y: n
    F.huber_loss(x, y, 'sum', 0.5) | x: n; y: n
    F.cross_entropy(x, y) | x: N,C; y: N labels C
    F.cross_entropy(x, y, w) | x: N,C; y: N labels C; w: C constant | refused
    F.cross_entropy(x, y, reduction='sum') | x: N,C; y: N labels C
    F.cross_entropy(x, y, reduction='none') | x: N,C; y: N labels C
    F.cross_entropy(x, y, weight=w, reduction='sum') | x: N,C; y: N labels C; w: C constant | refused
    F.cross_entropy(x, y, label_smoothing=0.1) | x: N,C; y: N labels C | refused
    F.cross_entropy(x, t) | x: N,C; t: N,C onehot
    F.nll_loss(F.log_softmax(x, 1), y) | x: N,C; y: N labels C
    F.nll_loss(F.log_softmax(x, 1), y, reduction='sum') | x: N,C; y: N labels C
    F.nll_loss(F.log_softmax(x, 1), y, w) | x: N,C; y: N labels C; w: C constant | refused
    F.binary_cross_entropy(p, t) | p: n share; t: n mask 0.5
    F.binary_cross_entropy(p, t, reduction='sum') | p: n share; t: n mask 0.5
    F.binary_cross_entropy_with_logits(z, t) | z: n; t: n mask 0.5
    F.binary_cross_entropy_with_logits(z, t, w) | z: n; t: n mask 0.5; w: n constant | refused
    F.binary_cross_entropy_with_logits(z, t, pos_weight=w) | z: n; t: n mask 0.5; w: n constant | refused
    F.kl_div(x.log_softmax(1), p) | x: n,m; p: n,m share
    F.kl_div(x.log_softmax(1), p, reduction='batchmean') | x: n,m; p: n,m share
    F.kl_div(x, y, None, None, 'sum', True) | x: n,m; y: n,m
    (x @ W + b).relu().sum() | x: n,m; W: m,k; b: k
    -(t * x.log_softmax(1)).sum(1).mean() | x: n,m; t: n,m onehot
    (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True, unbiased=False) + 1e-5).sqrt() | x: n,m
    """,
)
