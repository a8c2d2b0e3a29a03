"""Mathematics that NumPy and PyTorch have under the same names, of arrays that each library names in its own way."""

# `one` is the signature of a function of `x`, `two` that of a function of `a` and `b`.
ELEMENTWISE = """
exp | log | log1p | sqrt | square | sin | cos | tan | sinh | cosh | tanh({one})
    SELF({x})
expm1({one})
    exp({x}) - 1
exp2({one})
    2 ** {x}
log2({one})
    log({x}) / log(2)
log10({one})
    log({x}) / log(10)
abs | absolute({one})
    abs({x})
negative({one})
    -{x}
reciprocal({one})
    1 / {x}
multiply({two})
    {a} * {b}
maximum({two})
    max({a}, {b})
minimum({two})
    min({a}, {b})
logaddexp({two})
    log(exp({a}) + exp({b}))
hypot({two})
    sqrt(square({a}) + square({b}))
greater({two})
    {a} > {b}
greater_equal({two})
    {a} >= {b}
less({two})
    {a} < {b}
less_equal({two})
    {a} <= {b}
not_equal({two})
    {a} != {b}
logical_not({one})
    ~{x}
logical_and({two})
    {a} & {b}
logical_or({two})
    {a} | {b}
"""
