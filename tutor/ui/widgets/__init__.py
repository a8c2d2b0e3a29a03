"""The parts that screens are made of, each in a file."""
