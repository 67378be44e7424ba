"""The findings about fonts that Glyphmill ships are those that its probe makes."""

from pathlib import Path

from glyphmill.catalogue import fontcache
from glyphmill.catalogue.fontload import open_fonts
from glyphmill.catalogue.packages import own_folders
from scripts.update_known_fonts import probed


def test_what_is_shipped_is_what_the_probe_finds(tmp_path: Path) -> None:
    """If this fails, a font package or the probe has changed: run scripts/update_known_fonts.py."""
    shipped = Path(fontcache.__file__).with_name(fontcache.KNOWN_FONTS)
    assert shipped.read_text(encoding="utf-8") == probed(tmp_path)


def test_a_first_run_probes_none_of_the_fonts_that_come_with_it(tmp_path: Path) -> None:
    """With an empty cache the packages' fonts are known: a probe that cannot start is not missed."""
    fonts = open_fonts(tuple(own_folders()), cache_dir=tmp_path, probe_command=("/nonexistent/probe",))
    assert len(fonts.usable) == 28
    assert fonts.bad == ()
