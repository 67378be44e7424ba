"""Processes that are measured from within: each opens what it needs once, then does batches of work when asked."""
