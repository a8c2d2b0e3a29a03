"""The Textual app: screens, widgets, themes and keys."""

import os

# Read once, when Textual is imported: with 60 a second line on screen comes 16 ms after the first.
os.environ.setdefault("TEXTUAL_FPS", "120")
