"""Doors and the people behind them."""
