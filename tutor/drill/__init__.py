"""A lesson plus a seed becomes a drill: numbers, and an ordered list of questions with their answers."""
