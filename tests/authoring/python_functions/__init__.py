"""Python functions as people write them, each with its arguments and whether it is to be read."""
