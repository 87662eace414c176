"""The real command line, as a user would call it."""
