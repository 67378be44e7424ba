"""Encoders: an image as the bytes of a file."""
