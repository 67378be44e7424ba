"""The child's end of a lane. Uses the standard library alone: it runs in peers' environments too."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any, TextIO

from benchmarks.measure import cost_of

Facts = dict[str, Any]
#: Does the batch that a request describes.
Work = Callable[[dict[str, Any]], object]
#: From the lane's settings: facts about it, and what it does.
Open = Callable[[dict[str, Any]], tuple[Facts, Work]]


def serve(open_lane: Open) -> None:
    """Open a lane, then do a batch for each line of standard input and answer with its cost.

    Arguments of the process: the settings as JSON, and the descriptor that takes the answers. They have one of their
    own because some libraries print.
    """
    settings, answers = json.loads(sys.argv[1]), os.fdopen(int(sys.argv[2]), "w", encoding="utf-8")
    facts, work = open_lane(settings)
    _answer(answers, facts)
    for line in sys.stdin:
        _answer(answers, asdict(cost_of(partial(work, json.loads(line)))))


def _answer(answers: TextIO, content: dict[str, Any]) -> None:
    answers.write(json.dumps(content) + "\n")
    answers.flush()
