"""Probe the fonts that come with Glyphmill and write down what was found, so that a first run need not.

    python scripts/update_known_fonts.py

To be run when one of the font packages or ``PROBE_VERSION`` changes; a test fails until it has been.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from glyphmill.catalogue import fontcache
from glyphmill.catalogue.fontload import PROBE_VERSION, open_fonts
from glyphmill.catalogue.packages import own_folders


def probed(folder: Path) -> str:
    """The file's text: the findings about the packages' fonts, probed anew into an empty cache folder."""
    fontcache.known_answers.cache_clear()
    known, fontcache.KNOWN_FONTS = fontcache.KNOWN_FONTS, "none"
    try:
        fonts = open_fonts(tuple(own_folders()), cache_dir=folder)
    finally:
        fontcache.KNOWN_FONTS = known
        fontcache.known_answers.cache_clear()
    digests = sorted({font.digest for font in fonts.usable})
    found = {name: json.loads((folder / f"fonts-{PROBE_VERSION}" / f"{name}.json").read_bytes()) for name in digests}
    return json.dumps({"version": PROBE_VERSION, "answers": found}, indent=0, sort_keys=True) + "\n"


def main() -> int:
    """Write the file."""
    target = Path(fontcache.__file__).with_name(fontcache.KNOWN_FONTS)
    with tempfile.TemporaryDirectory() as folder:
        target.write_text(probed(Path(folder)), encoding="utf-8")
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
