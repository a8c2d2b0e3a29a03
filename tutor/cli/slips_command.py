"""`tutor slips`: the catalogue of mistakes, each with its id, what it is, and the right idea."""

from tutor.cli.failure import Failure
from tutor.cli.options import Options
from tutor.cli.output import write, write_json
from tutor.expr import nearest_name
from tutor.kinds.kind import slips_of_kinds
from tutor.mistakes.mistake_ids import described_mistake, mistake_groups, mistake_ids
from tutor.text import msg, say


def print_slips(group: str | None, options: Options, *, as_json: bool) -> int:
    """Print all mistakes, or those of one op or kind of question. Raises Failure for one that has none."""
    of_kinds = slips_of_kinds()
    found = mistake_ids(of_kinds, group)
    if not found:
        known = mistake_groups(mistake_ids(of_kinds))
        near = nearest_name(group or "", frozenset(known), 3) or known
        raise Failure(msg("cli.no-slips", op=group, near=list(near)))
    rows = [(id, *(say(text, options.language) for text in described_mistake(id))) for id in found]
    if as_json:
        listed = [{"id": id, "rule": name, "advice": idea} for id, name, idea in rows]
        write_json(listed, options)
        return 0
    for number, (id, name, idea) in enumerate(rows):
        if number:
            write("", options)
        write(id, options)
        write(f"  {name}", options)
        write(f"  {idea}", options)
    return 0
