"""Where the time of generation goes: by function, stage and line, and in memory; what to do about it; what changed."""
