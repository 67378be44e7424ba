"""All extras by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from numpy.typing import NDArray

from glyphmill.stages.extra.masks import cluster_mask, line_mask, word_mask
from glyphmill.stages.extra.score import affinity_map, region_map
from glyphmill.stages.extra.text import SeenText

#: How each extra of ``config.extras.EXTRAS`` is made: uint8 or uint16 (H, W).
MAKERS: Mapping[str, Callable[[SeenText], NDArray[Any]]] = {
    "cluster_mask": cluster_mask,
    "word_mask": word_mask,
    "line_mask": line_mask,
    "region_map": region_map,
    "affinity_map": affinity_map,
}


def make_extras(names: Iterable[str], text: SeenText) -> dict[str, NDArray[Any]]:
    """The extras of these names. Raises: Reject if one cannot hold the text."""
    return {name: MAKERS[name](text) for name in names}
