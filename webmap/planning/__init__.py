"""Which doors, which team, which order."""
