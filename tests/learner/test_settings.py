"""What was chosen while running is there at the next start, and never in the way of it."""

from pathlib import Path

import pytest

from tutor.cli.options import language_asked
from tutor.learner.settings import Settings, remember, settings
from tutor.places import places


def test_a_choice_is_kept_beside_the_others() -> None:
    assert settings() == Settings()
    remember(language="zh")
    remember(theme="tutor-light")
    assert settings() == Settings("zh", "tutor-light")
    assert [path.name for path in places().data.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "text", ["", "no json", "[1]", '{"language": "xx", "theme": 3}', "\x00", "[" * 9_000, '"' + "x" * 20_000]
)
def test_a_file_that_cannot_be_read_is_no_choice(home: Path, text: str) -> None:
    (home / "settings.json").write_text(text, "utf-8")
    assert settings() == Settings()
    remember(language="zh")
    assert settings().language == "zh"


def test_a_disk_that_cannot_be_written_to_costs_only_the_memory(home: Path) -> None:
    (home / "settings.json").mkdir()
    remember(theme="tutor-light")
    assert settings() == Settings()
    assert [path.name for path in home.iterdir() if path.is_file()] == []


def test_the_command_line_speaks_the_chosen_language_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert language_asked([]) == "en"
    remember(language="zh")
    assert language_asked([]) == "zh"
    assert language_asked(["--lang", "en"]) == "en"
