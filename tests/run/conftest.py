"""Worker processes get this process's import path: `makers` must be found on it, by them as by the tests."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
