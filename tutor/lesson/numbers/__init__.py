"""The numbers of a part: drawn from a seed, off the kinks, fresh ones, and slopes by a nudge."""
