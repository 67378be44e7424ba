"""What an image costs, against fixed targets and against peers. Run by ``make bench``; see docs/benchmarks.md.

Each ``b<number>_<name>.py`` is one benchmark with a ``run(scale) -> Result``; adding one touches no other file.
"""
