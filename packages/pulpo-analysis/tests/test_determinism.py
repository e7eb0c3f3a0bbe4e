"""The same project gives the same bytes, whatever the hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pulpo_analysis import AppSpec, analyse
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.serialisation import from_json, to_json

PROGRAM = """
import sys
from pathlib import Path

from pulpo_analysis import analyse
from pulpo_analysis.discovery.static import StaticDiscovery
from pulpo_analysis.graphs.dot import to_dot
from pulpo_analysis.graphs.mermaid import flow_diagram, models_diagram, system_diagram
from pulpo_analysis.graphs.node_link import to_node_link
from pulpo_base.serialisation import to_json

analysis = analyse(Path(sys.argv[1]), StaticDiscovery(cached=False))
sys.stdout.reconfigure(encoding="utf-8")
print(to_json(analysis.app, indent=2))
print(to_json(analysis.flows), analysis.diagnostics)
print(models_diagram(analysis.app), system_diagram(analysis.graph), to_dot(analysis.graph))
print(to_node_link(analysis.graph), *map(flow_diagram, analysis.flows))
"""


def _run(root: Path, seed: str) -> bytes:
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(root)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )
    return answer.stdout


def test_two_hash_seeds_give_the_same_bytes(with_bodies: Path) -> None:
    first = _run(with_bodies, "1")
    assert b"warehouse" in first
    assert b"services/store.py" in first
    assert first == _run(with_bodies, "2")


def test_an_example_survives_json_exactly(example: Path) -> None:
    analysis = analyse(example)
    text = to_json(analysis.app)
    assert from_json(AppSpec, text) == analysis.app
    assert to_json(from_json(AppSpec, text)) == text
    assert analysis.flows
    for plan in analysis.flows:
        assert from_json(FlowPlan, to_json(plan)) == plan


def test_no_user_code_and_no_heavy_library_is_imported(example: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from pulpo_analysis import analyse; "
        "from pulpo_analysis.discovery.static import StaticDiscovery; "
        f"analyse(Path({str(example)!r}), StaticDiscovery(cached=False)); "
        "heavy = {'beanie', 'fastapi', 'prefect', 'networkx', 'typer', 'models', 'operations'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert answer.stdout.strip() == "[]"
