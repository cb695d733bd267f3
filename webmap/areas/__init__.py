"""The tree of places, and how it changes over time."""
