"""Geometry in, geometry out: the spatial library of Từng Ngõ.

It knows no Flask, no SQLAlchemy, no settings, no clock.
"""
