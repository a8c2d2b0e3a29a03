"""What a learner has done: events on disk, and the drill that is going on."""
