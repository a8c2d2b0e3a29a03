"""A lesson before it is a file: names, shapes and lines, from which the YAML is written."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tutor.authoring.declarations import Declared
from tutor.text import Language, Localised, Message, msg, say

# What YAML would not read as the same text without quotes.
_NOT_PLAIN = re.compile(r"^[\s\-?:,\[\]{}#&*!|>'\"%@`]|: |:$| #|\s$|^$|^(true|false|null|~)$", re.IGNORECASE)
_NOT_PLAIN_INSIDE = re.compile(r"[,\[\]{}]")


@dataclass(frozen=True, slots=True)
class LessonSketch:
    """Everything that a written lesson has; `numbers` says for each input how its numbers are drawn."""

    title: Localised
    sizes: Mapping[str, int]
    inputs: Mapping[str, Declared]
    numbers: Mapping[str, str]
    lines: Mapping[str, str]
    upstream: Mapping[str, tuple[str, ...]]
    ask: tuple[str, ...] = ()
    schema: str = ""
    language: Language = "en"  # of the remarks

    def text(self) -> str:
        """The lesson as YAML, with a word on each part for who wants to change it."""
        rows = [f"# yaml-language-server: $schema={self.schema}"] if self.schema else []
        rows.append(f"title: {{en: {_quoted(self.title.en)}, zh: {_quoted(self.title.zh or self.title.en)}}}")
        if self.sizes:
            sizes = ", ".join(f"{name}: {size}" for name, size in self.sizes.items())
            rows.append(self._row(f"sizes: {{{sizes}}}", msg("authoring.remark-sizes")))
        if self.inputs:
            rows.append(self._row("given:", msg("authoring.remark-given")))
            rows += [f"  {name}: {self._given(each)}" for name, each in self.inputs.items()]
        rows.append(self._row("graph:", msg("authoring.remark-graph")))
        rows += [f"  {name}: {plain_yaml(line)}" for name, line in self.lines.items()]
        if self.upstream:
            rows.append(self._row("upstream:", msg("authoring.remark-upstream")))
            for name, dims in self.upstream.items():
                shape = f"shape: [{', '.join(dims)}], " if dims else ""
                rows.append(f"  {name}: {{{shape}uniform: [-2, 2], decimals: 1, nonzero: true}}")
        if self.ask:
            rows.append(self._row("ask:", msg("authoring.remark-ask")))
            rows += [f"  - {each}" for each in self.ask]
        return "\n".join(rows) + "\n"

    def _row(self, row: str, remark: Message) -> str:
        return f"{row.ljust(37)} # {say(remark, self.language)}"

    def _given(self, each: Declared) -> str:
        shape = f"shape: [{', '.join(map(_plain_inside, each.dims))}]" if each.dims else ""
        return "{" + ", ".join(piece for piece in (shape, self.numbers[each.name]) if piece) + "}"


def plain_yaml(text: str) -> str:
    """A text as a YAML scalar, in quotes only where it needs them."""
    return _quoted(text) if _NOT_PLAIN.search(text) else text


def questions(pairs: Sequence[tuple[str, object]]) -> tuple[str, ...]:
    """Entries of `ask` as YAML, `total: x` and `local: {of: h, wrt: z}`."""
    written = []
    for kind, body in pairs:
        if isinstance(body, Mapping):
            inside = ", ".join(f"{key}: {_listed(value)}" for key, value in body.items())
            written.append(f"{kind}: {{{inside}}}")
        else:
            written.append(f"{kind}: {_listed(body)}")
    return tuple(written)


def _listed(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_plain_inside, value))}]"
    return _plain_inside(str(value))


def _plain_inside(text: str) -> str:
    return _quoted(text) if _NOT_PLAIN.search(text) or _NOT_PLAIN_INSIDE.search(text) else text


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
