"""`Lookups`: what the names on a command line stand for, with suggestions for mistyped ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pulpo_cli.errors import UserError

if TYPE_CHECKING:
    from pulpo_analysis import Analysis
    from pulpo_base.flows.plan import FlowPlan
    from pulpo_base.specs import ModelSpec, OperationSpec

__all__ = ["Lookups"]


class Lookups:
    """The names of one project."""

    def __init__(self, root: Path) -> None:
        """Speak of the project in `root`, analysed when first asked for."""
        self.root = root

    @cached_property
    def analysis(self) -> Analysis:
        """What is true of the project."""
        from pulpo_analysis import analyse

        return analyse(self.root)

    def model(self, name: str) -> ModelSpec:
        """Return a model. Raises `UserError` with a suggestion for an unknown name."""
        found = self.analysis.app.model(name)
        if found is None:
            raise self._unknown("model", name, [m.name for m in self.analysis.app.models])
        return found

    def operation(self, name: str) -> OperationSpec:
        """Return an operation. Raises `UserError` with a suggestion for an unknown name."""
        found = self.analysis.app.operation(name)
        if found is None:
            raise self._unknown("operation", name, [o.name for o in self.analysis.app.operations])
        return found

    def flow(self, name: str) -> FlowPlan:
        """Return a flow. Raises `UserError` with a suggestion for an unknown name."""
        found = self.analysis.flow(name)
        if found is None:
            raise self._unknown("flow", name, [flow.name for flow in self.analysis.flows])
        return found

    def one_flow(self, selection: Sequence[str] | None) -> FlowPlan | None:
        """Return the flow that a selection means by its bare name; `None` for other selections.

        Raises `UserError` with a suggestion for an unknown name.
        """
        if not selection or len(selection) > 1 or not selection[0].isidentifier():
            return None
        return self.flow(selection[0])

    def named(self, name: str) -> ModelSpec | OperationSpec | FlowPlan:
        """Return the model, operation or flow of that name, in this order."""
        app = self.analysis.app
        found = app.model(name) or app.operation(name) or self.analysis.flow(name)
        if found is None:
            known = [
                *(model.name for model in app.models),
                *(operation.name for operation in app.operations),
                *(flow.name for flow in self.analysis.flows),
            ]
            raise self._unknown("model, operation or flow", name, known)
        return found

    def runnable(self, name: str) -> str:
        """Return the name of an operation or flow. Raises `UserError` for an unknown one."""
        app, flows = self.analysis.app, self.analysis.flows
        if app.operation(name) is None and self.analysis.flow(name) is None:
            known = [*(operation.name for operation in app.operations), *(f.name for f in flows)]
            raise self._unknown("operation or flow", name, known)
        return name

    def node(self, name: str) -> str:
        """Return the id of the model, operation or flow of that name, or of that very id.

        Raises `UserError` with a suggestion for an unknown one.
        """
        nodes = self.analysis.graph.nodes
        by_name = {node.name: node.id for node in sorted(nodes, key=lambda node: node.kind)}
        models = {node.name: node.id for node in nodes if node.kind == "model"}
        found = models.get(name) or by_name.get(name)
        if found is None and name not in {node.id for node in nodes}:
            raise self._unknown("model, operation or flow", name, list(by_name))
        return found or name

    def model_field(self, name: str) -> tuple[ModelSpec, str]:
        """Return the model, and the field's name or nothing, of `MODEL` or `MODEL.FIELD`."""
        whole = self.analysis.app.model(name)
        if whole is not None:
            return whole, ""
        owner, dot, field = name.rpartition(".")
        model = self.model(owner if dot else name)
        fields = [spec.name for spec in model.fields]
        if field not in fields:
            raise self._unknown(f"field of {model.name}", field, fields)
        return model, field

    @staticmethod
    def _unknown(what: str, name: str, known: Sequence[str]) -> UserError:
        from pulpo_analysis.diagnostics.suggestions import did_you_mean

        return UserError(f"there is no {what} {name!r}", did_you_mean(name, known))
