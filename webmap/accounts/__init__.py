"""People who work with the system, their roles, and what is theirs to see."""
