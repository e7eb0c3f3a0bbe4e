"""`explain`: each file that a compile would touch, beside what the user changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.changes.change import Risk
from pulpo_analysis.changes.compare import compare
from pulpo_analysis.changes.snapshot import SNAPSHOT_FILE, SnapshotError, read_snapshot, snapshot_of
from pulpo_analysis.kept_analysis import last_compiled
from pulpo_base.specs import SourceLocation
from pulpo_codegen.blast_radius import changed_files
from pulpo_codegen.explanation.difference import Difference
from pulpo_codegen.explanation.differences import differences
from pulpo_codegen.plan.reads import Fact
from pulpo_codegen.plan.table import TableTarget
from pulpo_codegen.write.plan import WritePlan

__all__ = ["Cause", "Explanation", "explain"]

#: What the reason of an action is where the content alone is another.
_BY_CONTENT = frozenset({"new", "content changed", "no longer generated"})
_RISKS = {risk.value: place for place, risk in enumerate(Risk)}


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that changed, and the files (relative to the generated tree) that show it.

    `where` is a name in the project (`Order.total`), empty where the cause is no part of it, and
    `what` what happened to it. `meets` says where people and programs meet it (`1 form field`),
    `risk` what `pulpo diff` thinks of it.
    """

    where: str
    what: str
    files: tuple[str, ...]
    location: SourceLocation | None = None
    meets: tuple[str, ...] = ()
    risk: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The causes, what the user changed first; a file may have several.

    `first` says that nothing has been generated before.
    """

    causes: tuple[Cause, ...]
    first: bool = False

    def of(self, path: str) -> tuple[Cause, ...]:
        """Return the causes of one file."""
        return tuple(cause for cause in self.causes if path in cause.files)


def explain(analysis: Analysis, plan: WritePlan, tables: Sequence[TableTarget]) -> Explanation:
    """Say why each file of a plan that is not kept would be touched.

    What counts as changed is what differs from the last compile of everything. Where that is not
    known here, the project's snapshot (`.pulpo/graph.json`) tells what it can; `tables` are the
    targets whose rows say which facts they show.
    """
    touched = (*plan.create, *plan.update, *plan.delete, *plan.refuse)
    if touched and len(touched) == len(plan.create) == len(plan.result.entries):
        every = tuple(action.path for action in plan.create)
        return Explanation((Cause("", "first compile", every),), first=True)
    causes = _traced(analysis, {action.path for action in touched}, tables)
    explained = {path for cause in causes for path in cause.files}
    others: defaultdict[str, list[str]] = defaultdict(list)
    for action in touched:
        if action.reason not in _BY_CONTENT:
            others[action.reason].append(action.path)
        elif action.path not in explained:
            others[_unexplained(analysis, causes)].append(action.path)
    rest = [Cause("", reason, tuple(sorted(paths))) for reason, paths in sorted(others.items())]
    return Explanation((*causes, *rest))


def _unexplained(analysis: Analysis, causes: Sequence[Cause]) -> str:
    if last_compiled(analysis.root) is None:
        return "other than when it was compiled, and what that was made of is not known here"
    if causes:
        return "from an extension or template that does not say which facts it shows"
    return "from another version of Pulpo, of an extension or of a template"


def _traced(
    analysis: Analysis, touched: set[str], tables: Sequence[TableTarget]
) -> tuple[Cause, ...]:
    before = last_compiled(analysis.root)
    if before is not None:
        found = differences(before, analysis)
        tracing = _Tracing(before, analysis, found, guessing=False)
    else:
        before = _from_snapshot(analysis)
        if before is None:
            return ()
        found = differences(before, analysis, plain=True)
        tracing = _Tracing(before, analysis, found, guessing=True)
    files: defaultdict[Difference, set[str]] = defaultdict(set)
    for path, facts in changed_files(before, analysis, tables).items():
        if path in touched:
            for one in tracing.reasons(facts):
                files[one].add(path)
    risks = _risks(before, analysis)
    causes = [
        Cause(
            one.where,
            one.what,
            tuple(sorted(paths)),
            one.location,
            one.meets,
            "" if one.moved else risks.get(one.where, ""),
        )
        for one, paths in files.items()
    ]
    order = {(one.where, one.what): place for place, one in enumerate(found)}
    causes.sort(key=lambda one: (order.get((one.where, one.what), len(order)), one.where))
    return tuple(_moves_together(causes))


def _from_snapshot(analysis: Analysis) -> Analysis | None:
    try:
        kept = read_snapshot((analysis.root / SNAPSHOT_FILE).read_bytes())
    except (OSError, SnapshotError):
        return None
    app = replace(kept.app, name=analysis.app.name, source_roots=analysis.app.source_roots)
    return replace(analysis, app=app, flows=kept.flows)


@dataclass(frozen=True, slots=True)
class _Tracing:
    """Finds the differences behind changed facts; with `guessing`, more facts differ than did."""

    before: Analysis
    after: Analysis
    found: Sequence[Difference]
    guessing: bool

    def reasons(self, facts: Iterable[Fact]) -> set[Difference]:
        """Return what changed the facts of one file."""
        reasons: set[Difference] = set()
        for about, facet in facts:
            mine = [one for one in self.found if one.about == about and one.shows_in(facet)]
            reasons.update(mine or ([] if self.guessing else self._derived(about, facet)))
        return reasons

    def _derived(self, about: str, facet: str) -> list[Difference]:
        """Return the differences of what a fact is worked out from, or one of its own."""
        near = self._neighbours(about, facet)
        found = [one for one in self.found if one.about in near and not one.moved]
        if found:
            return found
        kind, _, name = about.partition(" ")
        return [Difference(about, name or kind, f"changed its {facet}", None)]

    def _neighbours(self, about: str, facet: str) -> set[str]:
        kind, _, name = about.partition(" ")
        near = {about}
        for side in (self.before, self.after):
            flow = side.flow(name) if kind == "flow" else None
            for step in flow.steps if flow else ():
                near |= {f"operation {step.operation}", *_ends(side, step.operation)}
            model = side.app.model(name) if kind == "model" else None
            near |= {f"model {one.target}" for one in (model.relations if model else ())}
            if kind == "operation":
                near |= {*_ends(side, name), f"flow {name.partition('.')[0]}"}
            if facet == "has_runs":
                near |= {f"operation {one.name}" for one in side.app.operations}
            if facet == "has_flows":
                near |= {f"flow {one.name}" for one in side.flows}
        return near


def _ends(side: Analysis, operation: str) -> set[str]:
    """Return the subjects of the types that an operation takes and returns."""
    spec = side.app.operation(operation)
    ends = [end for end in (spec.inputs, spec.outputs) if end] if spec else []
    return {
        f"{kind} {ref.name}" for end in ends for ref in end.walk() for kind in ("schema", "enum")
    }


def _risks(before: Analysis, after: Analysis) -> Mapping[str, str]:
    """Return the worst that the changes of each name may do; what is safe is left out."""
    risks: dict[str, str] = {}
    for one in compare(snapshot_of(before), snapshot_of(after)):
        known = risks.get(one.where)
        if one.risk is not Risk.SAFE and (known is None or _RISKS[one.risk] < _RISKS[known]):
            risks[one.where] = one.risk.value
    return risks


def _moves_together(causes: Sequence[Cause]) -> Iterable[Cause]:
    """Yield the causes, with those that only moved as one cause a file."""
    moved: defaultdict[str, list[Cause]] = defaultdict(list)
    for cause in causes:
        if cause.what == "moved" and cause.location is not None:
            moved[cause.location.path].append(cause)
        else:
            yield cause
    for alike in moved.values():
        first, *others = alike
        files = tuple(sorted({path for cause in alike for path in cause.files}))
        names = first.where if not others else f"{first.where} and {len(others)} more"
        yield replace(first, where=names, what="moved", files=files)
