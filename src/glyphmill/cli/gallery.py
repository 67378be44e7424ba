"""`glyphmill gallery`: what each curve, warp, effect, degradation and background does, at three strengths."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from glyphmill.cli.console import say, say_json, warn
from glyphmill.cli.options import COMMON, FOLDERS, AtLeastOne, Common, Folders, UsageError

_HTML, _IMAGES = ".html", (".png", ".jpg", ".webp")
_DEFAULT: tuple[Literal["curve", "warp"], ...] = ("curve", "warp")


def gallery(
    *,
    out: Path = Path("gallery.html"),
    stage: Annotated[
        tuple[Literal["background", "curve", "effects", "warp", "degrade"], ...],
        Parameter(consume_multiple=True, negative="", show_default=False),
    ] = (),
    language: str = "en",
    direction: Literal["left_to_right", "right_to_left", "top_to_bottom", "bottom_to_top"] = "left_to_right",
    seed: int = 0,
    width: AtLeastOne = 1400,
    folders: Folders = FOLDERS,
    common: Common = COMMON,
) -> None:
    """Show what units do: each at three strengths out of the ranges of its settings.

    Args:
        out: File to write: a self-contained HTML page with switchable boxes, or a picture (.png, .jpg, .webp).
        stage: Whose units are shown; curve and warp if not given.
        language: Language of the text, such as ar, hi or ja.
        direction: Direction of the text.
        seed: Seed of texts, fonts and all that is random.
        width: Width of a picture in pixels.
    """
    suffix = out.suffix.lower()
    if suffix not in (_HTML, *_IMAGES):
        raise UsageError(f"--out {out}: expected a name that ends in {_HTML}, {', '.join(_IMAGES)}")
    from glyphmill.core.errors import GlyphmillError
    from glyphmill.core.registry import discover
    from glyphmill.export.durable import write_file
    from glyphmill.preview.gallery import CHANGING, gallery_examples, gallery_items
    from glyphmill.run.outcome import Rejected

    registry, resources = discover(), _resources(folders)
    stages = tuple(dict.fromkeys(stage)) or _DEFAULT
    examples = gallery_examples(registry, stages, resources)
    items = []
    for made in gallery_items(
        registry, examples, language=language, direction=direction, seed=seed, resources=resources
    ):
        if isinstance(made, Rejected):
            warn(f"an example was rejected: {made.unit}: {made.reason} {made.detail}".rstrip())
        else:
            items.append(made)
    if not items:
        raise GlyphmillError("every example was rejected, so there is nothing to show")
    boxes = not set(stages) <= set(CHANGING)  # boxes would hide what becomes of the ink
    title = f"Gallery: {', '.join(stages)}"
    if suffix == _HTML:
        from glyphmill.preview.html import contact_page

        data = contact_page(items, title=title, boxes=boxes).encode()
    else:
        from glyphmill.preview.gallery import gallery_sheet
        from glyphmill.preview.sheet import encoded

        summaries = {example.unit: example.summary for example in examples}
        data = encoded(gallery_sheet(items, summaries, title=title, boxes=boxes, width=width), suffix)
    write_file(out, data)
    if common.json:
        say_json({"out": str(out), "examples": len(items)})
    else:
        say(f"gallery of {len(items)} examples: {out}")


def _resources(folders: Folders) -> dict[str, Any]:
    """The section of a config that the folders stand for."""
    found: dict[str, Any] = {}
    if folders.fonts:
        found["fonts"] = [str(path.absolute()) for path in folders.fonts]
    if folders.backgrounds:
        found["backgrounds"] = [str(path.absolute()) for path in folders.backgrounds]
    if folders.corpus:
        found["corpora"] = str(folders.corpus.absolute())
    return found
