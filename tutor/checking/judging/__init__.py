"""Whether an answer is right: its shape, its numbers, its formula."""
