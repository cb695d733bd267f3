"""What happened at a door: added, never edited."""
