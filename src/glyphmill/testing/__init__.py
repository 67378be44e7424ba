"""Helpers for tests of Glyphmill and of units that others add to it."""
