"""The `tutor` command."""

from tutor.cli.main import main

__all__ = ["main"]
