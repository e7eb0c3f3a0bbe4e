"""The `pulpo` command as processes: output, JSON, exit codes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Pulpo = Callable[..., subprocess.CompletedProcess[str]]

COMMANDS = (
    "version",
    "status",
    "models",
    "operations",
    "inspect",
    "graph",
    "flows",
    "docs",
    "lint",
    "compile",
    "init",
    "new",
    "dev",
    "doctor",
    "config",
    "completion",
    "clean",
    "help",
    "explain",
    "api",
    "up",
    "down",
    "db",
    "prefect",
    "ui",
    "ops",
    "demo",
    "why",
    "impact",
    "path",
    "unused",
    "diff",
    "observed",
    "events",
)


def test_help_lists_every_command(pulpo: Pulpo, tmp_path: Path) -> None:
    done = pulpo("--help", cwd=tmp_path)

    assert done.returncode == 0
    listed = {line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")}
    assert set(COMMANDS) <= listed


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(pulpo: Pulpo, shop: Path, command: str) -> None:
    done = pulpo("help", command, cwd=shop)

    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("models",),
        ("operations",),
        ("flows",),
        ("flows", "orders"),
        ("flows", "show", "orders"),
        ("flows", "list"),
        ("inspect", "Order"),
        ("inspect", "orders.pay"),
        ("inspect", "orders"),
        ("graph",),
        ("lint",),
        ("lint", "rules"),
        ("status",),
        ("version",),
        ("compile", "--plan"),
        ("ops", "list"),
        ("ops", "show", "orders.pay"),
        ("config",),
        ("doctor",),
    ],
    ids=" ".join,
)
def test_json_is_json_and_nothing_else(
    pulpo: Pulpo, shop: Path, arguments: tuple[str, ...]
) -> None:
    done = pulpo(*arguments, "--json", cwd=shop)

    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout), list | dict)


def test_a_flow_is_shown_with_where_its_inputs_come_from_and_their_types(
    pulpo: Pulpo, shop: Path
) -> None:
    shown = pulpo("flows", "show", "orders", cwd=shop)

    assert shown.returncode == 0, shown.stderr
    # For other programs a step is a line, whatever it takes.
    (confirm,) = (line for line in shown.stdout.splitlines() if line.startswith("checkout.confirm"))
    assert "quote: Quote ← checkout.price; pieces: int ← checkout.reserve_stock.pieces" in confirm
    assert pulpo("flows", "orders", cwd=shop).stdout == shown.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("modles",), "Did you mean 'models'?"),
        (("inspect", "Ordr"), "did you mean 'Order'?"),
        (("flows", "order"), "did you mean 'orders'?"),
        (("flows", "show", "order"), "did you mean 'orders'?"),
        (("ops", "show", "orders.pya"), "did you mean 'orders.pay'?"),
        (("compile", "apo"), "did you mean 'api'?"),
        (("explain", "PLB0001"), "did you mean 'PLB001'?"),
        (("models", "--jsno"), "--json"),
        (("--project", "/nowhere", "models"), "is no folder"),
        (("graph", "--output", "/nowhere/graph.mmd"), "/nowhere/graph.mmd: No such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_mistakes_go_to_stderr_with_a_hint(
    pulpo: Pulpo, shop: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = pulpo(*arguments, cwd=shop)

    assert done.returncode == 1
    assert done.stdout == ""
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("form", ["mermaid", "dot", "json"])
def test_the_graph_in_each_form(pulpo: Pulpo, shop: Path, form: str) -> None:
    done = pulpo("graph", "--format", form, cwd=shop)

    assert done.returncode == 0
    assert "orders.checkout.price" in done.stdout
    start = {"mermaid": "flowchart", "dot": "digraph", "json": "{"}[form]
    assert done.stdout.startswith(start)


def test_the_models_as_an_entity_relationship_diagram(pulpo: Pulpo, shop: Path) -> None:
    done = pulpo("graph", "--view", "models", cwd=shop)

    assert done.stdout.startswith("erDiagram")


def test_explain_prints_the_page(pulpo: Pulpo, tmp_path: Path) -> None:
    done = pulpo("explain", "plb001", cwd=tmp_path)

    assert done.returncode == 0
    assert done.stdout.startswith("# PLB001: ambiguous binding")


def test_plan_and_check_tell_by_their_exit_code(own_shop: Path, pulpo: Pulpo) -> None:
    model = own_shop / "models" / "category.py"
    fresh = pulpo("compile", "--check", cwd=own_shop)
    model.write_text(model.read_text().replace("A shelf of the shop", "One shelf of the shop"))

    planned = pulpo("compile", "--plan", cwd=own_shop)
    checked = pulpo("compile", "--check", cwd=own_shop)

    assert (fresh.returncode, planned.returncode, checked.returncode) == (0, 2, 1)
    assert "run_cache/api/categories.py" in planned.stdout


def test_clean_removes_what_was_generated_and_nothing_else(own_shop: Path, pulpo: Pulpo) -> None:
    mine = own_shop / "run_cache" / "mine.txt"
    mine.write_text("keep me")

    cleaned = pulpo("clean", cwd=own_shop)

    assert cleaned.returncode == 0, cleaned.stderr
    assert mine.read_text() == "keep me"
    left = [p for p in (own_shop / "run_cache").rglob("*") if p.is_file()]
    assert left == [mine]


def test_services_through_the_project_command_line(own_shop: Path, pulpo: Pulpo) -> None:
    up = pulpo("up", "--no-prefect", "--no-ui", "--json", cwd=own_shop)
    try:
        assert up.returncode == 0, up.stderr
        shown = json.loads(up.stdout)
        assert {service["name"] for service in shown["services"]} == {"mongodb", "api"}
        assert shown["ui"] is None
        ran = pulpo("ops", "run", "reports.stock", "--input", "{}", "--json", cwd=own_shop)
        assert ran.returncode == 0, ran.stderr
        url = pulpo("db", "url", cwd=own_shop)
        assert url.stdout.startswith("mongodb://127.0.0.1:")
    finally:
        down = pulpo("down", cwd=own_shop)
    assert down.returncode == 0, down.stderr


def test_a_service_command_before_init_says_what_to_do(pulpo: Pulpo, tmp_path: Path) -> None:
    done = pulpo("up", cwd=tmp_path)

    assert done.returncode == 1
    assert "pulpo init" in done.stderr


@pytest.mark.parametrize("listing", ["models", "operations", "flows"])
def test_the_short_way_to_a_list_prints_what_typer_prints(
    pulpo: Pulpo, shop: Path, listing: str
) -> None:
    short = pulpo("--project", str(shop), listing, "--json", cwd=shop.parent)
    long = pulpo(f"--project={shop}", listing, "--json", cwd=shop.parent)

    assert short.returncode == long.returncode == 0
    assert short.stdout == long.stdout
    assert pulpo(listing, cwd=shop).stdout.splitlines()[0] == listing.capitalize()


def test_a_list_of_a_project_with_errors_says_so(
    make_project: Callable[..., Path], pulpo: Pulpo
) -> None:
    root = make_project({"models.py": "from pulpo_base import datamodel\n@datamodel(\n"})

    short, long = pulpo("models", cwd=root), pulpo(f"--project={root}", "models", cwd=root)

    assert (short.returncode, short.stdout, short.stderr) == (1, long.stdout, long.stderr)
    assert "PLD001" in short.stderr


def test_lint_compares_the_source_with_running_code_when_asked(
    pulpo: Pulpo, tmp_path: Path
) -> None:
    (tmp_path / "models.py").write_text(
        "from beanie import Document\nfrom pulpo_base import datamodel\n\n\n@datamodel\n"
        'class Note(Document):\n    """A note."""\n\n    text: str\n\n\n'
        'setattr(Note, "Settings", type("Settings", (), {"name": "notes"}))\n',
        encoding="utf-8",
    )

    plain = pulpo("lint", "--json", cwd=tmp_path)
    checked = pulpo("lint", "--cross-check", "--json", cwd=tmp_path)

    assert "PLD012" not in plain.stdout
    (found,) = (item for item in json.loads(checked.stdout) if item["code"] == "PLD012")
    assert found["message"] == (
        "collection of models.Note is 'Note' in the source and 'notes' in running code"
    )
    assert found["locations"] == [{"path": "models.py", "line": 6, "column": 1}]
    assert checked.returncode == 0, checked.stderr


def test_what_is_inferred_is_marked(pulpo: Pulpo, tmp_path: Path) -> None:
    (tmp_path / ".pulpo.yml").write_text("project:\n  name: marks\n")
    (tmp_path / "orders.py").write_text(
        "from beanie import Document\n"
        "from pulpo_base import datamodel, operation\n\n\n"
        "@datamodel\n"
        "class Order(Document):\n"
        "    total: int = 0\n\n\n"
        '@operation(name="orders.clear", models_out=[])\n'
        "async def clear() -> None:\n"
        "    if await Order.count():\n"
        '        raise LookupError("some are left")\n'
    )

    listed = pulpo("operations", cwd=tmp_path).stdout
    shown = pulpo("inspect", "orders.clear", cwd=tmp_path).stdout
    (plain,) = json.loads(pulpo("operations", "--json", cwd=tmp_path).stdout)
    graph = pulpo("graph", "--json", cwd=tmp_path).stdout

    assert "Order*" in listed
    assert "* not declared: inferred" in listed
    assert "Order*" in shown
    assert "LookupError" in shown
    assert plain["models_in"] == ["Order"]
    assert plain["inferred"] == ["models_in"]
    (edge,) = [link for link in json.loads(graph)["links"] if link["kind"] == "READS"]
    assert (edge["reason"], edge["location"]) == ("models_in (inferred)", "orders.py:12:14")


def test_a_model_is_shown_with_all_that_its_class_says(pulpo: Pulpo, tmp_path: Path) -> None:
    (tmp_path / ".pulpo.yml").write_text("project:\n  name: all\n")
    (tmp_path / "orders.py").write_text(
        "from datetime import datetime\n"
        "from beanie import Document, TimeSeriesConfig\n"
        "from pulpo_base import datamodel\n"
        "from pydantic import ConfigDict, computed_field\n\n\n"
        "@datamodel\n"
        "class Order(Document):\n"
        '    model_config = ConfigDict(extra="forbid")\n'
        "    at: datetime\n"
        "    total: int = sum([1, 2])\n\n"
        "    @computed_field\n"
        "    def double(self) -> int: return 2 * self.total\n\n"
        "    class Settings:\n"
        "        use_revision = True\n"
        '        indexes = [[("total", -1), "at"]]\n'
        '        timeseries = TimeSeriesConfig(time_field="at")\n'
    )

    shown = pulpo("inspect", "Order", cwd=tmp_path).stdout

    for words in (
        "time series     by at",
        "unknown fields  forbid",
        "revision        checked when saved",
        "indexes         total descending+at",
        "total   int                      (in the code)",
        "double  int                      (computed)",
    ):
        assert words in shown


def test_events_show_what_each_target_took(shop: Path, pulpo: Pulpo) -> None:
    told = json.loads(pulpo("events", "--json", "-n", "100", cwd=shop).stdout)
    done = {e["metadata"]["target"] for e in told if "target" in e["metadata"]}
    assert {"core", "api", "workflows", "cli", "deploy", "docs"} <= done
    assert all(e["duration_ms"] >= 0 for e in told if e["event_type"] == "CODEGEN_COMPLETE")
    (last,) = json.loads(pulpo("events", "--json", "-n", "1", cwd=shop).stdout)
    assert last == told[-1]
    assert "CODEGEN_COMPLETE" in pulpo("events", cwd=shop).stdout


def test_events_of_a_project_without_any(tmp_path: Path, pulpo: Pulpo) -> None:
    done = pulpo("events", cwd=tmp_path)
    assert done.returncode == 1
    assert "`pulpo compile` records one" in done.stderr
