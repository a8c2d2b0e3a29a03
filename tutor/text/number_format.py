"""Numbers as people read them: four decimals or four significant digits, whichever is more."""

import math
from collections.abc import Iterator

DECIMALS, DIGITS = 4, 4  # whichever shows more
_NOISE = 1e-12  # relative: what rounding errors leave behind, far below anything that is shown


def format_value(value: object) -> str:
    """A number, a nested list or an array as text that can be typed back in.

    Decimals that are short are shown short: 0.5 is `0.5`, 0.41997434 is `0.4200`, 0.00043857 is `0.0004386`.
    """
    plain = _plain(value)
    return _nested(plain, _size(plain))


def brief(value: object, most: int = 6) -> str:
    """A number or a small array as `format_value` writes it; of one with more entries the shape."""
    return format_value(value) if getattr(value, "size", 1) <= most else str(tuple(getattr(value, "shape", ())))


def format_block(value: object, rows: int = 12, columns: int = 12) -> list[str]:
    """An array as lines of text with its columns aligned, long axes cut short with `…`.

    `[[1, -2], [0.5, 3]]` becomes `[[  1, -2],` and ` [0.5,  3]]`.
    """
    plain = _plain(value)
    if not isinstance(plain, list) or not plain or not isinstance(plain[0], list):
        return [_row(_cells(plain, _size(plain), columns))] if isinstance(plain, list) else [format_value(plain)]
    return list(_block(plain, _size(plain), rows, columns))


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.tolist() if hasattr(value, "tolist") else value


def _size(plain: object) -> float:
    """The largest absolute value in an array: noise far below it is shown as 0."""
    if isinstance(plain, list):
        return max((_size(item) for item in plain), default=0.0)
    return abs(float(plain)) if isinstance(plain, int | float) and math.isfinite(plain) else 0.0


def _nested(plain: object, size: float) -> str:
    if isinstance(plain, list):
        return "[" + ", ".join(_nested(item, size) for item in plain) + "]"
    return _number(plain, size)


def _number(number: object, size: float) -> str:
    if isinstance(number, int):  # a truth value, too, is 0 or 1
        return str(int(number))
    if not isinstance(number, float):
        return str(number)
    if not math.isfinite(number):
        return str(number)
    if abs(number) <= _NOISE * size or number == 0:
        return "0"
    exponent = math.floor(math.log10(abs(number)))
    if exponent < -5 or exponent >= 15:
        mantissa, _, power = f"{number:.3e}".partition("e")
        short = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa if _differs(number, f'{number:.3e}') else short}e{power}"
    text = f"{number:.{max(DECIMALS, DIGITS - 1 - exponent)}f}"
    return text if _differs(number, text) else text.rstrip("0").rstrip(".")


def _differs(number: float, text: str) -> bool:
    return abs(float(text) - number) > _NOISE * abs(number)


def _cells(row: list[object], size: float, columns: int) -> list[str]:
    cells = [_nested(item, size) for item in row]
    if len(cells) <= columns:
        return cells
    head = (columns - 1) // 2
    return [*cells[:head], "…", *cells[head - columns + 1 :]]


def _row(cells: list[str]) -> str:
    return "[" + ", ".join(cells) + "]"


def _block(plain: list[object], size: float, rows: int, columns: int) -> Iterator[str]:
    if isinstance(plain[0], list) and plain[0] and isinstance(plain[0][0], list):
        for number, item in enumerate(plain):
            assert isinstance(item, list)
            inner = list(_block(item, size, rows, columns))
            yield from _framed(inner, first=number == 0, last=number == len(plain) - 1)
        return
    table = [_cells(row, size, columns) for row in plain if isinstance(row, list)]
    if len(table) > rows:
        head = (rows - 1) // 2
        table = [*table[:head], ["…"] * len(table[0]), *table[head - rows + 1 :]]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [_row([cell.rjust(width) for cell, width in zip(row, widths, strict=True)]) for row in table]
    yield from _framed(lines, first=True, last=True, separate=True)


def _framed(lines: list[str], *, first: bool, last: bool, separate: bool = False) -> Iterator[str]:
    for number, line in enumerate(lines):
        opens = "[" if first and number == 0 else " "
        at_end = number == len(lines) - 1
        closes = "]" if last and at_end else "," if separate or at_end else ""
        yield opens + line + closes
