"""Why an answer is what it is: how it is derived, with numbers filled in, and measured by nudges."""
