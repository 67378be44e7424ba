"""Time line by line in one function, by line_profiler; nothing has to be edited for it."""

from __future__ import annotations

import io
from difflib import get_close_matches
from importlib import import_module
from inspect import unwrap
from types import FunctionType, ModuleType
from typing import Any

from glyphmill.profiling.errors import ProfileError
from glyphmill.profiling.machine import other_profiler
from glyphmill.profiling.work import Work, workplace


def lines_text(work: Work, name: str) -> str:
    """line_profiler's table of one function over all images.

    Args:
        work: the images.
        name: ``module:function``, such as ``effects:add_noise`` or ``glyphmill.generator:OCRDataGenerator._seen``.

    Raises: ProfileError if there is no such function, line_profiler is not installed, or another profiler is at work.
    """
    function = find_function(name)
    if (watching := other_profiler()) is not None:
        raise ProfileError(f"{watching} watches this process; lines cannot be timed at the same time")
    try:
        line_profiler = import_module("line_profiler")
    except ImportError as error:
        raise ProfileError(
            f"--lines {name}: line_profiler is not installed. Install it with: pip install line_profiler"
        ) from error
    profiler = line_profiler.LineProfiler()
    profiler.add_function(function)
    with workplace() as root, profiler:
        work.images(root)
    stream = io.StringIO()
    profiler.print_stats(stream, output_unit=1e-6, stripzeros=False)
    return "Lines\n\n" + stream.getvalue().strip()


def find_function(name: str) -> FunctionType:
    """A function of the package by ``module:function``. Raises: ProfileError with the names that are like it."""
    module_name, colon, path = name.partition(":")
    if not colon or not module_name or not path:
        raise ProfileError(f"--lines {name}: expected MODULE:FUNCTION, such as effects:add_noise")
    owner: Any = _module(name, module_name)
    for part in path.split("."):
        found = vars(owner).get(part) if isinstance(owner, (ModuleType, type)) else None
        if found is None:
            names = [key for key, value in vars(owner).items() if isinstance(value, (FunctionType, type))]
            near = get_close_matches(part, names, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ProfileError(f"--lines {name}: {module_name} has no function {path!r}.{hint}")
        owner = found
    if isinstance(owner, (classmethod, staticmethod)):
        owner = owner.__func__
    if isinstance(owner, property):
        owner = owner.fget
    owner = unwrap(owner) if callable(owner) else owner
    if not isinstance(owner, FunctionType):
        raise ProfileError(f"--lines {name}: {path!r} is not a Python function")
    return owner


def _module(name: str, module_name: str) -> ModuleType:
    wanted = module_name.removesuffix(".py").replace("/", ".")
    for candidate in (f"glyphmill.{wanted}", wanted):
        try:
            return import_module(candidate)
        except ModuleNotFoundError as error:
            if error.name is None or not candidate.startswith(error.name):
                raise
    raise ProfileError(f"--lines {name}: there is no module {wanted!r}, nor glyphmill.{wanted}")
