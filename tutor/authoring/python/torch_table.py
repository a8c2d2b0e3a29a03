"""PyTorch's functions, those of `torch.nn.functional` and the methods of its tensors, as rows of the table.

PyTorch takes many a function in several ways: each is a row of its own, and the first that fits is read.
"""

from tutor.authoring.python.call_table import rows
from tutor.authoring.python.shared_rows import ELEMENTWISE

_MACROS = {
    "one": "input, *, out=None",
    "two": "input, other, *, out=None",
    "x": "input",
    "a": "input",
    "b": "other",
    "made": "dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False",
    "mean": "size_average=None, reduce=None, reduction='mean'",
}

# As functions `torch.f(input, ..)` and as methods `input.f(..)` alike.
_BOTH = rows(
    ELEMENTWISE
    + """
sigmoid | relu(input, *, out=None)
    SELF(input)
rsqrt(input, *, out=None)
    1 / sqrt(input)
add(input, other, *, alpha=1, out=None)
    input + (other if alpha == 1 else alpha * other)
sub | subtract(input, other, *, alpha=1, out=None)
    input - (other if alpha == 1 else alpha * other)
div | divide(input, other, *, rounding_mode=None, out=None)
    input / other
true_divide(dividend, divisor, *, out=None)
    dividend / divisor
pow | float_power(input, exponent, *, out=None)
    input ** exponent
matmul(input, other, *, out=None)
    input @ other
mm | bmm(input, mat2, *, out=None)
    input @ mat2
mv(input, vec, *, out=None)
    input @ vec
dot(input, tensor, *, out=None)
    dotted(input, tensor)
inner(input, other, *, out=None)
    inner(input, other)
outer | ger(input, vec2, *, out=None)
    outer(input, vec2)
kron(input, other, *, out=None)
    kron(input, other)
addmm(input, mat1, mat2, *, beta=1, alpha=1, out=None)
    (input if beta == 1 else beta * input) + (mat1 @ mat2 if alpha == 1 else alpha * (mat1 @ mat2))
addmv(input, mat, vec, *, beta=1, alpha=1, out=None)
    (input if beta == 1 else beta * input) + (mat @ vec if alpha == 1 else alpha * (mat @ vec))
baddbmm(input, batch1, batch2, *, beta=1, alpha=1, out=None)
    (input if beta == 1 else beta * input) + (batch1 @ batch2 if alpha == 1 else alpha * (batch1 @ batch2))
lerp(input, end, weight, *, out=None)
    input + weight * (end - input)
ne(input, other, *, out=None)
    input != other
eq(input, other, *, out=None)
    input == other
clamp | clip(input, min=None, max=None, *, out=None)
    clipped(input, min, max)
sum(input, dim=None, keepdim=False, *, dtype=None)
    sum(input, axis=all_if_empty(dim), keepdims=keepdim)
mean(input, dim=None, keepdim=False, *, dtype=None, out=None)
    mean(input, axis=all_if_empty(dim), keepdims=keepdim)
prod(input, dim=None, keepdim=False, *, dtype=None)
    prod(input, axis=dim, keepdims=keepdim)
amax | amin(input, dim=(), keepdim=False, *, out=None)
    SELF(input, axis=all_if_empty(dim), keepdims=keepdim)
max | min(input)
    aSELF(input)
max | min(input, dim, keepdim=False, *, out=None)
    pair(aSELF(input, axis=dim, keepdims=keepdim))
max | min(input, other, *, out=None)
    SELF(input, other)
var | std(input, unbiased=True)
    SELF(input, unbiased=unbiased)
var | std(input, dim, unbiased=True, keepdim=False)
    SELF(input, axis=all_if_empty(dim), unbiased=unbiased, keepdims=keepdim)
var | std(input, dim=None, *, correction=1, keepdim=False, out=None)
    SELF(input, axis=all_if_empty(dim), unbiased=less_one(correction), keepdims=keepdim)
norm(input, p='fro', dim=None, keepdim=False, out=None, dtype=None)
    torch_norm(input, p, dim, keepdim)
logsumexp(input, dim, keepdim=False, *, out=None)
    logsumexp(input, axis=all_if_empty(dim), keepdims=keepdim)
cumsum(input, dim, *, dtype=None, out=None)
    cumsum(input, axis=dim)
softmax | log_softmax(input, dim, *, dtype=None)
    SELF(input, axis=dim)
reshape(input, *shape)
    reshaped(input, shape)
flatten(input, start_dim=0, end_dim=-1)
    flattened(input, start_dim, end_dim)
ravel(input)
    flat(input)
transpose | swapdims(input, dim0, dim1)
    swapped(input, dim0, dim1)
swapaxes(input, axis0, axis1)
    swapped(input, axis0, axis1)
t(input)
    turned(input)
permute(input, *dims)
    permuted(input, dims)
movedim | moveaxis(input, source, destination)
    moved(input, source, destination)
flip(input, dims)
    flipped(input, dims)
flip(input, *dims)
    flipped(input, dims)
fliplr(input)
    flipped(input, 1)
flipud(input)
    flipped(input, 0)
roll(input, shifts, dims=None)
    rolled(input, shifts, dims)
tile(input, dims)
    tiled(input, dims)
tile(input, *dims)
    tiled(input, dims)
repeat_interleave(input, repeats, dim=None, *, output_size=None)
    repeated(input, repeats, dim)
unsqueeze(input, dim)
    widened(input, dim)
squeeze(input, dim=None)
    squeezed(input, dim)
chunk(input, chunks, dim=0)
    chunks_of(input, chunks, dim)
split(tensor, split_size_or_sections, dim=0)
    pieces(tensor, split_size_or_sections, dim)
unbind(input, dim=0)
    unbound(input, dim)
tril(input, diagonal=0, *, out=None)
    triangle(input, diagonal, True)
triu(input, diagonal=0, *, out=None)
    triangle(input, diagonal, False)
diag(input, diagonal=0, *, out=None)
    diag(input, diagonal)
diagonal(input, offset=0, dim1=0, dim2=1)
    diagonal(input, offset) if dim1 == 0 and dim2 == 1 else refuse()
trace(input)
    sum(diagonal(input, 0))
gather(input, dim, index, *, sparse_grad=False, out=None)
    gathered(input, dim, index)
masked_fill(input, mask, value)
    where(mask, value, input)
clone(input, *, memory_format=None)
    copied(input)
detach(input)
    stop_gradient(input)
""",
    _MACROS,
)
_SHORT = {
    "neg": "negative",
    "mul": "multiply",
    "gt": "greater",
    "ge": "greater_equal",
    "lt": "less",
    "le": "less_equal",
}
_BOTH |= {short: _BOTH[name] for short, name in _SHORT.items()}

_FUNCTIONS = rows(
    """
where(condition, input, other, *, out=None)
    where(condition, input, other)
cat | concat | concatenate(tensors, dim=0, *, out=None)
    joined(tensors, dim)
stack(tensors, dim=0, *, out=None)
    stack(*tensors, axis=dim)
hstack(tensors, *, out=None)
    side_by_side(tensors)
vstack(tensors, *, out=None)
    one_below_another(tensors)
column_stack(tensors, *, out=None)
    columns(tensors)
einsum(*args)
    einsum(*args)
eye(n, m=None, *, out=None, {made})
    eye(n, n if m is None else m, 0)
ones(*size, out=None, {made})
    filled(size, 1)
zeros(*size, out=None, {made})
    filled(size, 0)
full(size, fill_value, *, out=None, {made})
    full(size, fill_value, dtype)
ones_like(input, *, memory_format=None, {made})
    full_like(input, 1, dtype)
zeros_like(input, *, memory_format=None, {made})
    full_like(input, 0, dtype)
full_like(input, fill_value, *, memory_format=None, {made})
    full_like(input, fill_value, dtype)
arange(start, end=None, step=1, *, out=None, {made})
    counted(start, end, step)
empty(*size, out=None, {made}, memory_format=None)
    drawn(size)
tensor(data, *, dtype=None, device=None, requires_grad=False, pin_memory=False)
    grown(data) if requires_grad else array_of(data, dtype)
as_tensor(data, dtype=None, device=None)
    array_of(data, dtype)
from_numpy(ndarray)
    as_array(ndarray)
randn | rand(*size, out=None, {made}, generator=None)
    drawn(size)
addcmul(input, tensor1, tensor2, *, value=1, out=None)
    input + (tensor1 * tensor2 if value == 1 else value * tensor1 * tensor2)
cosine_similarity(x1, x2, dim=1, eps=1e-08)
    sum(x1 * x2, axis=dim) / (max(norm(x1, axis=dim), eps) * max(norm(x2, axis=dim), eps))
""",
    _MACROS,
)

# Of a method the first parameter is the tensor, whatever it is called.
_METHODS = rows(
    """
view(self, *shape)
    reshaped(self, shape)
view_as | reshape_as(self, other)
    reshaped(self, shape_of(other))
repeat(self, *repeats)
    tiled_like_pytorch(self, repeats)
expand(self, *size)
    expanded(self, size)
type_as(self, other)
    self if other is not None else refuse()
expand_as(self, other)
    expanded(self, shape_of(other))
to(self, device=None, dtype=None, non_blocking=False, copy=False)
    as_real(self) if is_float(device) or is_float(dtype) else self if is_device(device) else refuse()
where(self, condition, other)
    where(condition, self, other)
float | double(self)
    as_real(self)
bool(self)
    self != 0
contiguous | cpu | cuda | requires_grad_(self)
    self
item(self)
    stop_gradient(self) if rank(self) == 0 else refuse()
numpy(self)
    stop_gradient(self)
size(self, dim=None)
    shape_of(self) if dim is None else shape_of(self)[dim]
dim | ndimension(self)
    rank(self)
numel | nelement(self)
    entries(self)
sigmoid | tanh | relu(self)
    SELF(self)
""",
    _MACROS,
)

FUNCTIONAL = rows(
    """
relu(input, inplace=False)
    relu(input)
sigmoid | tanh(input)
    SELF(input)
leaky_relu(input, negative_slope=0.01, inplace=False)
    leaky_relu(input, slope=negative_slope)
elu(input, alpha=1.0, inplace=False)
    elu(input, alpha=alpha)
gelu(input, approximate='none')
    gelu(input, approximate=approximate)
silu(input, inplace=False)
    silu(input)
mish(input, inplace=False)
    input * tanh(softplus(input))
softplus(input, beta=1, threshold=20)
    softplus(input) if beta == 1 else softplus(beta * input) / beta
logsigmoid(input)
    -softplus(-input)
softsign(input)
    input / (1 + abs(input))
tanhshrink(input)
    input - tanh(input)
relu6(input, inplace=False)
    clip(input, 0, 6)
hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False)
    clip(input, min_val, max_val)
softmax | log_softmax(input, dim=None, _stacklevel=3, dtype=None)
    SELF(input, axis=dim) if dim is not None else refuse()
softmin(input, dim=None, _stacklevel=3, dtype=None)
    softmax(-input, axis=dim) if dim is not None else refuse()
glu(input, dim=-1)
    chunks_of(input, 2, dim)[0] * sigmoid(chunks_of(input, 2, dim)[1])
dropout(input, p=0.5, training=True, inplace=False)
    input if p == 0 or not training else refuse()
linear(input, weight, bias=None)
    input @ weight.T if bias is None else input @ weight.T + bias
layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05)
    layer_normed(input, normalized_shape, weight, bias, eps)
rms_norm(input, normalized_shape, weight=None, eps=None)
    rms_normed(input, normalized_shape, weight, eps)
# Running statistics and their momentum change nothing that is computed while training.
batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05)
    batch_normed(input, weight, bias, eps, running_mean, running_var, momentum) if training else refuse()
conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)
    conv1d(*present(input, weight, bias), stride=stride, padding=padding)
conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)
    conv2d(*present(input, weight, bias), stride=stride, padding=padding)
max_pool1d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False)
    max_pool(input, size=one_axis(kernel_size), stride=one_axis(stride), padding=one_axis(padding))
max_pool2d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False)
    max_pool(input, size=kernel_size, stride=stride, padding=padding)
avg_pool1d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True)
    avg_pool(input, size=one_axis(kernel_size), stride=one_axis(stride), padding=one_axis(padding))
avg_pool2d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None)
    avg_pool(input, size=kernel_size, stride=stride, padding=padding)
embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False)
    gather(weight, input)
one_hot(tensor, num_classes=-1)
    one_hot(tensor, num_classes)
normalize(input, p=2.0, dim=1, eps=1e-12, out=None)
    input / max(torch_norm(input, p, dim, True), eps)
pairwise_distance(x1, x2, p=2.0, eps=1e-06, keepdim=False)
    torch_norm(x1 - x2 + eps, p, -1, keepdim)
cross_entropy(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', \
label_smoothing=0.0)
    cross_entropy_of(input, target, reduction) if label_smoothing == 0 else refuse()
nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean')
    reduced(-picked(input, target), reduction)
mse_loss(input, target, {mean}, weight=None)
    reduced_pair('mse', input, target, reduction)
l1_loss(input, target, {mean}, weight=None)
    reduced(abs(input - target), reduction)
smooth_l1_loss(input, target, {mean}, beta=1.0)
    reduced(huber(input - target, beta) / beta, reduction) if beta > 0 else reduced(abs(input - target), reduction)
huber_loss(input, target, reduction='mean', delta=1.0, weight=None)
    reduced(huber(input - target, delta), reduction)
binary_cross_entropy(input, target, weight=None, {mean})
    reduced(-(target * log(input) + (1 - target) * log(1 - input)), reduction)
binary_cross_entropy_with_logits(input, target, weight=None, {mean}, pos_weight=None)
    reduced_pair('bce_with_logits', input, target, reduction)
kl_div(input, target, {mean}, log_target=False)
    reduced((exp(target) * (target - input) if log_target else target * (log(target) - input)), reduction, input)
gaussian_nll_loss(input, target, var, full=False, eps=1e-06, reduction='mean')
    reduced(0.5 * (log(max(var, eps)) + square(input - target) / max(var, eps)), reduction)
soft_margin_loss(input, target, {mean})
    reduced(softplus(-target * input), reduction)
margin_ranking_loss(input1, input2, target, margin=0, {mean})
    reduced(relu(-target * (input1 - input2) + margin), reduction)
triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2, eps=1e-06, swap=False, {mean})
    reduced(relu(torch_norm(anchor - positive + eps, p, -1, False) - torch_norm(anchor - negative + eps, p, -1, False) \
+ margin), reduction)
scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, \
enable_gqa=False)
    attention(query, key, value, is_causal, scale)
""",
    _MACROS,
) | {"cosine_similarity": _FUNCTIONS["cosine_similarity"]}

LINALG = rows(
    """
norm(input, ord=None, dim=None, keepdim=False, *, out=None, dtype=None)
    numpy_norm(input, ord, dim, keepdim)
vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None, out=None)
    torch_norm(x, ord, dim, keepdim)
""",
    _MACROS,
)


TORCH = _BOTH | _FUNCTIONS
TENSOR = _BOTH | _METHODS
SPECIAL = rows("expit(input, *, out=None)\n    sigmoid(input)") | {
    name: _BOTH[name] for name in ("expm1", "exp2", "log1p", "logsumexp", "softmax", "log_softmax")
}
NN = rows(
    """
Parameter(data=None, requires_grad=True)
    parameter(data)
ModuleList | ParameterList(modules=())
    [*items_of(modules)]
""",
    _MACROS,
)
