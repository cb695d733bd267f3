"""The agency's weekly roll: read, matched with the people we know, applied, and taken back."""
