"""The screens, each in a file."""
