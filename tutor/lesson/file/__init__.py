"""The file of a lesson: YAML with its places, the format, and what is wrong with either."""
