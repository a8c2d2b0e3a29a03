"""Our three themes: dark, light, high contrast; and the colours that ours add to everybody's."""

from textual.color import Color
from textual.theme import Theme


def _with_scrollbars(background: str, bar: str, hover: str, **variables: str) -> dict[str, str]:
    """Variables of a theme, with scrollbars that stay in the background."""
    backgrounds = ("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active")
    return {
        **dict.fromkeys((*backgrounds, "scrollbar-corner-color"), background),
        "scrollbar": bar,
        "scrollbar-hover": hover,
        "scrollbar-active": hover,
        **variables,
    }


DARK = Theme(
    name="tutor-dark",
    primary="#e8a55a",
    secondary="#7fb7e6",
    accent="#e8a55a",
    foreground="#d8dbe2",
    background="#15171c",
    surface="#1b1e25",
    panel="#232731",
    success="#8fc28b",
    warning="#e3c46b",
    error="#ec7a77",
    dark=True,
    variables=_with_scrollbars(
        "#15171c", "#343a47", "#4a5160", muted="#8d94a3", line="#4a5160", value="#7fb7e6", gradient="#f0ac60"
    ),
)

LIGHT = Theme(
    name="tutor-light",
    primary="#a8480b",
    secondary="#1b5e96",
    accent="#a8480b",
    foreground="#23262d",
    background="#fbfaf6",
    surface="#f2f0ea",
    panel="#e8e5dc",
    success="#2e6b33",
    warning="#7d5a00",
    error="#b3261e",
    dark=False,
    variables=_with_scrollbars(
        "#fbfaf6", "#d3cfc2", "#a9a698", muted="#646973", line="#a9a698", value="#1b5e96", gradient="#a8480b"
    ),
)

CONTRAST = Theme(
    name="tutor-contrast",
    primary="#ffd800",
    secondary="#6fe3ff",
    accent="#ffd800",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    success="#5dff7f",
    warning="#ffd800",
    error="#ff8a80",
    dark=True,
    variables=_with_scrollbars(
        "#000000", "#9a9a9a", "#ffffff", muted="#d6d6d6", line="#ffffff", value="#6fe3ff", gradient="#ffd800"
    ),
)

OURS = (DARK, LIGHT, CONTRAST)


def with_our_colours(variables: dict[str, str]) -> dict[str, str]:
    """The CSS variables of any theme, with `value`, `gradient`, `muted` and `line` where it has none of its own."""
    return {
        "value": variables["text-primary"],
        "gradient": variables["text-accent"],
        "muted": _faded(variables, 0.35),
        "line": _faded(variables, 0.6),
        **variables,
    }


def _faded(variables: dict[str, str], by: float) -> str:
    """The foreground moved towards the background; a terminal's own colours have no in between."""
    foreground, background = variables["foreground"], variables["background"]
    if "ansi" in foreground or "ansi" in background:
        return "ansi_bright_black"
    return Color.parse(foreground).blend(Color.parse(background), by).hex
