"""Laws of the font stage."""

from __future__ import annotations

import pytest

from glyphmill.core.errors import ConfigError
from tests.jobs import open_job


@pytest.mark.parametrize("value", [-1, 65_536, 10**12])
def test_values_of_features_are_those_that_fonts_can_have(value: int) -> None:
    """Alternates are numbered with 16 bits."""
    with pytest.raises(ConfigError, match=rf"font\.features\.salt: got {value}"):
        open_job([{"font": {"features": {"salt": value}}}], 1)
