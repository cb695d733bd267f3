"""Alleys, water and buildings of the map."""
