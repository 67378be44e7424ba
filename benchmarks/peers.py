"""Environments of peers: each in a folder of its own with the old libraries that it needs, made on first use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
_LIMIT_S = 900


class PeerUnavailableError(Exception):
    """A peer that cannot be measured here; the message says why."""


@dataclass(frozen=True)
class Peer:
    """A package from PyPI and what it takes to run it.

    Attributes:
        name: as the tables name it.
        package: pinned; installed without what it asks for itself.
        needs: what is installed in place of that, pinned.
        python: major and minor version of the interpreter that the pins have wheels for.
        bare: more packages that are installed without what they ask for, pinned.
    """

    name: str
    package: str
    needs: tuple[str, ...]
    python: tuple[int, int]
    bare: tuple[str, ...] = ()

    def interpreter(self, folder: Path) -> Path:
        """The interpreter of the peer's environment in ``folder``, made if it is not there or is another one's.

        Raises: PeerUnavailableError if there is no such Python, or the packages cannot be installed.
        """
        home = folder / self.package.replace("==", "-")
        python, stamp = home / "bin" / "python", home / "installed.txt"
        wanted = "\n".join((self.package, *self.bare, *self.needs))
        if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
            return python
        _call([self._base(), "-m", "venv", "--clear", str(home)])
        _call([str(python), *_PIP, *self.needs])
        _call([str(python), *_PIP, "--no-deps", self.package, *self.bare])
        stamp.write_text(wanted, encoding="utf-8")
        return python

    def _base(self) -> str:
        if sys.version_info[:2] == self.python:
            return sys.executable
        name = "python{}.{}".format(*self.python)
        found = shutil.which(name)
        if found is None:
            raise PeerUnavailableError(f"{self.name} needs {name}, which is not here")
        return found


def peer_environment(env: dict[str, str]) -> dict[str, str]:
    """The variables of a measured process without those that would lend a peer this project's packages."""
    return {key: value for key, value in env.items() if key not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}


def _call(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command, env=peer_environment(dict(os.environ)), capture_output=True, text=True, timeout=_LIMIT_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerUnavailableError(str(error)) from error
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or [f"exit status {done.returncode}"]
        raise PeerUnavailableError(f"{' '.join(command[1:4])}: {lines[-1]}")


#: https://pypi.org/project/trdg/; fails on Pillow 10 (no ``getsize``) and, by way of its Pillow, on Python 3.12.
TRDG = Peer(
    name="TextRecognitionDataGenerator 1.8.0",
    package="trdg==1.8.0",
    needs=(
        "pillow==9.5.0",
        "numpy==1.26.4",
        "opencv-python-headless==4.11.0.86",
        "arabic-reshaper==2.1.3",
        "python-bidi==0.4.2",
        "diffimg==0.2.3",
        "wikipedia==1.4.0",
        "requests",
        "tqdm",
        "setuptools<80",  # arabic-reshaper imports pkg_resources
    ),
    python=(3, 11),
)

#: https://pypi.org/project/augraphy/; its Numba needs NumPy below 2.1.
AUGRAPHY = Peer(
    name="Augraphy 8.2.6",
    package="augraphy==8.2.6",
    needs=(
        "pillow==9.5.0",
        "numpy==1.26.4",
        "opencv-python-headless==4.11.0.86",
        "scipy==1.13.1",
        "numba==0.60.0",
        "matplotlib==3.9.2",
        "scikit-learn==1.5.2",
        "scikit-image==0.24.0",
        "requests",
    ),
    python=(3, 11),
)

#: https://pypi.org/project/synthtiger/; its imgaug 0.4.0 fails on NumPy 1.24, and asks for an OpenCV that needs libGL.
SYNTHTIGER = Peer(
    name="SynthTIGER 1.2.1",
    package="synthtiger==1.2.1",
    needs=(
        "numpy==1.23.5",
        "pillow==9.5.0",
        "opencv-python-headless==4.8.1.78",
        "scipy==1.11.4",
        "scikit-image==0.21.0",
        "imageio==2.31.6",
        "shapely==2.0.4",
        "matplotlib==3.7.5",
        "arabic-reshaper==2.1.3",
        "python-bidi==0.4.2",
        "pytweening==1.0.4",
        "fonttools",
        "pyyaml",
        "regex",
        "six",
        "setuptools<80",  # arabic-reshaper imports pkg_resources
    ),
    python=(3, 11),
    bare=("imgaug==0.4.0", "blend-modes==2.1.0"),
)
