"""The `tutor` command."""

try:
    from tutor.cli.main import main
except KeyboardInterrupt:  # Ctrl+C before there is anything to stop
    raise SystemExit(130) from None

__all__ = ["main"]
