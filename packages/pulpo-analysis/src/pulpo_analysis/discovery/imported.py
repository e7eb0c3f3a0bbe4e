"""`ImportDiscovery`: imports the user's code in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.applied import DATAMODEL, OPERATION
from pulpo_analysis.discovery.bodies.inference import Inference
from pulpo_analysis.discovery.candidates import candidates
from pulpo_analysis.discovery.classes import Classes
from pulpo_analysis.discovery.files import source_roots, source_tree
from pulpo_analysis.discovery.known_types import CONSTRAINTS, CONTAINERS, SCALARS
from pulpo_analysis.discovery.places import Places
from pulpo_analysis.discovery.probing import probe
from pulpo_analysis.discovery.protocol import Discovered
from pulpo_analysis.discovery.sources import Sources
from pulpo_base.probe.messages import Noise, ProbeAnswer, ProbeRequest, Problem
from pulpo_base.specs import OperationSpec, SourceLocation

__all__ = ["ImportDiscovery"]


class ImportDiscovery:
    """A `Discovery` that runs the user's modules with the Python that `discovery.python` names.

    A module that fails, ends the process or hangs is a diagnostic, never an exception.
    """

    def discover(self, root: Path, config: DiscoveryConfig) -> Discovered:
        """Return what the project in `root` declares once it is imported."""
        tree = source_tree(root, config)
        sources = Sources(tree.files, tree.diagnostics)
        roots = source_roots(root, config)
        files = list(candidates(sources, (DATAMODEL, OPERATION)))
        modules = {file.module for file in files if file.module and not sources.hidden_by(file)}
        request = ProbeRequest(
            root=str(root.resolve()),
            source_roots=tuple(str((root / base).resolve()) for base in roots),
            modules=tuple(sorted(modules)),
            local=tuple(sorted({file.module for file in tree.files if file.module})),
            scalars={key: ref.name for key, ref in SCALARS.items()},
            containers={key: kind.value for key, kind in CONTAINERS.items()},
            constraints=tuple(sorted(CONSTRAINTS)),
            timeout=config.import_timeout,
        )
        answer = probe(request, _python(root, config))
        if isinstance(answer, Diagnostic):
            return Discovered(roots, diagnostics=(*sources.diagnostics, answer))
        return _discovered(roots, sources, answer)


def _python(root: Path, config: DiscoveryConfig) -> str:
    """Return the interpreter to start: our own, a command, or a path relative to the project."""
    named = Path(config.python)
    if not config.python or named.is_absolute() or len(named.parts) == 1:
        return config.python or sys.executable
    return str(root / named)


def _discovered(roots: tuple[str, ...], sources: Sources, answer: ProbeAnswer) -> Discovered:
    places = Places(sources, answer.owners)
    names = {model.key: model.name for model in answer.models}
    # What a body does stands in the source: there is nothing to see from outside.
    inference = Inference(sources, Classes(sources), names.get)
    placed = map(places.placed, answer.operations)
    operations = [_completed(inference, operation) for operation in placed]
    read = sources.read
    return Discovered(
        source_roots=roots,
        models=tuple(places.record(model) for model in answer.models),
        schemas=tuple(places.record(schema) for schema in answer.schemas),
        enums=tuple(places.placed(enum) for enum in answer.enums),
        operations=tuple(operations),
        diagnostics=(
            *sources.diagnostics,
            *(_problem(problem, places) for problem in _first_of_each_cause(answer.problems)),
            *_noises(answer.noise),
        ),
        smells=tuple(smell for facts in read for smell in facts.smells),
        ignores=tuple(comment for facts in read for comment in facts.ignores),
    )


def _completed(inference: Inference, operation: OperationSpec) -> OperationSpec:
    # Static discovery says where a body is too deep to be followed.
    with suppress(RecursionError):
        return inference.complete(operation)
    return operation


def _first_of_each_cause(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out the modules that fail because one that they import does."""
    seen: set[tuple[str, str, SourceLocation]] = set()
    for problem in problems:
        cause = (problem.kind, problem.message, problem.location)
        if problem.kind != "import" or cause not in seen:
            seen.add(cause)
            yield problem


def _problem(problem: Problem, places: Places) -> Diagnostic:
    module, _, name = problem.owner.rpartition(".")
    place = places.declared(module, name) or problem.location
    match problem.kind:
        case "import":
            return finding(
                "PLD009",
                f"importing {problem.owner} fails: {problem.message}",
                problem.location,
                hint="mend it, or leave the file out with `discovery.exclude`",
            )
        case "class":
            message = f"reading {problem.owner} fails: {problem.message}"
            hint = "what a class says of itself must work without a database"
            return finding("PLD009", message, place, hint=hint)
        case "signature":
            hint = "give it one parameter, annotated with a pydantic model, or none"
            return finding("PLO003", problem.message, place, hint=hint)
        case "document":
            hint = "write `class …(Document)`; what is not stored needs no @datamodel"
            return finding("PLM002", problem.message, place, hint=hint)
        case "unknown":
            return finding(
                "PLD003",
                f"the type `{problem.message}` cannot be resolved: no such name at run time",
                place,
                hint="import the name at the top of the file, or annotate with a type that is",
            )


def _noises(noise: tuple[Noise, ...]) -> Iterator[Diagnostic]:
    for heard in noise:
        places = (heard.location,) if heard.location != SourceLocation("") else ()
        yield finding(
            "PLD011",
            f"importing the project prints {heard.text!r}",
            *places,
            hint="log it, or print it in a function",
        )
