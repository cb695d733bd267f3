"""Từng Ngõ: every alley, every door, every person."""

__version__ = "0.1.0"
