"""Python read as formulas, never run: an interpreter of a part of the language whose arrays are formulas."""
