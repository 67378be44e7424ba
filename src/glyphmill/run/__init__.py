"""Jobs, and runs of them: in one process or several, into a folder that can be checked and replayed."""
