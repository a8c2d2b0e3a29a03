"""The picture in the README is the screen as it is now: what the snapshot of that screen holds, text by text."""

import re
from pathlib import Path

HERE = Path(__file__).parent
PICTURE = HERE.parents[1] / "assets" / "first-circuit.svg"
SCREEN = HERE / "__snapshots__" / "test_looks" / "test_the_first_circuit_half_way[size1].svg"


def texts(svg: Path) -> list[tuple[str, ...]]:
    """Each text on a screen with where it stands; the title of the window is none."""
    return re.findall(r'<text [^>]*x="([\d.]+)" y="([\d.]+)" textLength[^>]*>(.*?)</text>', svg.read_text("utf-8"))


def test_the_picture_in_the_readme_is_the_screen_of_today() -> None:
    assert len(texts(SCREEN)) > 20
    assert texts(PICTURE) == texts(SCREEN)
