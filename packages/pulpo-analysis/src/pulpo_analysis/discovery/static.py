"""`StaticDiscovery`: reads source files, imports nothing of the user's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.discovery.applied import DATAMODEL, OPERATION
from pulpo_analysis.discovery.bodies.inference import Inference
from pulpo_analysis.discovery.classes import Kind
from pulpo_analysis.discovery.declarations import Declaration
from pulpo_analysis.discovery.declared_models import ModelDiscovery, too_deep
from pulpo_analysis.discovery.fact_cache import FactCache
from pulpo_analysis.discovery.files import source_roots, source_tree
from pulpo_analysis.discovery.hiding import hiding
from pulpo_analysis.discovery.operations import OperationReader
from pulpo_analysis.discovery.protocol import Discovered
from pulpo_analysis.discovery.smells import SmellKind
from pulpo_analysis.discovery.sources import Sources
from pulpo_analysis.garbage import collector_paused
from pulpo_base.arguments import Arguments
from pulpo_base.records import dataclass, replace
from pulpo_base.specs import EnumSpec, ModelSpec, OperationSpec, SchemaSpec

__all__ = ["StaticDiscovery"]


class StaticDiscovery:
    """The default `Discovery`: `ast` only, and only of files that can matter."""

    def __init__(self, *, cached: bool = True) -> None:
        """Keep the facts of files in the project's `.pulpo/cache/`, unless told otherwise."""
        self._cached = cached

    def discover(self, root: Path, config: DiscoveryConfig) -> Discovered:
        """Return what the project in `root` declares."""
        with collector_paused():
            return self._discover(root, config)

    def _discover(self, root: Path, config: DiscoveryConfig) -> Discovered:
        tree = source_tree(root, config)
        tree.diagnostics.extend(hiding(tree.files))
        cache = FactCache(root) if self._cached and tree.files else None
        found = ModelDiscovery(Sources(tree.files, tree.diagnostics, cache), (DATAMODEL, OPERATION))
        answer = _Run(found).run(source_roots(root, config))
        if cache is not None:
            cache.tidy()
        return answer


@dataclass(frozen=True, slots=True)
class _Run:
    """One discovery of one project: what there is besides the models."""

    found: ModelDiscovery

    def run(self, roots: tuple[str, ...]) -> Discovered:
        sources = self.found.sources
        models = self.found.models()
        names = {model.key: model.name for model in models}
        inference = Inference(sources, self.found.classes, names.get)
        operations = tuple(self._completed(inference, spec) for spec in self._operations())
        schemas, enums = self._mentioned(models, operations)
        self._read_completions()
        read = sources.read
        return Discovered(
            source_roots=roots,
            models=models,
            schemas=schemas,
            enums=enums,
            operations=operations,
            diagnostics=self.found.findings(),
            smells=tuple(smell for facts in read for smell in facts.smells),
            ignores=tuple(comment for facts in read for comment in facts.ignores),
        )

    def _completed(self, inference: Inference, spec: OperationSpec) -> OperationSpec:
        """Return the operation with what its body says, as it is where that is too deep."""
        try:
            return inference.complete(spec)
        except RecursionError:
            self.found.diagnostics.append(too_deep(spec.qualname, spec.location))
            return spec

    def _read_completions(self) -> None:
        """Read the files that complete classes, where some class may need it."""
        sources = self.found.sources
        smells = (smell for facts in sources.read for smell in facts.smells)
        if any(smell.kind is SmellKind.DEFERRED_TYPE for smell in smells):
            for file in sources.files:
                if b"model_rebuild" in sources.source(file):
                    sources.facts(file)

    def _operations(self) -> Iterator[OperationSpec]:
        names = {
            one.key: self.found.bounded(one.module, one.fact, partial(self._declared_name, one))
            for one in self.found.declarations
        }
        names |= {found.assigned: names[found.key] for found in self.found.declarations}
        reader = OperationReader(self.found.types, names.get, self.found.diagnostics)
        for declaration in self.found.declarations:
            if declaration.decoration.decorator == OPERATION:
                module, fact = declaration.module, declaration.fact
                read = partial(
                    reader.read, module, fact, declaration.decoration, declaration.written
                )
                spec = self.found.bounded(module, fact, read)
                if spec is not None:
                    yield spec

    @staticmethod
    def _declared_name(declaration: Declaration) -> str:
        # Findings about the name belong to the declaration itself, not to each mention of it.
        silent = replace(declaration.decoration, diagnostics=[])
        fact = declaration.written[1] if declaration.written else declaration.fact
        return silent.value("name", Arguments.text, "") or fact.name

    def _mentioned(
        self,
        models: tuple[ModelSpec, ...],
        operations: tuple[OperationSpec, ...],
    ) -> tuple[tuple[SchemaSpec, ...], tuple[EnumSpec, ...]]:
        """Return every schema and enumeration that fields or operations mention, at any depth."""
        found, records = self.found, self.found.records
        schemas: dict[str, SchemaSpec] = {}
        enums: dict[str, EnumSpec] = {}
        done = {model.key for model in models}
        pending = [ref for model in models for ref in model.types()]
        for operation in operations:
            pending.extend(ref for ref in (operation.inputs, operation.outputs) if ref)
        while pending:
            for ref in pending.pop().walk():
                cls = found.met.get(ref.name)
                if cls is None or ref.name in done:
                    continue
                done.add(ref.name)
                if found.classes.kind(cls) is Kind.ENUM:
                    enum = found.bounded(cls.module, cls.fact, partial(records.enum, cls))
                    if enum is not None:
                        enums[ref.name] = enum
                else:
                    read = partial(records.schema, cls, ref)
                    schema = found.bounded(cls.module, cls.fact, read)
                    if schema is not None:
                        schemas[ref.name] = schema
                        pending.extend(schema.types())
        return tuple(schemas.values()), tuple(enums.values())
