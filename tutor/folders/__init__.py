"""The lesson files on disk: which folders there are, what lies in them, and which file an id or a path means."""
