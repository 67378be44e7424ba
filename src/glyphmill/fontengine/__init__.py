"""Shaping, outlines and rasterisation of fonts, behind one small adapter."""
