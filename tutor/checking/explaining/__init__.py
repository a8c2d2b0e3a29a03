"""Why an answer is wrong: the mistake, the single edit, the earlier answer that explain it."""
