"""The graph of a part: its lines, the sizes that have names, and how much work it makes."""
