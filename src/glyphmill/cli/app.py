"""The `glyphmill` command: finds the subcommand, runs it, and turns what went wrong into a message and an exit code."""

from __future__ import annotations

import logging
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from cyclopts import App, CycloptsError

from glyphmill import __version__
from glyphmill.cli.options import COMMON, Common, UsageError
from glyphmill.core.errors import CatalogueError, ConfigError, GlyphmillError

DONE, STOPPED, USAGE, INTERRUPTED = 0, 1, 2, 130


#: Each command: where its function is, and its line in the help. Imported only when it runs.
COMMANDS = {
    "generate": ("glyphmill.cli.generate:generate", "Make the images and labels of a job."),
    "render": ("glyphmill.cli.render:render", "Make an image again from its label."),
    "plan": ("glyphmill.cli.plan:plan", "Write down what would be drawn for each image, without drawing it."),
    "validate": ("glyphmill.cli.validate:validate", "Check a config and what it refers to; list every problem."),
    "schema": ("glyphmill.cli.schema:schema", "Print the JSON Schema of configs, for editors."),
    "preview": ("glyphmill.cli.preview:preview", "Make a contact sheet of a dataset or a config."),
    "gallery": ("glyphmill.cli.gallery:gallery", "Show what each curve, warp and background does."),
    "fonts": ("glyphmill.cli.fonts:fonts", "List the fonts with their scripts, coverage and health."),
    "verify": ("glyphmill.cli.verify:verify", "Check a dataset: its files, labels, images and boxes."),
    "evaluate": ("glyphmill.cli.evaluate:evaluate", "Let an OCR engine read a dataset; show what makes it err."),
    "profile": ("glyphmill.cli.profile:profile", "Show where the time of generation goes, and what to do about it."),
    "init": ("glyphmill.cli.init:init", "Write a commented config to start from."),
}


def build() -> App:
    """The application with all of its commands."""
    app = App(
        name="glyphmill",
        help="Labelled text images for training and testing OCR.",
        version=f"glyphmill {__version__}",
        # The default, Markdown, costs a third of the time that `--help` takes.
        help_format="plaintext",
        help_epilogue="Exit codes: 0 done, 1 run stopped or faults found, 2 bad usage, config or resources, "
        "130 and 143 interrupted.",
    )
    for name, (function, summary) in COMMANDS.items():
        app.command(function, name=name, help=summary)
    config = App(name="config", help="Look at configs.", help_format="plaintext")
    config.command("glyphmill.cli.config_show:show", name="show", help="Print a config as it is understood.")
    app.command(config)
    return app


def main() -> NoReturn:
    """Run the command that `sys.argv` names, and exit."""
    code = run(sys.argv[1:])
    # All is said and done: an impatient Ctrl-C more must not change the exit code.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


def run(tokens: Sequence[str]) -> int:
    """Run one command line; errors go to standard error, without a traceback unless `--log-level debug` asks for it.

    Returns: the exit code.
    """
    try:
        command, bound, _ = build().parse_args(list(tokens), exit_on_error=False)
    except CycloptsError:
        return USAGE
    common: Common = bound.arguments.get("common", COMMON)
    logging.basicConfig(level=common.log_level.upper(), format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        code = command(*bound.args, **bound.kwargs)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED, common)
    except BrokenPipeError:
        # Whoever read the output has seen enough; without this, Python complains once more while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (ConfigError, CatalogueError, UsageError) as error:
        return _fail(str(error), USAGE, common)
    except GlyphmillError as error:
        return _fail(str(error), getattr(error, "exit_code", STOPPED), common)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{error.strerror or error}", STOPPED, common)
    except Exception as error:  # noqa: BLE001  # the last resort: a user gets a sentence, not a traceback
        message = (
            f"this should not have happened: {type(error).__name__}: {error}\n"
            "Please report it as a bug, with the output of the same command and --log-level debug."
        )
        return _fail(message, STOPPED, common)
    return code if isinstance(code, int) else DONE


def _fail(message: str, code: int, common: Common) -> int:
    if common.log_level == "debug":
        traceback.print_exc()
    sys.stderr.write(f"glyphmill: {message.rstrip()}\n")
    return code
