"""What may be written beside an image on request: `output.extras`."""

from __future__ import annotations

from glyphmill.config.place import At, Problems
from glyphmill.config.scalars import describe, one_of, suggestion

#: The extras by name, in the order in which they are written, with what each holds.
EXTRAS = {
    "cluster_mask": "16-bit: 1 + the index in `bboxes` of the entry whose ink covers at least half the pixel, or 0",
    "word_mask": "the same for the ink of words: 1 + the index in `words`",
    "line_mask": "the same for the ink of lines: 1 + the index in `lines`",
    "region_map": "8-bit: a Gaussian over the box of each character, 255 at its centre (CRAFT's region score)",
    "affinity_map": "8-bit: a Gaussian between neighbouring characters of a word (CRAFT's affinity score)",
}


def read_extras(at: At, problems: Problems) -> tuple[str, ...]:
    """The extras that are asked for, in the order of ``EXTRAS``; a bare name stands for a list of one."""
    value = at.node.value
    if value is None:
        return ()
    items = [at.child(place) for place in range(len(value))] if isinstance(value, list) else [at]
    found: set[str] = set()
    for item in items:
        name = item.node.value
        if not isinstance(name, str) or name not in EXTRAS:
            hint = suggestion(name, EXTRAS) if isinstance(name, str) else ""
            problems.add(item, f"got {describe(item.node.plain())}; expected {one_of(EXTRAS)}{hint}")
        elif name in found:
            problems.add(item, f"got {name!r} twice; remove one")
        else:
            found.add(name)
    return tuple(name for name in EXTRAS if name in found)
