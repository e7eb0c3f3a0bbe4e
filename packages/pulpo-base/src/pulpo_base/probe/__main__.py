"""The entry: `python -m pulpo_base.probe REQUEST ANSWER PROGRESS`."""

from __future__ import annotations

import faulthandler
import sys
from dataclasses import replace
from pathlib import Path

from pulpo_base.probe.declarations import collect
from pulpo_base.probe.importing import Importer
from pulpo_base.probe.messages import IMPORTED, STACK, ProbeAnswer, ProbeRequest
from pulpo_base.probe.project import Project
from pulpo_base.serialisation import from_json, to_json


def main(request: Path, answer: Path, progress: Path) -> None:
    """Import what `request` names and write what it declares to `answer`."""
    asked = from_json(ProbeRequest, request.read_bytes())
    project = Project(asked)
    # A crash of the interpreter and a hang both show where they are; whoever started us ends us.
    stack = progress.with_name(STACK).open("w", encoding="utf-8")
    faulthandler.enable(stack)
    faulthandler.dump_traceback_later(asked.timeout, file=stack)
    with progress.open("w", encoding="utf-8") as log:
        importer = Importer(project, log)
        importer.run()
        log.write(f"{IMPORTED}\n")
    found = collect(project)
    faulthandler.cancel_dump_traceback_later()
    problems = (*importer.problems, *found.problems)
    whole: ProbeAnswer = replace(found, problems=problems, noise=tuple(importer.noise))
    answer.write_text(to_json(whole), encoding="utf-8")
    # Threads of the project's own would keep the process; the answer is written.
    sys.stderr.flush()
    _leave()


def _leave() -> None:
    import os

    os._exit(0)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
