"""`analyse`: the one way through phase 1."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.config.loading import LoadedConfig, load_config
from pulpo_analysis.garbage import collector_paused
from pulpo_analysis.kept import state_of
from pulpo_analysis.kept_analysis import KeptAnalysis

if TYPE_CHECKING:
    from pulpo_analysis.discovery.protocol import Discovery

__all__ = ["analyse"]


def analyse(root: Path, discovery: Discovery | None = None) -> Analysis:
    """Return what is true of the project in `root`.

    Nothing of the user's is imported unless the given `discovery` does so. A user's mistake is
    a diagnostic in the answer, never an exception. Raises `NotADirectoryError` where `root` is
    no folder.
    """
    if not root.is_dir():
        raise NotADirectoryError(f"{root} is no folder")
    root = root.resolve()
    with collector_paused():
        return _analysed(root, discovery)


def _analysed(root: Path, discovery: Discovery | None) -> Analysis:
    loaded = load_config(root)
    if discovery is not None:
        return _worked_out(root, loaded, discovery)
    # Before anything else is read: what changes meanwhile belongs to the next state.
    state = state_of(root, loaded)
    kept = KeptAnalysis(root, state)
    answer = kept.get()
    if answer is None:
        # Only here: an answer that is kept needs nothing of what would find it.
        from pulpo_analysis.discovery.static import StaticDiscovery

        answer = replace(_worked_out(root, loaded, StaticDiscovery()), state=state)
        kept.put(answer)
    return answer


def _worked_out(root: Path, loaded: LoadedConfig, discovery: Discovery) -> Analysis:
    from pulpo_analysis.dataflow.flows import decide_flows
    from pulpo_analysis.diagnostics.diagnostic import sort_diagnostics
    from pulpo_analysis.discovery.overrides import read_overrides
    from pulpo_analysis.graphs.build import build_graph
    from pulpo_analysis.registries.build import build_app
    from pulpo_analysis.validation.filtering import counting
    from pulpo_analysis.validation.lint import lint, nothing_found
    from pulpo_analysis.validation.overrides import known_overrides
    from pulpo_analysis.validation.rule import Project

    config = loaded.config
    discovered = discovery.discover(root, config.discovery)
    app, naming = build_app(config.project.name, discovered)
    graph = build_graph(app)
    flow = decide_flows(app, config.flows)
    overrides, unread = read_overrides(root)
    found = (
        *loaded.diagnostics,
        *discovered.diagnostics,
        *naming,
        *flow.diagnostics,
        *unread,
        *known_overrides(app, overrides),
        *nothing_found(discovered),
        *lint(Project(app, flow.plans, loaded, discovered.smells)),
    )
    return Analysis(
        root=root,
        config=config,
        app=app,
        graph=graph.with_edges(tuple(flow.edges)).with_flows(
            name for plan in flow.plans for name in (plan.name, *plan.subflows)
        ),
        flows=flow.plans,
        diagnostics=sort_diagnostics(counting(found, config.lint, discovered.ignores)),
        overrides=overrides,
    )
