"""Broken lesson files: YAML that is none, fields, sizes, inputs and lines that cannot be."""

Found = list[tuple[int, int, str]]

G = "title: T\ngraph: {f: 2 * x}\ngiven:\n  x: "

# What is wrong -> the file, and the line, column and code of every error in it.
FILES: dict[str, tuple[str, Found]] = {
    "nothing at all": ("", [(1, 1, "not-a-map")]),
    "a list instead of a map": ("- title: T\n", [(1, 1, "not-a-map")]),
    "a quote left open": ("title: T\ngraph:\n  f: 'x\n", [(3, 6, "yaml")]),
    "a tab for indentation": ("title: T\ngraph:\n\tf: x\n  g: y\n", [(3, 1, "tab")]),
    "a control character": ("title: T\x07\n", [(1, 9, "control-character")]),
    "two colons in a line": ("title: T: U\n", [(1, 9, "yaml")]),
    "a bracket left open": ("title: T\ngraph: {f: x\n", [(2, 8, "yaml")]),
    "an index inside braces": ("title: T\ngiven: {x: [1, 2]}\ngraph: {f: x[0]}\n", [(3, 13, "yaml")]),
    "a value that begins with @": ("title: T\ngraph:\n  f: @x\n", [(3, 6, "yaml")]),
    "text behind a closing quote": ('title: T\ngraph:\n  f: "x" + y\n', [(3, 10, "yaml")]),
    "an alias": ("title: T\ngiven: {x: 1}\ngraph:\n  f: *x\n", [(4, 6, "alias")]),
    "an anchor and a tag": (
        "title: &t T\ngiven: {x: !!int 1}\ngraph: {f: x}\n",
        [(1, 8, "anchor"), (2, 12, "tag")],
    ),
    "a second document": ("title: T\ngiven: {x: 1}\ngraph: {f: x}\n---\nx: 1\n", [(4, 1, "several-documents")]),
    "a key twice": (
        "title: T\ngiven: {x: 1, x: 2}\ngraph: {f: x}\ntitle: U\n",
        [(2, 15, "duplicate-key"), (4, 1, "duplicate-key")],
    ),
    "a full-width comma": ("title: T\ngiven: {x: 1， y: 2}\ngraph: {f: x}\n", [(2, 13, "yaml")]),
    "a list as a key": ("title: T\n? [a]\n: b\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 3, "key-not-a-name")]),
    "a comma inside braces": (
        "title: T\ngiven: {x: 1, y: 2}\ngraph: {b: max(x, y), f: 2 * b}\n",
        [(3, 19, "comma-in-braces")],
    ),
    "a stray name with a bracket": (
        "title: T\ngiven: {x: 1}\ngraph: {f: x, y)}\n",
        [(3, 15, "comma-in-braces-alone")],
    ),
    "a misspelt field": ("titel: T\ngiven: {x: 1}\ngraph: {f: x}\n", [(1, 1, "unknown-field")]),
    "a colon without its space": ("title: T\ngiven:{x: 1}\ngraph: {f: 2}\n", [(2, 1, "colon-without-space")]),
    "what belongs to the lesson in a part": (
        "title: T\nparts:\n  - given: {x: 1}\n    graph: {f: 2 * x}\n"
        "    hints: {total x: [Look]}\n    tolerance: 0.1\n",
        [(5, 5, "hints-of-lesson"), (6, 5, "field-of-lesson")],
    ),
    "a line without the space behind its colon": (
        "title: T\ngiven: {z: 1}\ngraph:\n  h:tanh(z)\n",
        [(4, 4, "yaml-colon-space")],
    ),
    "a line with a full-width colon": (
        "title: T\ngiven: {z: 1}\ngraph:\n  h：tanh(z)\n",
        [(4, 4, "yaml-wide-colon")],
    ),
    "a line with an equals sign": (
        "title: T\ngiven: {z: 1}\ngraph:\n  h = tanh(z)\n",
        [(4, 5, "yaml-equals")],
    ),
    "entries in braces with equals signs": (
        "title: T\ngiven: {z = 1, y: 2}\ngraph: {h=tanh(q), f: h * z * y}\n",
        [(2, 11, "yaml-equals"), (3, 10, "yaml-equals"), (3, 16, "unknown-name")],
    ),
    "entries in braces without the space": (
        "title: T\ngiven: {z:1, y: 2, x：3}\ngraph: {h:tanh(z), f: h * x * q * y}\n",
        [(2, 10, "yaml-colon-space"), (2, 21, "yaml-wide-colon"), (3, 10, "yaml-colon-space"), (3, 31, "unknown-name")],
    ),
    "an empty title": ("title: ' '\ngiven: {x: 1}\ngraph: {f: 2 * x}\n", [(1, 8, "empty-title")]),
    "no title": ("given: {x: 1}\ngraph: {f: x}\n", [(1, 1, "missing-field")]),
    "a language that is not ours": (
        "title: {en: T, fr: U}\ngiven: {x: 1}\ngraph: {f: x}\n",
        [(1, 16, "unknown-field-known")],
    ),
    "no graph": ("title: T\ngiven: {x: 1}\n", [(1, 1, "no-graph")]),
    "a number for a list": ("title: T\ncovers: 19\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 9, "expected")]),
    "a tolerance of 200 %": ("title: T\ntolerance: 2\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 12, "less-than")]),
    "a convention that is none": (
        "title: T\nconvention: rows\ngiven: {x: 1}\ngraph: {f: x}\n",
        [(2, 13, "one-word-of")],
    ),
    "two samplers": (
        "title: T\ngiven:\n  x: {integers: [1, 2], uniform: [0, 1]}\ngraph: {f: x}\n",
        [(3, 25, "only-one-of")],
    ),
    "no sampler": ("title: T\ngiven:\n  x: {shape: [1], nonzero: true}\ngraph: {f: x}\n", [(3, 6, "one-of")]),
    "a range from high to low": (
        "title: T\ngiven:\n  x: {uniform: [1, -1]}\ngraph: {f: x}\n",
        [(3, 7, "range-order")],
    ),
    "a range without a number of so many decimals": (
        "title: T\ngiven:\n  x: {uniform: [0.01, 0.04], decimals: 1}\ngraph: {f: 2 * x}\n",
        [(3, 30, "no-number-between")],
    ),
    "more distinct decimals than there are": (
        "title: T\ngiven:\n  x: {shape: [3], uniform: [1, 1.1], decimals: 1, distinct: true}\ngraph: {f: x @ x}\n",
        [(3, 51, "too-few-values")],
    ),
    "more distinct labels than there are": (
        "title: T\ngiven:\n  y: {shape: [3], labels: 2, distinct: true}\n  x: {shape: [3], integers: [1, 9]}\n"
        "graph:\n  f: sum(x[y])\n",
        [(3, 30, "too-few-values")],
    ),
    "more distinct numbers than there are": (
        "title: T\ngiven:\n  x: {shape: [3, 1], integers: [0, 2], distinct: true, nonzero: true}\n"
        "graph: {f: x.T @ x}\n",
        [(3, 40, "too-few-values")],
    ),
    "rows of different lengths": (
        "title: T\ngiven: {x: [[1, 2], [3]]}\ngraph: {f: sum(x)}\n",
        [(2, 21, "ragged")],
    ),
    "a word among numbers": ("title: T\ngiven: {x: [1, two]}\ngraph: {f: sum(x)}\n", [(2, 16, "expected")]),
    "an infinite number": ("title: T\ngiven: {x: .inf}\ngraph: {f: x}\n", [(2, 12, "not-finite")]),
    "numbers that contradict the shape": (
        "title: T\ngiven:\n  x: {shape: [2, 1], value: [1, 2]}\ngraph: {f: sum(x)}\n",
        [(3, 29, "value-shape")],
    ),
    "a size nobody named": (
        "title: T\nsizes: {rows: 3}\ngiven:\n  x: {shape: [row, k], integers: [1, 2]}\ngraph: {f: sum(x)}\n",
        [(4, 15, "unknown-size"), (4, 20, "unknown-size")],
    ),
    "a size that is not whole": (
        "title: T\nsizes: {n: 3}\ngiven:\n  x: {shape: [n/2], integers: [1, 2]}\ngraph: {f: sum(x)}\n",
        [(4, 15, "not-a-size")],
    ),
    "names that mean something else": (
        "title: T\nsizes: {n: 2}\ngiven: {up: 1, tanh: 2, dz: 3, n: 4, 2x: 5}\ngraph:\n  z: 1 * z1\n"
        "  z1: 2\n  dz1: z\n",
        [
            (3, 9, "name-is-up"),
            (3, 16, "name-is-function"),
            (3, 25, "name-is-gradient"),
            (3, 32, "name-is-size"),
            (3, 38, "not-a-name"),
            (7, 3, "name-is-gradient"),
        ],
    ),
    "a line with the name of an input": ("title: T\ngiven: {x: 1}\ngraph: {x: 2 * x}\n", [(3, 9, "name-is-given")]),
    "a formula that stops short": (
        'title: T\ngiven: {x: 1}\ngraph:\n  a: x +\n  b: "2 * )"\n  f: a * b\n',
        [(4, 9, "unreadable"), (5, 11, "unreadable")],
    ),
    "unknown names, each at its place": (
        "title: T\ngiven: {alpha: 1, x: 2}\ngraph:\n  f: alhpa + x * 分数\n",
        [(4, 6, "unknown-name"), (4, 18, "unknown-name")],
    ),
    "an unknown function": ("title: T\ngiven: {x: 1}\ngraph:\n  f: 2 * tahn(x)\n", [(4, 10, "unreadable")]),
    "a cycle": (
        "title: T\ngiven: {x: 1}\ngraph:\n  a: x + c\n  b: a * 2\n  c: b - 1\n  f: a\n",
        [(4, 6, "cycle")],
    ),
    "several outputs": (
        "title: T\ngiven: {x: 1}\ngraph:\n  a: x + 1\n  b: x * 2\n",
        [(4, 3, "several-outputs")],
    ),
    "an output of several entries": (
        "title: T\ngiven: {x: [1, 2]}\ngraph:\n  a: 2 * x\n",
        [(4, 3, "output-needs-upstream")],
    ),
    "an upstream for no line, and one of another shape": (
        "title: T\ngiven: {x: [1, 2]}\ngraph:\n  a: 2 * x\nupstream: {a: [1, 2, 3], b: 1}\n",
        [(5, 15, "upstream-shape"), (5, 26, "unknown-name")],
    ),
    "parts beside a graph": (
        "title: T\ngiven: {x: 1}\nparts:\n  - given: {x: 1}\n    graph: {f: x}\n",
        [(2, 1, "beside-parts")],
    ),
    "a part without a graph": ("title: T\nparts:\n  - given: {x: 1}\n", [(3, 5, "part-without-graph")]),
    "a part from nowhere": ("title: T\nparts:\n  - from: circuits/nowhere\n", [(3, 11, "no-such-lesson")]),
    "a part from outside": ("title: T\nparts:\n  - from: ../../etc/passwd\n", [(3, 11, "no-such-lesson")]),
    "an error in each of two parts": (
        "title: T\nparts:\n  - given: {x: 1}\n    graph: {f: x + q}\n  - given: {x: [1, 2]}\n"
        "    graph: {f: 'x @ [1, 2, 3]'}\n",
        [(4, 20, "unknown-name"), (6, 17, "matmul-inner-sizes")],
    ),
    "a text that begins with a percent sign": ("title: T\ngiven: {x: 1}\ngraph:\n  f: %x\n", [(4, 6, "yaml")]),
    "an ampersand before a name": ("title: T\ngiven: {x: 1}\ngraph:\n  f: & x\n", [(4, 7, "yaml")]),
    "a list item behind a name": ("title: T\ngiven: {x: 1}\ngraph:\n  f: - x\n", [(4, 6, "yaml")]),
    "an escape that is none": ('title: "T\\q"\ngiven: {x: 1}\ngraph: {f: x}\n', [(1, 10, "yaml")]),
    "a name without its colon": ("title: T\ngiven: {x: 1}\ngraph:\n  f: x\n  g\n", [(5, 4, "yaml")]),
    "an id with a comment in it": (
        "title: T\ngiven: {x: 1}\ngraph: {f: x}\nhints:\n  total x: [Look]\n  total x #2: [Look]\n",
        [(6, 21, "yaml")],
    ),
    "a tag that nobody declares": ("title: T\ngiven: {x: 1}\ngraph:\n  f: !e!x 2\n", [(4, 6, "yaml")]),
    "a name far to the left": ("title: T\ngraph:\n    a: x\n  b: a\ngiven: {x: 1}\n", [(4, 3, "yaml")]),
    "a bracket that closes nothing": ("title: T\ngiven: {x: 1}\ngraph: {f: x}]\n", [(3, 14, "yaml")]),
    "a directive alone": ("%YAML 3.0\n---\ntitle: T\n", [(1, 1, "yaml")]),
    "a hundred opened lists": ("title: T\nabout: " + "[" * 100 + "]" * 100 + "\n", [(2, 48, "too-deep")]),
    "a binary file": ("title: T\ngraph: {f: \x00}\n", [(2, 12, "control-character")]),
    "a byte order mark inside": ("title: T\ngiven: {x\ufeff: 1}\ngraph: {f: 2}\n", [(2, 10, "control-character")]),
    "a no-break space before a colon": ("title: T\ngiven\xa0: {x: 1}\ngraph: {f: 2 * x}\n", [(2, 6, "yaml")]),
    "a name with a character that cannot be seen": (
        "title: T\ngiven: {x: 1}\ngraph: {f\u200b: 2 * x}\n",
        [(3, 10, "yaml")],
    ),
    "a line with neither colon nor name": ("title: T\na b c=d\ngraph: {f: 2}\n", [(3, 1, "yaml")]),
    "a shape in round brackets": (
        "title: T\ngiven: {x: {shape: (2, 1), normal: 1.0}}\ngraph: {f: sum(x)}\n",
        [(2, 20, "expected")],
    ),
    "a tag on a name": ("title: T\n!!str given: {x: 1}\ngraph: {f: x}\n", [(2, 1, "tag")]),
    "an anchor on a name": ("title: T\n&g given: {x: 1}\ngraph: {f: x}\n", [(2, 1, "anchor")]),
    "a merge key": (
        "title: T\nbase: &b {x: 1}\ngiven:\n  <<: *b\ngraph: {f: x}\n",
        [
            (2, 1, "unknown-field-known"),
            (2, 7, "anchor"),
            (4, 3, "not-a-name"),
            (4, 7, "alias"),
            (5, 12, "unknown-name"),
        ],
    ),
    "a title that is a number": ("title: 7\ngiven: {x: 1}\ngraph: {f: x}\n", [(1, 8, "expected")]),
    "a title that is a list": ("title: [T]\ngiven: {x: 1}\ngraph: {f: x}\n", [(1, 8, "expected")]),
    "a title only in Chinese": ("title: {zh: T}\ngiven: {x: 1}\ngraph: {f: x}\n", [(1, 8, "missing-field")]),
    "a text that is true": ("title: {en: true}\ngiven: {x: 1}\ngraph: {f: x}\n", [(1, 13, "expected")]),
    "strict that is a word": ("title: T\nstrict: often\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 9, "expected")]),
    "worked that is a decimal": ("title: T\nworked: 1.5\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 9, "expected")]),
    "worked below nothing": ("title: T\nworked: -1\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 9, "at-least")]),
    "a tolerance below nothing": ("title: T\ntolerance: -0.1\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 12, "at-least")]),
    "a tolerance that is a word": (
        "title: T\ntolerance: little\ngiven: {x: 1}\ngraph: {f: x}\n",
        [(2, 12, "expected")],
    ),
    "a source that is a list": ("title: T\nsource: [a, b]\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 9, "expected")]),
    "a plot that is none": ("title: T\nplots: [loss]\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 9, "one-word-of")]),
    "hints that are one text": (
        "title: T\nhints: {total x: 3}\ngiven: {x: 1}\ngraph: {f: x}\n",
        [(2, 18, "expected")],
    ),
    "hints that are a list": ("title: T\nhints: [Look]\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 8, "expected")]),
    "a hint that is a number": (
        "title: T\nhints: {total x: [3]}\ngiven: {x: 1}\ngraph: {f: x}\n",
        [(2, 19, "expected")],
    ),
    "a graph that is a list": ("title: T\ngiven: {x: 1}\ngraph: [f]\n", [(3, 8, "expected")]),
    "a graph without lines": ("title: T\ngiven: {x: 1}\ngraph: {}\n", [(3, 8, "too-few")]),
    "a graph that is a text": ("title: T\ngiven: {x: 1}\ngraph: f = x\n", [(3, 8, "expected")]),
    "a line that is a list": ("title: T\ngiven: {x: 1}\ngraph: {f: [x, x]}\n", [(3, 12, "expected")]),
    "a line that is true": ("title: T\ngiven: {x: 1}\ngraph: {f: true}\n", [(3, 12, "expected")]),
    "a line left empty": ("title: T\ngiven: {x: 1}\ngraph:\n  f:\n", [(4, 5, "expected")]),
    "given that is a list": ("title: T\ngiven: [x, y]\ngraph: {f: 2}\n", [(2, 8, "expected")]),
    "parts that are a map": ("title: T\nparts: {one: {given: {x: 1}, graph: {f: x}}}\n", [(2, 8, "expected")]),
    "no parts": ("title: T\nparts: []\n", [(2, 8, "too-few")]),
    "a part that is a text": ("title: T\nparts: [circuits/branches]\n", [(2, 9, "expected")]),
    "a part with a graph and from": (
        "title: T\nparts:\n  - from: circuits/branches\n    graph: {f: 2}\n",
        [(3, 11, "from-has-parts"), (4, 5, "beside-from")],
    ),
    "a size of zero": (
        "title: T\nsizes: {n: 0}\ngiven: {x: {shape: [n], integers: [1, 2]}}\ngraph: {f: sum(x)}\n",
        [(2, 12, "at-least")],
    ),
    "a size of a thousand and one": (
        "title: T\nsizes: {n: 1001}\ngiven: {x: {shape: [n], integers: [1, 2]}}\ngraph: {f: sum(x)}\n",
        [(2, 12, "at-most")],
    ),
    "a size that is a decimal": ("title: T\nsizes: {n: 2.5}\ngiven: {x: 1}\ngraph: {f: x}\n", [(2, 12, "expected")]),
    "a size that is huge": (
        "title: T\nsizes: {n: " + "9" * 400 + "}\ngiven: {x: 1}\ngraph: {f: x}\n",
        [(2, 12, "expected")],
    ),
    "a size where none is named": (
        "title: T\ngiven: {x: {shape: [n], integers: [1, 2]}}\ngraph: {f: sum(x)}\n",
        [(2, 21, "unknown-size")],
    ),
    "a size of another name": (
        "title: T\nsizes: {width: 3}\ngiven: {x: {shape: [widht], integers: [1, 2]}}\ngraph: {f: sum(x)}\n",
        [(3, 21, "unknown-size")],
    ),
    "a shape that is a list of lists": (G + "{shape: [[3]], integers: [1, 2]}\n", [(4, 15, "expected")]),
    "a shape that is one number": (G + "{shape: 3, integers: [1, 2]}\n", [(4, 14, "expected")]),
    "a negative size": (G + "{shape: [-3], integers: [1, 2]}\n", [(4, 15, "at-least")]),
    "a size divided by nothing": (
        "title: T\nsizes: {n: 3}\ngiven: {x: {shape: [n/0], integers: [1, 2]}}\ngraph: {f: sum(x)}\n",
        [(3, 21, "not-a-size")],
    ),
    "a size that is a power": (
        "title: T\nsizes: {n: 3}\ngiven: {x: {shape: [n^9^9], integers: [1, 2]}}\ngraph: {f: sum(x)}\n",
        [(3, 23, "unreadable")],
    ),
    "a size that cannot be read": (
        "title: T\nsizes: {n: 3}\ngiven: {x: {shape: ['2 *'], integers: [1, 2]}}\ngraph: {f: sum(x)}\n",
        [(3, 25, "unreadable")],
    ),
    "an input of a million and more": (
        "title: T\nsizes: {n: 1000}\ngiven: {x: {shape: [n, n, 2], uniform: [0, 1]}}\ngraph: {f: sum(x)}\n",
        [(3, 20, "array-too-large")],
    ),
    "a line of a million and more": (
        "title: T\nsizes: {n: 1000, m: 999}\n"
        "given: {x: {shape: [n], uniform: [0, 1]}, y: {shape: [m, 2], uniform: [0, 1]}}\n"
        "graph: {f: sum(outer(x, y))}\n",
        [(4, 12, "array-too-large"), (4, 25, "comma-in-braces")],
    ),
    "an input that is a text": (G + "big\n", [(4, 6, "expected")]),
    "an input that is true": (G + "true\n", [(4, 6, "expected")]),
    "an input left empty": (G + "\n", [(4, 5, "expected")]),
    "an input without numbers": (G + "[]\n", [(4, 6, "empty-list")]),
    "numbers that are a word": (G + "{value: big}\n", [(4, 14, "expected")]),
    "a sampler that is misspelt": (G + "{integer: [1, 2]}\n", [(4, 7, "unknown-field")]),
    "integers that are one number": (G + "{integers: 3}\n", [(4, 17, "expected")]),
    "integers of three numbers": (G + "{integers: [1, 2, 3]}\n", [(4, 17, "too-many")]),
    "integers that are decimals": (G + "{integers: [0.5, 2]}\n", [(4, 18, "expected")]),
    "a uniform of words": (G + "{uniform: [low, high]}\n", [(4, 17, "expected"), (4, 22, "expected")]),
    "a uniform without end": (G + "{uniform: [0, .inf]}\n", [(4, 20, "not-finite")]),
    "a normal of no width": (G + "{normal: 0}\n", [(4, 15, "more-than")]),
    "a choice among nothing": (G + "{choice: []}\n", [(4, 15, "too-few")]),
    "a choice of words": (G + "{choice: [one, two]}\n", [(4, 16, "expected"), (4, 21, "expected")]),
    "a mask of two": (G + "{mask: 2}\n", [(4, 13, "at-most")]),
    "seven decimals": (G + "{uniform: [0, 1], decimals: 7}\n", [(4, 34, "at-most")]),
    "a distance below nothing": (G + "{uniform: [0, 1], away: -1}\n", [(4, 30, "at-least")]),
    "nonzero where only zero is": (G + "{integers: [0, 0], nonzero: true}\n", [(4, 25, "only-zero")]),
    "nonzero of a normal too narrow for its decimals": (
        G + "{normal: 0.001, decimals: 2, nonzero: true}\n",
        [(4, 35, "only-zero")],
    ),
    "distinct numbers of a normal that has not so many": (
        "title: T\ngiven: {x: {shape: [9], normal: 1, decimals: 0, distinct: true}}\ngraph: {f: sum(x)}\n",
        [(2, 49, "too-few-values")],
    ),
    "distinct that is a number": (G + "{integers: [0, 9], distinct: 1}\n", [(4, 35, "expected")]),
    "a domain that is none": (G + "{uniform: [0, 1], domain: complex}\n", [(4, 32, "one-word-of")]),
    "labels of no classes": (
        "title: T\ngiven: {z: [1, 2], k: {labels: 0}}\ngraph: {f: 'cross_entropy(z, k)'}\n",
        [(2, 32, "at-least")],
    ),
    "one-hot rows that do not fit": (
        "title: T\ngiven: {t: {shape: [2, 3], onehot: 4}}\ngraph: {f: sum(t)}\n",
        [(2, 20, "onehot-shape")],
    ),
    "one-hot columns that do not fit": (
        "title: T\ngiven: {t: {shape: [2, 3], onehot: 3, axis: 0}}\ngraph: {f: sum(t)}\n",
        [(2, 20, "onehot-shape-axis")],
    ),
    "one-hot numbers of another size": (
        "title: T\nsizes: {k: 3}\ngiven: {t: {value: [0, 1], onehot: k, constant: true}}\ngraph: {f: sum(t)}\n",
        [(3, 36, "onehot-shape")],
    ),
    "an axis for the 1 that is not there": (
        "title: T\ngiven: {t: {shape: [2, 3], onehot: 3, axis: 2}}\ngraph: {f: sum(t)}\n",
        [(2, 45, "onehot-axis")],
    ),
    "an axis of nothing": (G + "{integers: [0, 1], axis: 0}\n", [(4, 25, "axis-without-onehot")]),
    "numbers that are not one-hot": (
        "title: T\ngiven: {t: {value: [[0, 1], [1, 1]], onehot: 2}}\ngraph: {f: sum(t)}\n",
        [(2, 29, "not-onehot")],
    ),
    "columns that are not one-hot": (
        "title: T\ngiven: {t: {value: [[0, 1], [0, 0]], onehot: 2, axis: 0}}\ngraph: {f: sum(t)}\n",
        [(2, 20, "not-onehot")],
    ),
    "numbers that are no labels": (
        "title: T\ngiven: {y: {value: [0, 2, 3], labels: 3}}\ngraph: {f: sum(y)}\n",
        [(2, 27, "not-a-label")],
    ),
    "a label and a half": (
        "title: T\ngiven: {y: {value: [[0.5, 1]], labels: 3}}\ngraph: {f: sum(y)}\n",
        [(2, 22, "not-a-label")],
    ),
    "rows out of order": (
        "title: T\ngiven: {r: {value: [0, 2, 1], rows: 3}}\ngraph: {f: sum(r)}\n",
        [(2, 24, "not-rows")],
    ),
    "more rows than there are": (
        "title: T\ngiven: {r: {value: [0, 1], rows: 3}}\ngraph: {f: sum(r)}\n",
        [(2, 34, "rows-shape")],
    ),
    "two ways to follow": (
        "title: T\ngiven: {r: {value: [0, 1], rows: 2, labels: 2}}\ngraph: {f: sum(r)}\n",
        [(2, 28, "only-one-of")],
    ),
    "a number too large": (G + "1e999\n", [(4, 6, "not-finite")]),
    "not a number": (G + ".nan\n", [(4, 6, "not-finite")]),
    "numbers and lists mixed": ("title: T\ngiven: {x: [1, [2, 3]]}\ngraph: {f: sum(x)}\n", [(2, 16, "ragged")]),
    "two thousand and one lines": (
        "title: T\ngiven: {x: 1}\ngraph:\n" + "".join(f"  a{k}: x + {k}\n" for k in range(2001)),
        [(3, 1, "too-many-lines")],
    ),
    "a line that uses itself": ("title: T\ngiven: {x: 1}\ngraph: {f: f + x}\n", [(3, 12, "cycle")]),
    "an inverse as a power": (
        "title: T\ngiven: {W: [[1, 2], [3, 4]]}\ngraph:\n  f: sum(W^-1)\n",
        [(4, 6, "matrix-inverse")],
    ),
    "an option that is none": (
        "title: T\ngiven: {x: [1, 2]}\ngraph:\n  f: 'sum(x, axes=0)'\n",
        [(4, 7, "unknown-attribute")],
    ),
    "an axis that is not there": (
        "title: T\ngiven: {x: [1, 2]}\ngraph:\n  f: 'sum(x, axis=3)'\n",
        [(4, 7, "axis-out-of-range")],
    ),
    "shapes that do not broadcast": (
        "title: T\ngiven: {x: [1, 2], y: [1, 2, 3]}\ngraph:\n  f: sum(x + y)\n",
        [(4, 10, "shapes-do-not-broadcast")],
    ),
    "an index beyond the end": ("title: T\ngiven: {x: [1, 2]}\ngraph:\n  f: 'x[2]'\n", [(4, 9, "index-out-of-range")]),
    "an index that picks nothing": (
        "title: T\ngiven: {x: [1, 2, 3]}\ngraph:\n  f: '2 * amax(x[3:])'\n",
        [(4, 18, "index-picks-nothing")],
    ),
    "a slice that named sizes leave empty": (
        "title: T\nsizes: {n: 3}\ngiven: {x: {normal: 1, shape: [n]}}\ngraph:\n  y: x[1:n-2]\n  f: sum(y)\n",
        [(5, 8, "index-picks-nothing")],
    ),
    "an index into numbers of the formula that picks nothing": (
        "title: T\ngiven: {x: 2}\ngraph:\n  f: 'x * sum([1, 2][2:])'\n",
        [(4, 22, "index-picks-nothing")],
    ),
    "a reshape that loses entries": (
        "title: T\ngiven: {x: [1, 2, 3]}\ngraph:\n  f: 'sum(reshape(x, [2, 2]))'\n",
        [(4, 11, "reshape-sizes")],
    ),
    "an upstream that cannot be drawn": (
        "title: T\ngiven: {x: [1, 2]}\ngraph: {f: 2 * x}\nupstream: {f: {shape: [2]}}\n",
        [(4, 15, "one-of")],
    ),
    "an upstream for a line far from it": (
        "title: T\ngiven: {x: [1, 2]}\ngraph: {f: 2 * x}\nupstream: {output: [1, 2], f: [1, 1]}\n",
        [(4, 12, "unknown-name")],
    ),
    "a value that begins with a bar": ("title: T\ngiven: {x: 1}\ngraph:\n  f: |x| * 2\n", [(4, 7, "yaml")]),
    "text behind the end of the document": (
        "title: T\ngiven: {x: 1}\ngraph: {f: x}\n...\nask: all\n",
        [(5, 1, "yaml")],
    ),
    "a colon of full width": ("title: T\ngraph:\n  z: x\n  h： tanh(z)\n  s: h\n", [(4, 4, "yaml")]),
    "a colon without a space": ("title: T\ngraph:\n  z: x\n  h:tanh(z)\n  s: h\n", [(4, 4, "yaml")]),
    "one space too many": ("title: T\ngraph:\n  z: x\n   h: z\n  s: h\n", [(4, 4, "yaml")]),
    "a line at the left": ("title: T\ngraph:\n  z: x\nh: z\n  s: h\n", [(4, 1, "yaml")]),
    "a shape without its comma": (
        "title: T\nsizes: {m: 2}\ngiven: {x: {shape: [m 1], integers: [1, 2]}}\ngraph: {f: sum(x)}\n",
        [(3, 21, "size-comma")],
    ),
    "braces opened and nothing more": ("title: T\ngraph: {", [(2, 8, "yaml")]),
    "a part from a lesson of parts": ("title: T\nparts:\n  - from: circuits/branches\n", [(3, 11, "from-has-parts")]),
    "labels that are too large": (
        "title: T\ngiven: {E: [[1, 2], [3, 4]], k: {value: [2], domain: labels}}\ngraph:\n  f: sum(gather(E, k))\n",
        [(4, 6, "label-out-of-range")],
    ),
}
