"""Figures that leave the system as screens and files."""
