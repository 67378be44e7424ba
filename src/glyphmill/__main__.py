"""`python -m glyphmill` is the same as `glyphmill`."""

from glyphmill.cli.app import main

if __name__ == "__main__":
    main()
