"""Texts that a terminal would obey, or that Textual would read as markup, and a course that has them everywhere."""

import json
import os
import re
from pathlib import Path
from unicodedata import category

OBEYED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
CLEAR, TITLE, CLIPBOARD = "\x1b[2J", "\x1b]0;owned\x07", "\x1b]52;c;b3duZWQ=\x07"
CONTROLS = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0))))
MARKS = "\xad\u061c\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\U000e0041"
HOSTILE = f"a{CLEAR}b{TITLE}c{CLIPBOARD}d{CONTROLS}e{MARKS}f\n  total y  right\r\n  total z  right"
BRACKETS = "Shapes [n=3, m=2] x[i] [@click=app.quit]x[/] [/] [bold red]b[/bold] [link='x'] \\[ ]] [[ [#ff0000]"


def obeyed(text: str) -> set[str]:
    """The characters in a text that were not made visible; line ends are a stream's own."""
    return {letter for letter in text if letter != "\n" and category(letter) in OBEYED}


def yaml(plain: object) -> str:
    """As JSON, which is YAML but for characters beyond the first plane: of these YAML has other escapes."""
    return re.sub(r"\\ud[89ab]..\\ud[c-f]..", _beyond, json.dumps(plain, indent=1))


def _beyond(pair: re.Match[str]) -> str:
    letter = json.loads(f'"{pair.group()}"')
    return f"\\U{ord(letter):08x}"


def lesson(text: str) -> str:
    """A lesson with `text` wherever a lesson has texts."""
    return yaml(
        {
            "title": {"en": text, "zh": text},
            "about": f"{text}\n\n[a link]({json.dumps(text)[1:20]}) and [another](file:///etc/passwd)",
            "source": text,
            "requires": [text],
            "covers": [text],
            "hints": {"1/local f a": [text], "1/total y": [text]},
            "plots": ["counts"],
            "parts": [
                {
                    "name": text,
                    "given": {"x": 1, "y": 2, "z": 0},
                    "graph": {"a": "x + y", "b": "max(y, z)", "f": "a * b"},
                    "ask": [
                        {"local": {"of": "f", "wrt": "a"}},
                        {"order": "forward"},
                        {"predict": {"largest": ["x", "y", "z"]}},
                        {"saves": {"of": "f", "wrt": "a"}},
                        {
                            "choose": {
                                "question": text,
                                "options": [text + "1", text + "2"],
                                "right": 2,
                                "why": [text] * 2,
                            }
                        },
                        {"total": "y"},
                    ],
                }
            ],
        }
    )


def course(folder: Path, text: str) -> Path:
    """A folder of lessons: one that is right, one that is broken, and a unit, all with `text`."""
    unit = folder / "unit"
    unit.mkdir(parents=True)
    (unit / "unit.yaml").write_text(yaml({"title": text, "order": 1, "about": text, "lessons": [text]}), "utf-8")
    (unit / "right.yaml").write_text(lesson(text), "utf-8")
    broken = yaml({"title": text, "given": {"x": 1, text: 2}, "graph": {"f": f"x * {text}", text: "x"}, text: text})
    (unit / "broken.yaml").write_text(broken, "utf-8")
    if os.name == "posix":  # a unit that is broken in a folder whose name forges a line
        forging = folder / "b\n  total y  right\x1b[2J"
        forging.mkdir()
        for name in ("unit.yaml", "mine.yaml"):
            (forging / name).write_text("title: [", "utf-8")
    return folder
