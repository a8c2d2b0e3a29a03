"""What was typed: which names an answer may use, its entries, and how exactly they were meant."""
