"""What the key bar under a drill offers at this moment, by how much it matters where there is little room."""

from tutor.learner.session import Session
from tutor.text import msg
from tutor.ui.conversation import LADDER
from tutor.ui.keys import BACK, CHECK, GRID, HELP, HINT, MORE, MORE_ABOVE, SKIP, TABLE, TEXT, WHY
from tutor.ui.questions import takes_grid
from tutor.ui.widgets.key_bar import Press


def key_bar_items(
    session: Session, *, quiet: bool, picking: bool, as_table: bool, has_why: bool, more: int
) -> tuple[Press, ...]:
    """The keys for the question that is asked, none where none is.

    `more` says where there is more to read than shows: below (above 0), above (below 0) or nowhere.
    """
    question = session.current
    if question is None:
        return ()
    rungs = LADDER + len(session.drill.lesson.hints.get(question.id, ()))
    rung = min(session.states[session.position].hints + 1, rungs)
    return (
        Press(CHECK, msg("ui.key-pick") if picking else None, rank=0),
        *([Press(MORE if more > 0 else MORE_ABOVE, rank=1)] if more else []),
        *([] if quiet else [Press(HINT, rank=2, note=f" {rung}/{rungs}")]),
        Press(TABLE, msg("ui.key-graph") if as_table else None, rank=6),
        Press(TEXT, rank=7),
        *([Press(GRID, rank=5)] if takes_grid(question) else []),
        Press(SKIP, rank=3),
        *([Press(WHY, rank=4)] if has_why else []),
        Press(HELP, rank=1),
        Press(BACK, rank=1),
    )
