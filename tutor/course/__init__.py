"""The course: what is known of all lessons, kept in an index; what has changed is read by several processes."""
