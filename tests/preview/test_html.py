"""The HTML page holds everything itself, and shows text as text."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from glyphmill.core.errors import GlyphmillError
from glyphmill.preview.html import contact_page
from glyphmill.preview.items import items_of_dataset


class Elements(HTMLParser):
    """All start tags with their attributes, and the text inside each `bdi`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.captions: list[str] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "bdi":
            self._inside = True
            self.captions.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "bdi"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.captions[-1] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_page_refers_to_nothing_outside_itself(dataset: Path) -> None:
    page = contact_page(items_of_dataset(dataset, 100), title="demo")
    assert not re.findall(r"(?:https?:)?//[a-z]", page.replace("data:image", ""))
    for _, attributes in Elements(page).tags:
        for name in ("src", "href"):
            assert (attributes.get(name) or "data:").startswith("data:")


def test_each_image_is_inside_byte_for_byte(dataset: Path) -> None:
    images = Elements(contact_page(items_of_dataset(dataset, 100), title="demo")).named("img")
    inside = {base64.b64decode((image["src"] or "").removeprefix("data:image/png;base64,")) for image in images}
    assert inside == {path.read_bytes() for path in dataset.rglob("*.png")}


def test_markup_in_texts_and_names_stays_text(dataset: Path) -> None:
    items = items_of_dataset(dataset, 100)
    named = [replace(item, specification='<img src=x onerror="alert(1)">') for item in items[:1]]
    elements = Elements(contact_page([*named, *items[1:]], title="<b>demo</b>"))
    assert len(elements.named("script")) == 1
    assert len(elements.named("img")) == 12
    assert not elements.named("b")
    assert elements.captions.count('نص <script>alert("x")</script> & more') == 3


def test_every_caption_sets_its_own_direction(dataset: Path) -> None:
    captions = Elements(contact_page(items_of_dataset(dataset, 100), title="demo")).named("bdi")
    assert [caption["dir"] for caption in captions] == ["auto"] * 12


@pytest.mark.parametrize("boxes", [True, False])
def test_box_switches_start_as_asked(dataset: Path, boxes: bool) -> None:
    elements = Elements(contact_page(items_of_dataset(dataset, 100), title="demo", boxes=boxes))
    switches = [attributes for attributes in elements.named("input") if "data-boxes" in attributes]
    assert [attributes["data-boxes"] for attributes in switches] == ["line", "word", "cluster"]
    assert all(("checked" in attributes) is boxes for attributes in switches)


def test_overlays_hold_the_boxes_of_what_has_ink(dataset: Path) -> None:
    elements = Elements(contact_page(items_of_dataset(dataset, 1), title="demo"))
    paths = {attributes["class"]: attributes["d"] for attributes in elements.named("path")}
    assert paths["cluster"] == "M10.0,10.0 30.0,10.0 30.0,30.0 10.0,30.0Z"
    assert set(paths) == {"line", "word", "cluster"}


def test_samples_can_be_filtered_by_specification_and_direction(dataset: Path) -> None:
    elements = Elements(contact_page(items_of_dataset(dataset, 100), title="demo"))
    figures = {(f["data-specification"], f["data-direction"]) for f in elements.named("figure")}
    assert ("japanese", "top_to_bottom") in figures
    options = {attributes["value"] for attributes in elements.named("option")}
    assert options == {"", *(value for pair in figures for value in pair)}


def test_an_image_no_browser_shows_is_refused(dataset: Path) -> None:
    item = replace(items_of_dataset(dataset, 1)[0], encoded=b"BM...")
    with pytest.raises(GlyphmillError, match="neither PNG, JPEG nor WebP"):
        contact_page([item], title="demo")
