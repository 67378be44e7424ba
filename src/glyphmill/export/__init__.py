"""Dataset formats, and how their files are written."""
