"""Rules about operations."""

from __future__ import annotations

from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.registries.naming import is_path_segment
from pulpo_analysis.validation.cron import cron_problem
from pulpo_analysis.validation.words import listed, words_of

__all__ = ["declared_output", "dotted", "reachable", "touching", "valid_schedules", "verbal"]

#: Endings that make a noun of a verb.
_NOUN_ENDINGS = ("tion", "sion", "ment", "ance", "ence", "ness", "ity", "ology", "ship", "hood")

#: Words with such an ending that are verbs as well.
_VERBS = listed(
    """
    advance apportion auction audition balance cement chance comment commission complement
    compliment condition dance document enhance experiment fashion finance fence function implement
    influence instance instrument invoice license mention motion ornament partition petition
    position provision question reference reposition ration requisition section segment sequence
    ship silence station supplement torment transition transship vision worship
    """
)


def dotted(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO006: the name says which flow an operation belongs to."""
    for operation in app.operations:
        if not operation.namespace:
            yield finding(
                "PLO006",
                f"operation {operation.name!r} belongs to no flow",
                operation.location,
                hint=f'name it `flow.task`, as in "things.{operation.name}"',
            )


def verbal(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO032: the last part of the name says what is done, with a verb."""
    models = {tuple(words_of(model.name)): model.name for model in app.models}
    for operation in app.operations:
        words = tuple(words_of(operation.path[-1]))
        if not words or words[0] in _VERBS:
            continue
        is_model = words in models
        if is_model or (len(words) == 1 and words[0].endswith(_NOUN_ENDINGS)):
            what = f"is the name of the model {models[words]!r}" if is_model else "is a noun"
            yield finding(
                "PLO032",
                f"the last part of {operation.name!r} {what}: it does not say what is done",
                operation.location,
                hint=f"begin it with a verb, as in `create_{operation.path[-1]}`",
            )


def reachable(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO011: the name is a part of a URL and a word of a command line."""
    for operation in app.operations:
        if not is_path_segment(operation.name):
            yield finding(
                "PLO011",
                f"the name {operation.name!r} cannot be a part of a URL",
                operation.location,
                hint="use letters, digits, `_` and `-` between the dots",
            )


def touching(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO005: an operation that does not say what it touches; an empty list says "nothing".

    A body that is known through and through says it as well.
    """
    for operation in app.operations:
        silent = operation.models_in is None and operation.models_out is None
        placed = operation.after or operation.bind or operation.stage is not None
        if silent and not placed and not operation.body_known:
            yield finding(
                "PLO005",
                f"operation {operation.name!r} declares neither `models_in` nor `models_out`",
                operation.location,
                hint="name the models that it reads and writes, so that its place is known",
            )


def declared_output(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO009: what an operation returns is declared."""
    for operation in app.operations:
        if operation.outputs is None:
            yield finding(
                "PLO009",
                f"operation {operation.name!r} does not say what it returns",
                operation.location,
                hint="annotate the return type; `-> None` where there is nothing",
            )


def valid_schedules(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO036: a schedule is a cron expression."""
    for operation in app.operations:
        problem = cron_problem(operation.schedule) if operation.schedule else None
        if problem:
            yield finding(
                "PLO036",
                f"the schedule {operation.schedule!r} of {operation.name!r} is no cron "
                f"expression: {problem}",
                operation.location,
                hint="write minute, hour, day, month and weekday: `0 6 * * mon-fri`",
            )
