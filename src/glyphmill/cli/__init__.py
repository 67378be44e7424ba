"""The command line, one command a file. A command imports what it needs when it runs, so that `--help` stays quick."""
