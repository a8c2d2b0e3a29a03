"""Writes a folder of many lessons: `python tests/bench/many_lessons.py FOLDER [UNITS LESSONS_EACH]`."""

import sys
from pathlib import Path

_GRAPHS = (
    "given: {{x: {k}, y: 2, z: 0}}\ngraph:\n  a: x + y\n  b: max(y, z)\n  f: a * b\n",
    "given:\n  x: {{integers: [-6, 6], nonzero: true}}\n  y: {{integers: [-6, 6], nonzero: true, away: 0.5}}\n"
    "graph:\n  a: x * y\n  b: max(a, x)\n  f: b + {k} * y\n",
    "sizes: {{n: 3, m: 2}}\ngiven:\n  x: {{shape: [m, 1], uniform: [-1, 1], decimals: 1, nonzero: true}}\n"
    "  W: {{shape: [n, m], integers: [-1, 1], nonzero: true}}\n"
    "  u: {{shape: [n, 1], integers: [-2, 2], nonzero: true}}\n"
    "graph:\n  h: tanh(W @ x)\n  s: u.T @ h\nask:\n  - shape: W\n  - downstream: {{of: s, wrt: h}}\n  - total: x\n"
    "  - formula: W\n",
)


def write(folder: Path, units: int, lessons: int) -> None:
    """So many units of so many lessons: circuits with fixed and drawn numbers, and small nets."""
    for u in range(units):
        unit = folder / f"unit-{u:03}"
        unit.mkdir(parents=True, exist_ok=True)
        (unit / "unit.yaml").write_text(f"title: {{en: Unit {u}, zh: 单元 {u}}}\norder: {100 + u}\n", "utf-8")
        for k in range(lessons):
            title = f"title: {{en: 'Lesson {u}.{k}', zh: '第 {u}.{k} 课'}}\n"
            graph = _GRAPHS[k % len(_GRAPHS)].format(k=k % 7 + 1)
            (unit / f"lesson-{k:03}.yaml").write_text(title + graph, "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), *(int(each) for each in sys.argv[2:] or ("100", "100")))
