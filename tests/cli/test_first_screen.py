"""The first screen is up before anything large is loaded."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

LOOK = """
import asyncio, sys
from tutor.ui.app import TutorApp

class Watched(TutorApp):
    def on_mount(self):  # runs before TutorApp's own, and so looks before anything is loaded behind the screen
        self.call_after_refresh(self.look)

    def look(self):
        print([name for name in sys.argv[1:] if name in sys.modules])

async def start():
    async with Watched().run_test(size=(80, 24)) as pilot:
        await pilot.pause()

asyncio.run(start())
"""

LARGE = (
    "numpy",
    "sympy",
    "yaml",
    "lark",
    "pydantic",
    "graphlay",
    "plotext",
    "tutor.engine",
    "tutor.expr",
    "tutor.drill",
)


def test_the_first_screen_needs_no_large_library() -> None:
    subprocess.run([sys.executable, "-m", "tutor", "list"], cwd=ROOT, check=True, capture_output=True)
    looked = subprocess.run([sys.executable, "-c", LOOK, *LARGE], cwd=ROOT, capture_output=True, text=True)
    assert looked.stdout.strip() == "[]", looked.stdout + looked.stderr
